/** The picture that one can walk in, as every view of a workflow has it: pointer, keys, what lies above and below. */
import { fill, h } from './dom';
import { draw, MARKS, restate, retell, type Drawn } from './drawing';
import { neighbour, reach, relations, type Direction, type Relations } from './graph';
import { Stage } from './stage';
import { Tooltip } from './tooltip';
import type { Box, Picture, PictureNode } from './types';
import type { Told } from './words';

const ARROWS: Record<string, Direction> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' };
// states of a node that a run has something to do for
const DUE = new Set(['compute', 'error']);
// beyond these many nodes what is above and below is marked for the chosen node alone, not for what is pointed at
const FEW = 400;

export const EMPTY: Picture = {
  format: 1,
  nodes: [],
  edges: [],
  layout: { width: 1, height: 1, nodes: {}, edges: [] },
  groups: [],
  plan: null,
  version: null
};

export interface SceneActions {
  /** What stands in a node's box. */
  tell(node: PictureNode): Told;
  zoomed(scale: number): void;
  /** A node was clicked, or the ground. */
  pick(name: string | null): void;
  /** Arrow keys led to a node. */
  walked(name: string): void;
  enter(name: string): void;
  doubled(name: string | null): void;
}

export class Scene {
  readonly element: HTMLElement;
  readonly stage: Stage;
  picture: Picture = EMPTY;
  drawn: Drawn | null = null;
  related: Relations = { parents: new Map(), children: new Map() };
  /** The one node that Tab reaches. */
  current: string | null = null;
  /** The node whose relations are marked while the pointer is on none. */
  picked: string | null = null;
  /** The node that the first look is at. */
  private attended: string | null = null;
  /** What a pointer went down on, until the click; null: the ground. */
  private pressed: string | null | undefined;
  /** The node whose relations are marked at the moment. */
  private marked: string | null = null;
  private readonly tooltip = new Tooltip();
  private readonly observer: ResizeObserver | null;

  constructor(private readonly actions: SceneActions) {
    const frame = h('div', { class: 'hx-frame-of-picture', role: 'group', 'aria-label': 'workflow' });
    this.stage = new Stage(frame, scale => actions.zoomed(scale));
    this.element = h('div', { class: 'hx-beside' }, frame, this.tooltip.element);
    frame.addEventListener('pointerdown', event => (this.pressed = this.at(event)));
    frame.addEventListener('click', event => this.clicked(event));
    frame.addEventListener('dblclick', event => actions.doubled(this.at(event)));
    frame.addEventListener('pointerover', event => this.over(event));
    frame.addEventListener('pointerleave', () => this.out());
    frame.addEventListener('focusin', event => this.focused(event));
    this.observer = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(() => this.stage.resized());
    this.observer?.observe(frame);
  }

  /** Draw another picture; true where other nodes are in it than before. Where the layout is the very same, boxes tell anew. */
  show(picture: Picture): boolean {
    if (this.drawn && picture.layout === this.picture.layout && picture.nodes.length === this.picture.nodes.length) {
      this.picture = picture;
      this.stage.attend(this.first());
      for (const node of picture.nodes) {
        const drawn = this.drawn.nodes.get(node.name);
        if (drawn) restate(drawn, node, this.actions.tell(node));
      }
      return false;
    }
    const anew = shapeOf(this.picture) !== shapeOf(picture);
    const focus = this.drawn?.svg.contains(document.activeElement) ?? false;
    this.picture = picture;
    this.related = relations(picture.nodes.map(node => node.name), picture.edges);
    this.drawn = draw(picture, node => this.actions.tell(node));
    const { width, height } = picture.layout;
    this.stage.show(this.drawn.svg, { width, height }, anew, this.first());
    if (!picture.nodes.length) fill(this.stage.frame, h('p', { class: 'hx-soft hx-nothing' }, 'No node is declared yet: put %%helix NAME on top of a cell.'));
    if (this.current === null || !this.drawn.nodes.has(this.current)) this.current = picture.nodes[0]?.name ?? null;
    this.rove(this.current);
    if (this.picked !== null && !this.has(this.picked)) this.picked = null;
    const { marked } = this;
    this.marked = null;
    this.highlight(marked !== null && this.has(marked) ? marked : this.picked);
    if (focus && this.current !== null) this.drawn.nodes.get(this.current)?.element.focus({ preventScroll: true });
    return anew;
  }

  /** The box that one looks at first: the first that the next run computes, or that was so; else the first of all. */
  private first(): Box | null {
    const { nodes, layout } = this.picture;
    const due = nodes.find(node => DUE.has(node.state ?? '')) ?? nodes.find(node => node.name === this.attended) ?? nodes[0];
    this.attended = due?.name ?? null;
    return due ? layout.nodes[due.name] : null;
  }

  has(name: string): boolean {
    return this.drawn?.nodes.has(name) ?? false;
  }

  node(name: string): PictureNode | undefined {
    return this.drawn?.nodes.get(name)?.node;
  }

  /** Let all boxes say what is so now, or one. */
  retell(name?: string): void {
    if (name === undefined) for (const drawn of this.drawn?.nodes.values() ?? []) retell(drawn, this.actions.tell(drawn.node));
    else {
      const drawn = this.drawn?.nodes.get(name);
      if (drawn) retell(drawn, this.actions.tell(drawn.node));
    }
  }

  /** Whether the picture, and not something beside it, has the focus. */
  holds(target: EventTarget | null): boolean {
    return this.drawn?.svg.contains(target as Node) ?? false;
  }

  /** Do what a key asks for; false where it means nothing here. */
  key(event: KeyboardEvent): boolean {
    if (event.key === '+' || event.key === '=') this.stage.zoom(1.25);
    else if (event.key === '-') this.stage.zoom(1 / 1.25);
    else if (event.key === '0') this.stage.fit();
    else if (!this.holds(event.target) || this.current === null) return false;
    else if (event.key in ARROWS) this.go(neighbour(this.current, ARROWS[event.key], this.picture.layout, this.related));
    else if (event.key === 'Home') this.go(this.picture.nodes[0].name);
    else if (event.key === 'End') this.go(this.picture.nodes[this.picture.nodes.length - 1].name);
    else if (event.key === 'Enter' || event.key === ' ') this.actions.enter(this.current);
    else return false;
    return true;
  }

  go(name: string | null): void {
    if (name === null) return;
    this.walk(name);
    this.actions.walked(name);
  }

  walk(name: string): void {
    this.rove(name);
    this.drawn?.nodes.get(name)?.element.focus({ preventScroll: true });
  }

  /** One node can be reached by Tab; arrows lead on from it. */
  rove(name: string | null): void {
    if (this.current !== null) this.drawn?.nodes.get(this.current)?.element.setAttribute('tabindex', '-1');
    this.current = name;
    if (name !== null) this.drawn?.nodes.get(name)?.element.setAttribute('tabindex', '0');
  }

  /** Bring a node into view. */
  reveal(name: string): void {
    const box = this.picture.layout.nodes[name];
    if (box) this.stage.reveal(box);
  }

  /** Mark a node as the chosen one, with what lies above and below; null: none. */
  pick(name: string | null): void {
    this.picked = name;
    this.tooltip.hide();
    this.highlight(name);
  }

  dispose(): void {
    this.observer?.disconnect();
  }

  private at(event: Event): string | null {
    const target = event.target instanceof Element ? event.target.closest('[data-node]') : null;
    if (!target) return null;
    for (const [name, drawn] of this.drawn?.nodes ?? []) if (drawn.element === target) return name;
    return null;
  }

  private clicked(event: Event): void {
    // another picture may have come between press and release, and nobody clicks what was not there to be pressed
    const { pressed } = this;
    this.pressed = undefined;
    // the second click of two is a double one's, and the picture may have moved since the first
    if (this.stage.dragged || (event as MouseEvent).detail > 1) return;
    const name = pressed === undefined ? this.at(event) : pressed;
    if (name !== null) {
      if (!this.has(name)) return;
      this.walk(name);
      this.reveal(name);
    }
    this.actions.pick(name);
  }

  private over(event: Event): void {
    const name = this.at(event);
    if (name === null) return this.out();
    this.hint(name);
    if (this.picture.nodes.length <= FEW && this.picked === null) this.highlight(name);
  }

  private out(): void {
    this.tooltip.hide();
    this.highlight(this.picked);
  }

  private focused(event: Event): void {
    const name = this.at(event);
    if (name === null) return;
    this.rove(name);
    // a box that moved away from under the pointer would not get the click
    if (!this.stage.held) this.reveal(name);
    if ((event.target as Element).matches(':focus-visible')) this.hint(name);
  }

  private hint(name: string): void {
    const node = this.node(name);
    const box = this.picture.layout.nodes[name];
    if (node && box) this.tooltip.show(node, this.actions.tell(node), this.stage.project(box[0], box[1] + box[3]), this.stage.frame.clientWidth);
  }

  private highlight(name: string | null): void {
    const svg = this.drawn?.svg;
    if (!svg || this.marked === name) return;
    this.marked = name;
    for (const marked of svg.querySelectorAll(MARKS.map(mark => `.${mark}`).join())) marked.classList.remove(...MARKS);
    svg.classList.toggle('hx-choosing', name !== null);
    if (name === null) return;
    const [up, down] = [reach(name, this.related.parents), reach(name, this.related.children)];
    this.drawn!.nodes.get(name)?.element.classList.add('hx-chosen');
    for (const one of up) this.drawn!.nodes.get(one)?.element.classList.add('hx-up');
    for (const one of down) this.drawn!.nodes.get(one)?.element.classList.add('hx-down');
    for (const { parent, child, element } of this.drawn!.edges) {
      if ((child === name || up.has(child)) && up.has(parent)) element.classList.add('hx-up');
      if ((parent === name || down.has(parent)) && down.has(child)) element.classList.add('hx-down');
    }
  }
}

/** What is in a picture, whatever its states: another shape is looked at anew. */
function shapeOf(picture: Picture): string {
  return picture.nodes.map(node => node.name).join('\n');
}
