/** All that the sidebar shows of one notebook: composes the parts, over one link. */
import { DagView } from '../../views/dag';
import { fill, h } from '../../views/dom';
import type { RunMessage } from '../../views/types';
import type { Drafts } from '../drafts/drafts';
import { called, editsOf, waiting, withoutCell } from '../drafts/edits';
import { asTyped } from '../drafts/typed';
import type { Link } from '../link';
import type { PanelDocument } from '../wire';
import { Head } from './head';
import { Notice } from './notice';
import { StoreMeter } from './store';
import { VersionList } from './versions';
import type { Words } from './words';

/** What the sidebar asks its application for, which says itself where it fails. */
export interface Deeds {
  /** Whether a run declares first what was edited. */
  readonly declaresEdited: boolean;
  run(): void;
  stop(): void;
  load(): Promise<void>;
  /** Take nodes out of the workflow. */
  drop(nodes: string[]): void;
  compare(before: number, after: number): void;
  checkout(version: number): void;
  browse(): void;
  /** Go to the cell of a node. */
  visit(node: string): void;
  /** What would be, were this or that otherwise. */
  explore(): void;
  /** Where a file beside the notebook is opened. */
  link(path: string): string | null;
}

/** As much of what is known of the cells as they stand as is needed. */
export type Cells = Pick<Drafts, 'changed' | 'rows' | 'nodes' | 'cells'>;

export class Workbench {
  readonly element: HTMLElement;
  private readonly words: Words;
  /** As it came, and as it is shown. */
  private picture: PanelDocument['dag'] | null = null;
  private drawn: PanelDocument['dag'] | null = null;
  private readonly notice: Notice;
  private readonly head: Head;
  private readonly dag: DagView;
  private readonly store: StoreMeter;
  private readonly versions: VersionList;
  private readonly said = h('div', { class: 'helix-Said', role: 'alert' });
  private readonly body: HTMLElement;
  /** Whether somebody looks: what comes meanwhile is drawn when they do again. */
  private isAwake = false;
  private saying: readonly string[] = [];
  private wasLoaded = false;
  /** A node to go to, once it is shown. */
  private wanted: string | null = null;

  constructor(
    private readonly link: Link,
    words: Words,
    private readonly deeds: Deeds,
    private readonly drafts: Cells
  ) {
    this.words = words;
    this.notice = new Notice(words, () => deeds.load());
    this.dag = new DagView({
      ask: (question, details) => link.ask(question, details),
      stop: () => link.stop(),
      visit: node => deeds.visit(node),
      link: path => deeds.link(path)
    });
    this.head = new Head(words, {
      run: () => deeds.run(),
      stop: () => deeds.stop(),
      plan: () => void this.look(),
      explore: () => deeds.explore(),
      reveal: node => this.reveal(node),
      drop: nodes => deeds.drop(nodes)
    });
    this.store = new StoreMeter(words);
    this.versions = new VersionList(words, deeds);
    this.said.hidden = true;
    this.body = h('div', { class: 'helix-Body' }, this.head.element, this.dag.element, this.store.element, this.versions.element);
    this.element = h('div', { class: 'hx helix-Workbench' }, this.said, this.notice.element, this.body);
    link.changed.connect(this.changed, this);
    link.heard.connect(this.heard, this);
    drafts.changed.connect(this.drafted, this);
  }

  /** Draw from now on, or not any more. */
  set awake(awake: boolean) {
    if (awake === this.isAwake) return;
    this.isAwake = awake;
    if (awake) this.changed(this.link, null);
  }

  /** Go to a node; to one that was declared just now when it is shown. */
  reveal(node: string): void {
    const { words } = this;
    this.wanted = node;
    // until it is declared there is nothing to go to
    if (!node) this.say(words.__('The cell declares no node as it stands: its badge says why.'));
    else if (this.drafts.nodes.get(node)?.declared === false && !this.isDeclared(node)) {
      this.say(words.__("'%1' is not declared yet: it is shown here once its cell, or the workflow, is run.", node));
    }
    this.goOn(this.link.document.dag);
  }

  /** Show what the next run would do. */
  plan(): void {
    this.head.toggle(true);
  }

  /** What holds no more is not said any more, if nothing else is said meanwhile. */
  unsay(line: string): void {
    if (this.saying.includes(line)) this.say();
  }

  /** Say something that one has to read; lines, or nothing any more. */
  say(...lines: string[]): void {
    this.saying = lines;
    this.said.hidden = !lines.length;
    const close = h('button', { class: 'helix-Link', type: 'button', 'aria-label': 'close' }, '×');
    close.addEventListener('click', () => this.say());
    fill(this.said, h('div', {}, ...lines.map(line => h('p', {}, line))), close);
  }

  dispose(): void {
    this.link.changed.disconnect(this.changed, this);
    this.link.heard.disconnect(this.heard, this);
    this.drafts.changed.disconnect(this.drafted, this);
    this.dag.dispose();
    this.element.remove();
  }

  private isDeclared(node: string): boolean {
    return Boolean(this.link.document.dag?.nodes.some(one => one.name === node || one.members.includes(node)));
  }

  private goOn(dag: PanelDocument['dag'] | undefined): void {
    const { wanted } = this;
    if (wanted === null || !dag?.nodes.some(node => node.name === wanted || node.members.includes(wanted))) return;
    this.wanted = null;
    this.dag.reveal(wanted);
  }

  private async look(): Promise<void> {
    const shut = this.link.document.dag?.groups.filter(group => group.collapsed).map(group => group.name) ?? [];
    try {
      this.changed(this.link, { dag: await this.link.ask<PanelDocument['dag']>('picture', { collapsed: shut }) });
    } catch (problem) {
      this.say(problem instanceof Error ? problem.message : String(problem));
    }
  }

  /** Of a state (null) all is shown anew; else the parts that came. */
  private changed(link: Link, parts: Partial<PanelDocument> | null): void {
    const isLoaded = link.state === 'loaded';
    // what was said is of a kernel that has gone
    if (this.wasLoaded && !isLoaded) this.say();
    this.wasLoaded = isLoaded;
    if (!isLoaded) this.dag.forget();
    if (!this.isAwake) return;
    this.body.hidden = !isLoaded;
    this.notice.element.hidden = isLoaded;
    if (!isLoaded) return this.notice.show(link.state, link.told);
    const { dag, store, versions } = parts ?? link.document;
    if (dag) {
      this.picture = dag;
      this.draw();
      this.goOn(dag);
    }
    if (store) this.store.show(store);
    if (versions) this.versions.show(versions);
    this.dag.element.hidden = !this.nodes;
    this.store.element.hidden = !link.document.store;
    this.versions.element.hidden = !link.document.versions?.total;
    this.tell(dag);
  }

  private heard(_: Link, message: RunMessage): void {
    this.dag.hear(message);
    if (message.event !== 'changes') this.tell();
  }

  private drafted(): void {
    if (!this.isAwake || this.link.state !== 'loaded') return;
    this.drawTyped();
    this.tell();
  }

  /** The picture as it is declared, or as a run would find the cells. */
  private draw(): void {
    if (!this.picture) return;
    this.drawn = this.standing(this.picture);
    this.dag.show(this.drawn);
  }

  /** The same where it says something else than before: a key that is pressed changes little. */
  private drawTyped(): void {
    const { picture, drawn } = this;
    if (!picture || this.link.isRunning) return;
    if (JSON.stringify(this.standing(picture).nodes) !== JSON.stringify(drawn?.nodes)) this.draw();
  }

  private standing(picture: PanelDocument['dag']): PanelDocument['dag'] {
    const { drafts, link, deeds } = this;
    const { edited, broken } = editsOf(drafts);
    const takesEdits = deeds.declaresEdited && edited.length + broken.length > 0;
    if (link.isRunning) return picture;
    if (!takesEdits) return asTyped(picture, waiting(drafts.nodes), new Map());
    const problems = broken.map(({ node, problem }): [string, string] => [node, problem]);
    return asTyped(picture, drafts.nodes, new Map(problems));
  }

  private tell(dag = this.link.document.dag): void {
    const { link, drafts } = this;
    const { edited, broken } = editsOf(drafts);
    const declared = link.document.cells ?? {};
    const gone = withoutCell(declared, drafts.cells(), drafts);
    const areNew = edited.every(row => declared[row.cell] === undefined);
    const blocker = broken.length ? called(broken[0], drafts.cells()) : '';
    const standing = { edited, broken, blocker, gone, areNew, waiting: waiting(drafts.nodes).size, rows: [...drafts.nodes.values()], declares: this.deeds.declaresEdited };
    this.head.show(dag ?? null, link.isRunning, link.isWaiting, standing);
  }

  private get nodes(): number {
    return this.link.document.dag?.nodes.length ?? 0;
  }
}
