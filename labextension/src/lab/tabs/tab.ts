/** A tab beside a notebook: a view over the notebook's link, which waits, says why, and comes back with its kernel. */
import { MainAreaWidget } from '@jupyterlab/apputils';
import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { Widget } from '@lumino/widgets';
import { button } from '../../views/buttons';
import { fill, h } from '../../views/dom';
import { linkBeside } from '../../views/files';
import type { Host } from '../../views/host';
import { styled } from '../../views/style';
import type { RunMessage } from '../../views/types';
import type { Link } from '../link';
import { Merged } from '../merge/merged';
import { Notice } from '../sidebar/notice';
import type { Words } from '../sidebar/words';
import type { PanelDocument } from '../wire';
import { titleOf, type TabArguments } from './kinds';
import type { Shown } from './shown';

export interface TabActions {
  /** Load the extension into the notebook's kernel. */
  load(panel: NotebookPanel): Promise<void>;
  /** Open the notebook that a restored tab is of; rejects where it cannot be. */
  open(path: string): Promise<unknown>;
  /** The tab shows something else: its arguments are to be saved. */
  moved(tab: Tab): void;
}

export class Tab extends MainAreaWidget<Widget> {
  panel: NotebookPanel | null = null;
  private link: Link | null = null;
  private shown: Shown | null = null;
  private readonly body = h('div', { class: 'helix-Tab-body' });
  private readonly merged: Merged;
  private readonly notice: Notice;
  private readonly said = h('p', { class: 'helix-Tab-said', role: 'alert', hidden: true });
  private readonly missing = h('div', { class: 'helix-Notice', hidden: true });
  /** What was asked for and has not come; a later question is worth more. */
  private turn = 0;
  private isStale = true;

  constructor(
    public readonly given: TabArguments,
    languages: IEditorLanguageRegistry | null,
    private readonly words: Words,
    private readonly actions: TabActions
  ) {
    super({ content: new Widget() });
    this.addClass('helix-TabArea');
    this.merged = new Merged(languages, words);
    this.notice = new Notice(words, () => (this.panel ? actions.load(this.panel) : Promise.resolve()));
    const { node } = this.content;
    node.className += ' helix-Tab hx';
    node.dataset.kind = given.kind;
    node.append(styled(), this.said, this.missing, this.notice.element, this.body);
    this.title.closable = true;
    this.named();
    this.tell();
  }

  /** Show what belongs to this notebook, from now on. */
  follow(panel: NotebookPanel, link: Link): void {
    this.panel = panel;
    this.link = link;
    link.changed.connect(this.changed, this);
    link.heard.connect(this.heard, this);
    panel.context.pathChanged.connect(this.renamed, this);
    panel.disposed.connect(() => this.dispose());
    this.missing.hidden = true;
    this.changed(link, null);
  }

  /** Say that its notebook is not open, and why it could not be opened. */
  miss(problem = ''): void {
    const { words, actions, given } = this;
    const opened = (): Promise<unknown> => actions.open(given.path).catch((found: unknown) => !this.isDisposed && this.miss(found instanceof Error ? found.message : String(found)));
    const says = problem ? words.__('%1 cannot be opened', given.path) : words.__('%1 is not open', given.path);
    const why = problem ? h('p', { role: 'alert' }, words.__('Was it moved, renamed or deleted? (%1)', problem)) : null;
    const close = button(words.__('Close'), words.__('Close this tab'), () => this.dispose());
    const open = button(problem ? words.__('Try again') : words.__('Open it'), given.path, () => void opened());
    open.classList.add('hx-primary');
    fill(this.missing, h('p', { class: 'helix-Notice-title' }, says), why, h('p', {}, open, ' ', close));
    this.missing.hidden = false;
    this.notice.element.hidden = true;
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.turn += 1;
    this.link?.changed.disconnect(this.changed, this);
    this.link?.heard.disconnect(this.heard, this);
    if (this.panel && !this.panel.isDisposed) this.panel.context.pathChanged.disconnect(this.renamed, this);
    this.shown?.view.dispose();
    this.merged.dispose();
    super.dispose();
  }

  protected override onAfterShow(): void {
    if (this.isStale) void this.load();
  }

  private get host(): Host {
    return {
      ask: async <Answer>(question: string, details?: Record<string, unknown>): Promise<Answer> => {
        if (!this.link) throw new Error(this.words.__('The notebook is not open.'));
        const answer = await this.link.ask<Answer>(question, details);
        // others were chosen in the tab itself
        if (question === 'diff' && this.given.kind === 'compare' && this.given.versions.length === 2) this.moved([Number(details?.a), Number(details?.b)]);
        return answer;
      },
      stop: async () => this.link?.stop(),
      link: path => linkBeside(this.given.path, path)
    };
  }

  private moved(versions: number[]): void {
    this.given.versions = versions;
    this.named();
    this.actions.moved(this);
  }

  private renamed(): void {
    this.given.path = this.panel!.context.path;
    this.named();
    this.actions.moved(this);
  }

  private named(): void {
    this.title.label = titleOf(this.given, this.words);
    this.title.caption = this.given.path;
  }

  /** Of a state (null) all is loaded anew; else where a part came that the view is of. */
  private changed(link: Link, parts: Partial<PanelDocument> | null): void {
    this.tell();
    const follows = this.shown?.follows ?? null;
    if (link.state === 'loaded' && (parts === null || (follows !== null && parts[follows] !== undefined))) void this.load();
  }

  private heard(_: Link, message: RunMessage): void {
    this.shown?.view.hear?.(message);
  }

  private tell(): void {
    const state = this.link?.state ?? 'looking';
    this.body.hidden = state !== 'loaded';
    this.notice.element.hidden = state === 'loaded' || !this.missing.hidden;
    this.notice.show(state, this.link?.told);
  }

  private async load(): Promise<void> {
    this.isStale = !this.isVisible;
    if (this.isStale || this.link?.state !== 'loaded') return;
    const turn = ++this.turn;
    let problem = '';
    try {
      const { show } = await import('./shown');
      if (this.isDisposed) return;
      if (!this.shown) {
        this.shown = show(this.given, this.host, rows => this.merged.ofRows(rows));
        fill(this.body, this.shown.view.element);
      }
      await this.shown.load();
    } catch (found) {
      problem = found instanceof Error ? found.message : String(found);
    }
    if (turn !== this.turn) return;
    fill(this.said, problem);
    this.said.hidden = !problem;
  }
}
