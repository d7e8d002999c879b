/** The workflow as a picture that one can walk in: composes all the parts, and holds what the user has chosen. */
import { fill, h } from './dom';
import { Finder } from './finder';
import type { Host } from './host';
import { groupBody, panelBody, panelHead } from './panel';
import { after, type Run } from './run';
import { RunBar } from './runbar';
import { EMPTY, Scene } from './scene';
import { styled } from './style';
import { line } from './text';
import { Toolbar } from './toolbar';
import type { Details, Group, Picture, PictureNode, RunMessage } from './types';
import { keepShortcutsOut, type View } from './view';
import { told, UNREACHED, type Mode, type Told } from './words';

const TICK = 250;
// milliseconds after which it is said that a kernel takes its time
const LATE = 1_000;
const LOWEST = 220;
const HIGHEST = 640;

export class DagView implements View {
  readonly element: HTMLElement;
  private picture: Picture = EMPTY;
  private run: Run | null = null;
  /** Whether the picture tells itself of the run that was over last. */
  private isSettled = true;
  /** The version that the run made, once its picture is there. */
  private made: Picture['version'] | undefined;
  private mode: Mode = 'next';
  private opened: string | null = null;
  private ticking: ReturnType<typeof setInterval> | undefined;
  private counting: number | undefined;
  private readonly scene: Scene;
  private readonly finder = new Finder(() => this.scene);
  private readonly toolbar: Toolbar;
  private readonly runbar: RunBar;
  private readonly panel = h('aside', { class: 'hx-panel', 'aria-label': 'details of a node', tabindex: -1 });
  private readonly main = h('div', { class: 'hx-main' });

  /** `whatIf` is called when the user likes to see what would be. */
  constructor(
    private readonly host: Host,
    whatIf: () => void = () => undefined
  ) {
    this.scene = new Scene({
      tell: node => this.tell(node),
      zoomed: scale => this.toolbar?.zoomed(scale),
      pick: name => (name === null ? this.close() : void this.choose(name)),
      walked: name => void (this.opened !== null && this.open(name)),
      enter: name => void this.choose(name).then(() => this.panel.focus()),
      doubled: name => this.doubled(name)
    });
    const toolbarActions = {
      mode: (mode: Mode) => this.setMode(mode),
      zoom: (factor: number) => this.scene.stage.zoom(factor),
      fit: () => this.scene.stage.fit(),
      refresh: () => this.ask(this.picture.groups.filter(group => group.collapsed).map(group => group.name)),
      toggle: (group: Group) => this.collapse(group.name, !group.collapsed),
      whatIf
    };
    this.toolbar = new Toolbar(toolbarActions, this.finder);
    this.runbar = new RunBar(() => host.stop());
    this.panel.hidden = true;
    const help = h('p', { class: 'hx-help hx-soft' }, 'Drag to move, Ctrl and wheel to zoom, arrow keys to walk, Enter for details, / to find.');
    this.main.append(this.scene.element, this.panel);
    this.element = h('div', { class: 'hx', 'data-view': 'dag' }, styled(), this.toolbar.element, this.runbar.element, this.main, help);
    this.element.addEventListener('keydown', event => this.key(event));
    keepShortcutsOut(this.element);
  }

  /** Draw another picture; what the user has chosen stays as far as it is still there. */
  show(picture: Picture): void {
    // without a run in between, others are what the next one would do after an edit
    if (this.mode === 'last' && picture.version === this.picture.version && statesOf(picture) !== statesOf(this.picture)) this.mode = 'next';
    this.settle(picture);
    this.picture = picture;
    this.isSettled = this.run?.status !== 'running';
    const { height } = picture.layout;
    if (this.scene.show(picture)) {
      this.main.style.height = `${Math.round(Math.min(Math.max(height + 24, LOWEST), HIGHEST))}px`;
      this.scene.stage.resized();
    }
    if (this.opened !== null) void (this.scene.has(this.opened) ? this.open(this.opened) : this.close());
    if (this.finder.field.value) this.finder.search(false);
    this.refresh();
  }

  /** Of a version that was checked out since, what was told of the run that is over is not told. */
  private settle({ version }: Picture): void {
    if (!this.run || this.run.status === 'running') return;
    if (this.made === undefined) {
      if (version !== this.picture.version) this.made = version;
      return;
    }
    if (version === this.made) return;
    this.run = null;
    this.mode = 'next';
  }

  /** A message about a run. */
  hear(message: RunMessage): void {
    const now = performance.now();
    const known = this.run !== null;
    this.run = after(this.run, message, now);
    this.isSettled = false;
    if (message.event === 'begin') {
      this.mode = 'next';
      this.made = undefined;
    }
    if (message.event === 'end') this.mode = 'last';
    const underway = this.run?.status === 'running';
    if (underway && this.ticking === undefined) this.ticking = setInterval(() => this.refresh(), TICK);
    if (!underway) this.rest();
    if (message.event !== 'changes' || !known) return this.refresh();
    for (const [name] of message.nodes) this.retell(name);
    // counts and the bar once for all messages before the next frame: a run of cheap nodes sends many
    this.counting ??= requestAnimationFrame(() => this.count());
  }

  /** What was told of a run is of a kernel that has gone. */
  forget(): void {
    this.run = null;
    this.isSettled = true;
    this.mode = 'next';
    this.rest();
    this.refresh();
  }

  /** Go to a node and open what is known of it. */
  reveal(name: string): void {
    const node = this.picture.nodes.find(one => one.name === name || one.members.includes(name));
    if (!node) return;
    this.scene.walk(node.name);
    void this.open(node.name);
  }

  /** Take all of it away. */
  dispose(): void {
    this.rest();
    if (this.counting !== undefined) cancelAnimationFrame(this.counting);
    this.scene.dispose();
    this.element.remove();
  }

  private rest(): void {
    clearInterval(this.ticking);
    this.ticking = undefined;
  }

  // what is told

  private tell(node: PictureNode, now = performance.now()): Told {
    const running = this.isRunShown && !this.isSettled ? this.run?.nodes : undefined;
    if (node.members.length && running) return inside(node, running, now);
    return told(node, this.mode, running?.get(node.name), now);
  }

  /** A run that is underway is what the next one does; once over, it is the last one. */
  private get isRunShown(): boolean {
    return this.run !== null && (this.run.status === 'running' ? this.mode === 'next' : this.mode === 'last');
  }

  private retell(name: string): void {
    const shown = this.scene.has(name) ? name : this.picture.nodes.find(node => node.members.includes(name))?.name;
    if (shown !== undefined) this.scene.retell(shown);
  }

  private refresh(): void {
    this.scene.retell();
    this.toolbar.show(this.picture, this.mode);
    this.count();
  }

  private count(): void {
    const now = performance.now();
    this.counting = undefined;
    this.toolbar.count(this.picture, this.picture.nodes.map(node => this.tell(node, now).state), this.mode);
    this.runbar.update(this.isRunShown || this.run?.status === 'running' ? this.run : null, now);
  }

  private setMode(mode: Mode): void {
    this.mode = mode;
    this.refresh();
    if (this.opened !== null) void this.open(this.opened);
  }

  // pointer and keys

  private doubled(name: string | null): void {
    const node = this.scene.node(this.opened ?? name ?? '');
    if (node?.members.length) this.collapse(node.group ?? '', false);
    else if (this.opened === null && name === null) this.scene.stage.fit();
  }

  private key(event: KeyboardEvent): void {
    if (event.target instanceof HTMLInputElement) return event.stopPropagation();
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (this.act(event)) event.preventDefault();
    // Tab is the page's; what else is pressed in here is meant for here
    if (event.key !== 'Tab') event.stopPropagation();
  }

  /** Do what a key asks for; false where it means nothing here. */
  private act(event: KeyboardEvent): boolean {
    if (event.key === 'Escape') this.close();
    else if (event.key === '/') this.finder.field.focus();
    else return this.scene.key(event);
    return true;
  }

  // details

  private choose(name: string): Promise<void> {
    this.host.visit?.(name);
    return this.open(name);
  }

  private async open(name: string): Promise<void> {
    const node = this.scene.node(name);
    if (!node) return;
    const same = this.opened === name;
    this.opened = name;
    this.scene.pick(name);
    const actions = {
      close: () => this.close(),
      open: (other: string) => this.scene.go(other),
      expand: (group: string) => this.collapse(group, false)
    };
    const head = panelHead(node, this.tell(node), actions);
    this.unfold(true);
    if (node.members.length) return fill(this.panel, head, groupBody(node, actions));
    const waiting = h('p', { class: 'hx-soft hx-waiting', role: 'status' }, 'Asking the kernel…');
    if (!same) fill(this.panel, head, waiting);
    const late = setTimeout(() => fill(waiting, 'The kernel is busy, or gone: it answers as soon as it can.'), LATE);
    try {
      const details = await this.host.ask<Details>('details', { node: name });
      if (this.opened !== name) return;
      const { parents, children } = this.scene.related;
      const scrolled = this.panel.scrollTop;
      fill(this.panel, head, panelBody(details, parents.get(name) ?? [], children.get(name) ?? [], actions));
      this.panel.scrollTop = same ? scrolled : 0;
    } catch (problem) {
      if (this.opened !== name) return;
      fill(this.panel, head, h('p', { class: 'hx-soft', role: 'alert' }, line(problem instanceof Error ? problem.message : problem, 400)));
    } finally {
      clearTimeout(late);
    }
  }

  private unfold(open: boolean): void {
    if (this.panel.hidden !== open) return;
    this.panel.hidden = !open;
    this.main.classList.toggle('hx-open', open);
    this.scene.stage.resized();
    if (open && this.opened !== null) this.scene.reveal(this.opened);
  }

  private close(): void {
    const focus = this.panel.contains(document.activeElement);
    this.opened = null;
    this.panel.replaceChildren();
    this.scene.pick(null);
    this.unfold(false);
    if (focus && this.scene.current !== null) this.scene.walk(this.scene.current);
  }

  // groups

  private collapse(group: string, collapsed: boolean): void {
    const shut = this.picture.groups.filter(one => (one.name === group ? collapsed : one.collapsed));
    this.ask(shut.map(one => one.name));
  }

  private ask(collapsed: string[]): void {
    this.host.ask<Picture>('picture', { collapsed }).then(
      picture => this.show(picture),
      (problem: unknown) => this.finder.say(problem instanceof Error ? problem.message : String(problem))
    );
  }
}

function statesOf(picture: Picture): string {
  return picture.nodes.map(node => node.state).join('\n');
}

/** A collapsed group tells of the most urgent of what is inside. */
function inside(group: PictureNode, run: Run['nodes'], now: number): Told {
  const phases = group.members.map(name => run.get(name)).filter(one => one !== undefined);
  for (const phase of ['failed', 'interrupted', 'running', 'queued', 'done', 'loaded'] as const) {
    const found = phases.filter(one => one.phase === phase);
    if (found.length) {
      const elapsed = phase === 'running' ? ` ${Math.round((now - found[0].since) / 1000)} s` : '';
      return { state: phase, words: `${found.length} ${phase}${elapsed}`, reason: '' };
    }
  }
  const unreached = phases.filter(one => one.unreached).length;
  return unreached ? { state: 'unreached', words: `${unreached} ${UNREACHED}`, reason: '' } : { state: 'left', words: 'pruned', reason: '' };
}
