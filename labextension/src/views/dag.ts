/** The workflow as a picture that one can walk in: composes all the parts, and holds what the user has chosen. */
import { fill, h } from './dom';
import { draw, retell, type Drawn } from './drawing';
import { neighbour, reach, relations, type Direction, type Relations } from './graph';
import type { Host } from './host';
import { groupBody, panelBody, panelHead } from './panel';
import { after, type Run } from './run';
import { RunBar } from './runbar';
import { Stage } from './stage';
import { STYLE } from './style';
import { line } from './text';
import { Toolbar } from './toolbar';
import { Tooltip } from './tooltip';
import type { Details, Picture, PictureNode, RunMessage } from './types';
import type { View } from './view';
import { told, type Mode, type Told } from './words';

const TICK = 250;
// milliseconds after which it is said that a kernel takes its time
const LATE = 1_000;
const LOWEST = 220;
const HIGHEST = 640;
const ARROWS: Record<string, Direction> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' };
// beyond these many nodes what is above and below is marked for the chosen node alone, not for what is pointed at
const FEW = 400;

const EMPTY: Picture = {
  format: 1,
  nodes: [],
  edges: [],
  layout: { width: 1, height: 1, nodes: {}, edges: [] },
  groups: [],
  plan: null,
  version: null
};

export class DagView implements View {
  readonly element: HTMLElement;
  private picture: Picture = EMPTY;
  private drawn: Drawn | null = null;
  private related: Relations = { parents: new Map(), children: new Map() };
  private run: Run | null = null;
  /** Whether the picture tells itself of the run that was over last. */
  private isSettled = true;
  private mode: Mode = 'next';
  private current: string | null = null;
  private opened: string | null = null;
  private matches: string[] = [];
  private matched = 0;
  private ticking: ReturnType<typeof setInterval> | undefined;
  private readonly stage: Stage;
  private readonly toolbar: Toolbar;
  private readonly runbar: RunBar;
  private readonly tooltip = new Tooltip();
  private readonly panel = h('aside', { class: 'hx-panel', 'aria-label': 'details of a node', tabindex: -1 });
  private readonly main = h('div', { class: 'hx-main' });
  private readonly observer: ResizeObserver | null;

  constructor(private readonly host: Host) {
    const frame = h('div', { class: 'hx-frame-of-picture', role: 'group', 'aria-label': 'workflow' });
    this.toolbar = new Toolbar({
      search: text => this.search(text),
      found: forward => this.step(forward ? 1 : -1),
      mode: mode => this.setMode(mode),
      zoom: factor => this.stage.zoom(factor),
      fit: () => this.stage.fit(),
      refresh: () => this.ask(this.picture.groups.filter(group => group.collapsed).map(group => group.name)),
      toggle: group => this.collapse(group.name, !group.collapsed)
    });
    this.stage = new Stage(frame, scale => this.toolbar.zoomed(scale));
    this.runbar = new RunBar(() => host.stop());
    this.panel.hidden = true;
    const help = h('p', { class: 'hx-help hx-soft' }, 'Drag to move, Ctrl and wheel to zoom, arrow keys to walk, Enter for details, / to find.');
    const picture = h('div', { class: 'hx-beside' }, frame, this.tooltip.element);
    this.main.append(picture, this.panel);
    this.element = h(
      'div',
      { class: 'hx', 'data-view': 'dag' },
      h('style', {}),
      this.toolbar.element,
      this.runbar.element,
      this.main,
      help
    );
    this.element.firstElementChild!.textContent = STYLE;
    this.element.addEventListener('keydown', event => this.key(event));
    // Shortcuts of the notebook (Enter edits the cell, arrows walk through cells) stay out. Lumino looks for this mark from
    // the focused element upwards, and takes a shortcut whose selector fits before it comes to one: so it is put there.
    this.element.addEventListener('focusin', event => (event.target as Element).setAttribute('data-lm-suppress-shortcuts', 'true'));
    frame.addEventListener('click', event => this.clicked(event));
    frame.addEventListener('dblclick', event => this.doubled(event));
    frame.addEventListener('pointerover', event => this.over(event));
    frame.addEventListener('pointerleave', () => this.out());
    frame.addEventListener('focusin', event => this.focused(event));
    this.observer = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(() => this.stage.resized());
    this.observer?.observe(frame);
  }

  /** Draw another picture; what the user has chosen stays as far as it is still there. */
  show(picture: Picture): void {
    const anew = shapeOf(this.picture) !== shapeOf(picture);
    const focus = this.drawn?.svg.contains(document.activeElement) ?? false;
    this.picture = picture;
    this.isSettled = this.run?.status !== 'running';
    this.related = relations(picture.nodes.map(node => node.name), picture.edges);
    this.drawn = draw(picture, node => this.tell(node));
    const { width, height } = picture.layout;
    if (anew) this.main.style.height = `${Math.round(Math.min(Math.max(height + 24, LOWEST), HIGHEST))}px`;
    this.stage.show(this.drawn.svg, { width, height }, anew);
    if (!picture.nodes.length) fill(this.stage.frame, h('p', { class: 'hx-soft hx-nothing' }, 'No node is declared yet: put %%helix NAME on top of a cell.'));
    if (this.current === null || !this.drawn.nodes.has(this.current)) this.current = picture.nodes[0]?.name ?? null;
    this.rove(this.current);
    if (focus && this.current !== null) this.drawn.nodes.get(this.current)?.element.focus({ preventScroll: true });
    if (this.opened !== null) void (this.drawn.nodes.has(this.opened) ? this.open(this.opened) : this.close());
    if (this.toolbar.search.value) this.search(this.toolbar.search.value, false);
    this.refresh();
  }

  /** A message about a run. */
  hear(message: RunMessage): void {
    const now = performance.now();
    const known = this.run !== null;
    this.run = after(this.run, message, now);
    this.isSettled = false;
    if (message.event === 'begin') this.mode = 'next';
    if (message.event === 'end') this.mode = 'last';
    const underway = this.run?.status === 'running';
    if (underway && this.ticking === undefined) this.ticking = setInterval(() => this.refresh(), TICK);
    if (!underway) this.rest();
    // counts and the bar follow with the next tick: a run of cheap nodes sends many messages
    if (message.event === 'changes' && known) for (const [name] of message.nodes) this.retell(name, now);
    else this.refresh();
  }

  /** Take all of it away. */
  dispose(): void {
    this.rest();
    this.observer?.disconnect();
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

  private retell(name: string, now: number): void {
    const drawn = this.drawn?.nodes.get(name);
    if (drawn) retell(drawn, this.tell(drawn.node, now));
    else {
      const group = this.picture.nodes.find(node => node.members.includes(name));
      const box = group && this.drawn?.nodes.get(group.name);
      if (box) retell(box, this.tell(box.node, now));
    }
  }

  private refresh(): void {
    const now = performance.now();
    for (const drawn of this.drawn?.nodes.values() ?? []) retell(drawn, this.tell(drawn.node, now));
    this.summary(now);
  }

  private summary(now: number): void {
    const states = this.picture.nodes.map(node => this.tell(node, now).state);
    this.toolbar.show(this.picture, states, this.mode);
    this.runbar.update(this.isRunShown || this.run?.status === 'running' ? this.run : null, now);
  }

  private setMode(mode: Mode): void {
    this.mode = mode;
    this.refresh();
    if (this.opened !== null) void this.open(this.opened);
  }

  // pointer and keys

  private at(event: Event): string | null {
    const target = event.target instanceof Element ? event.target.closest('[data-node]') : null;
    if (!target) return null;
    for (const [name, drawn] of this.drawn?.nodes ?? []) if (drawn.element === target) return name;
    return null;
  }

  private clicked(event: Event): void {
    // the second click of two is a double one's, and the picture may have moved since the first
    if (this.stage.dragged || (event as MouseEvent).detail > 1) return;
    const name = this.at(event);
    if (name === null) return this.close();
    this.walk(name);
    return void this.open(name);
  }

  private doubled(event: Event): void {
    const name = this.opened ?? this.at(event);
    const node = name === null ? null : this.drawn?.nodes.get(name)?.node;
    if (node?.members.length) this.collapse(node.group ?? '', false);
    else if (name === null) this.stage.fit();
  }

  private over(event: Event): void {
    const name = this.at(event);
    if (name === null) return this.out();
    this.hint(name);
    if (this.picture.nodes.length <= FEW && this.opened === null) this.highlight(name);
  }

  private out(): void {
    this.tooltip.hide();
    this.highlight(this.opened);
  }

  private focused(event: Event): void {
    const name = this.at(event);
    if (name === null) return;
    this.rove(name);
    this.stage.reveal(this.picture.layout.nodes[name]);
    if ((event.target as Element).matches(':focus-visible')) this.hint(name);
  }

  private hint(name: string): void {
    const node = this.drawn?.nodes.get(name)?.node;
    const box = this.picture.layout.nodes[name];
    if (node && box) this.tooltip.show(node, this.tell(node), this.stage.project(box[0], box[1] + box[3]), this.stage.frame.clientWidth);
  }

  private key(event: KeyboardEvent): void {
    if (event.target instanceof HTMLInputElement) {
      if (event.key === 'Escape') this.leaveSearch();
      event.stopPropagation();
      return;
    }
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (this.act(event)) event.preventDefault();
    // Tab is the page's; what else is pressed in here is meant for here
    if (event.key !== 'Tab') event.stopPropagation();
  }

  /** Do what a key asks for; false where it means nothing here. */
  private act(event: KeyboardEvent): boolean {
    const inPicture = this.drawn?.svg.contains(event.target as Node) ?? false;
    if (event.key === 'Escape') this.close();
    else if (event.key === '/') this.toolbar.search.focus();
    else if (event.key === '+' || event.key === '=') this.stage.zoom(1.25);
    else if (event.key === '-') this.stage.zoom(1 / 1.25);
    else if (event.key === '0') this.stage.fit();
    else if (!inPicture || this.current === null) return false;
    else if (event.key in ARROWS) this.go(neighbour(this.current, ARROWS[event.key], this.picture.layout, this.related));
    else if (event.key === 'Home') this.go(this.picture.nodes[0].name);
    else if (event.key === 'End') this.go(this.picture.nodes[this.picture.nodes.length - 1].name);
    else if (event.key === 'Enter' || event.key === ' ') void this.open(this.current).then(() => this.panel.focus());
    else return false;
    return true;
  }

  private go(name: string | null): void {
    if (name === null) return;
    this.walk(name);
    if (this.opened !== null) void this.open(name);
  }

  private walk(name: string): void {
    this.rove(name);
    this.drawn?.nodes.get(name)?.element.focus({ preventScroll: true });
  }

  /** One node can be reached by Tab; arrows lead on from it. */
  private rove(name: string | null): void {
    if (this.current !== null) this.drawn?.nodes.get(this.current)?.element.setAttribute('tabindex', '-1');
    this.current = name;
    if (name !== null) this.drawn?.nodes.get(name)?.element.setAttribute('tabindex', '0');
  }

  // what is above and below

  private highlight(name: string | null): void {
    const svg = this.drawn?.svg;
    if (!svg || svg.dataset.marked === (name ?? undefined)) return;
    for (const marked of svg.querySelectorAll('.hx-up, .hx-down, .hx-chosen')) marked.classList.remove('hx-up', 'hx-down', 'hx-chosen');
    svg.classList.toggle('hx-choosing', name !== null);
    if (name === null) {
      delete svg.dataset.marked;
      return;
    }
    svg.dataset.marked = name;
    const [up, down] = [reach(name, this.related.parents), reach(name, this.related.children)];
    this.drawn!.nodes.get(name)?.element.classList.add('hx-chosen');
    for (const one of up) this.drawn!.nodes.get(one)?.element.classList.add('hx-up');
    for (const one of down) this.drawn!.nodes.get(one)?.element.classList.add('hx-down');
    for (const { parent, child, element } of this.drawn!.edges) {
      if ((child === name || up.has(child)) && up.has(parent)) element.classList.add('hx-up');
      if ((parent === name || down.has(parent)) && down.has(child)) element.classList.add('hx-down');
    }
  }

  // details

  private async open(name: string): Promise<void> {
    const node = this.drawn?.nodes.get(name)?.node;
    if (!node) return;
    const same = this.opened === name;
    this.opened = name;
    this.tooltip.hide();
    this.highlight(name);
    const actions = {
      close: () => this.close(),
      open: (other: string) => this.go(other),
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
      const { parents, children } = this.related;
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
    this.stage.resized();
    if (open && this.opened !== null) this.stage.reveal(this.picture.layout.nodes[this.opened]);
  }

  private close(): void {
    const focus = this.panel.contains(document.activeElement);
    this.opened = null;
    this.panel.replaceChildren();
    this.highlight(null);
    this.tooltip.hide();
    this.unfold(false);
    if (focus && this.current !== null) this.walk(this.current);
  }

  // groups

  private collapse(group: string, collapsed: boolean): void {
    const shut = this.picture.groups.filter(one => (one.name === group ? collapsed : one.collapsed));
    this.ask(shut.map(one => one.name));
  }

  private ask(collapsed: string[]): void {
    this.host.ask<Picture>('picture', { collapsed }).then(
      picture => this.show(picture),
      (problem: unknown) => this.toolbar.say(problem instanceof Error ? problem.message : String(problem))
    );
  }

  // search

  private search(text: string, move = true): void {
    const wanted = text.trim().toLowerCase();
    this.matches = wanted
      ? this.picture.nodes
          .filter(node => [node.name, ...node.outputs, ...node.members].some(one => one.toLowerCase().includes(wanted)))
          .map(node => node.name)
      : [];
    this.matched = 0;
    const found = new Set(this.matches);
    this.drawn?.svg.classList.toggle('hx-searching', Boolean(wanted));
    for (const [name, drawn] of this.drawn?.nodes ?? []) drawn.element.classList.toggle('hx-found', found.has(name));
    this.toolbar.matched(wanted ? this.matches.length : null, 0);
    if (move && this.matches.length) this.step(0);
  }

  private step(by: number): void {
    if (!this.matches.length) return;
    this.matched = (this.matched + by + this.matches.length) % this.matches.length;
    const name = this.matches[this.matched];
    this.toolbar.matched(this.matches.length, this.matched);
    this.rove(name);
    this.stage.centre(this.picture.layout.nodes[name]);
  }

  private leaveSearch(): void {
    this.toolbar.search.value = '';
    this.search('');
    if (this.current !== null) this.walk(this.current);
  }
}

/** What is in a picture, whatever its states: another shape is looked at anew. */
function shapeOf(picture: Picture): string {
  return picture.nodes.map(node => node.name).join('\n');
}

/** A collapsed group tells of the most urgent of what is inside. */
function inside(group: PictureNode, run: Run['nodes'], now: number): Told {
  const phases = group.members.map(name => run.get(name)).filter(one => one !== undefined);
  for (const phase of ['failed', 'running', 'queued', 'done', 'loaded'] as const) {
    const found = phases.filter(one => one.phase === phase);
    if (found.length) {
      const elapsed = phase === 'running' ? ` ${Math.round((now - found[0].since) / 1000)} s` : '';
      return { state: phase, words: `${found.length} ${phase}${elapsed}`, reason: '' };
    }
  }
  return { state: 'left', words: 'not needed', reason: '' };
}
