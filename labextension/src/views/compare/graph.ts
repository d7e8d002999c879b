/** Both workflows as one picture: what was added, removed, edited, and what that reaches. */
import { h } from '../dom';
import { draw, type Drawn } from '../drawing';
import { neighbour, relations, type Direction, type Relations } from '../graph';
import { Stage } from '../stage';
import { plural } from '../text';
import { Tooltip } from '../tooltip';
import type { Picture, PictureNode } from '../types';
import type { Told } from '../words';
import { button, part, type Part } from './parts';

const LOWEST = 90;
const HIGHEST = 400;
const ARROWS: Record<string, Direction> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' };

export class DiffGraph {
  readonly part: Part;
  private readonly drawn: Drawn;
  private readonly related: Relations;
  private readonly stage: Stage;
  private readonly tooltip = new Tooltip();
  private readonly observer: ResizeObserver | null;
  private current: string;

  /** `open` leads to what is told of a node. */
  constructor(
    private readonly picture: Picture,
    private readonly open: (node: string) => void
  ) {
    const frame = h('div', { class: 'hx-frame-of-picture', role: 'group', 'aria-label': 'both workflows' });
    this.stage = new Stage(frame, () => undefined);
    // sizes are told with time and size, before and after
    const nodes = picture.nodes.map(node => ({ ...node, bytes: null }));
    this.drawn = draw({ ...picture, nodes }, tell);
    even(this.drawn);
    this.related = relations(picture.nodes.map(node => node.name), picture.edges);
    this.current = picture.nodes[0].name;
    this.drawn.nodes.get(this.current)!.element.setAttribute('tabindex', '0');
    const zoom = h(
      'div',
      { class: 'hxd-zoom hx-joined', role: 'group', 'aria-label': 'zoom' },
      button('−', 'Zoom out (−)', () => this.stage.zoom(1 / 1.25)),
      button('+', 'Zoom in (+, Ctrl and wheel)', () => this.stage.zoom(1.25)),
      button('Fit', 'Show all of it (0)', () => this.stage.fit())
    );
    zoom.querySelectorAll('button').forEach(one => one.setAttribute('aria-label', one.title));
    const height = Math.round(Math.min(Math.max(picture.layout.height + 24, LOWEST), HIGHEST));
    const around = h('div', { class: 'hxd-graph', style: `height:${height}px` }, frame, this.tooltip.element, zoom);
    this.part = part('Graph', null, around);
    this.part.element.setAttribute('aria-label', `Graph of ${plural(picture.nodes.length, 'node')}`);
    frame.addEventListener('click', event => this.clicked(event));
    frame.addEventListener('pointerover', event => this.hint(this.at(event)));
    frame.addEventListener('pointerleave', () => this.tooltip.hide());
    frame.addEventListener('focusin', event => this.focused(event));
    frame.addEventListener('focusout', () => this.tooltip.hide());
    around.addEventListener('keydown', event => this.key(event));
    this.observer = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(() => this.stage.resized());
    this.observer?.observe(frame);
    const changed = picture.nodes.find(node => node.state !== 'same') ?? picture.nodes[0];
    this.stage.show(this.drawn.svg, picture.layout, true, picture.layout.nodes[changed.name]);
  }

  dispose(): void {
    this.observer?.disconnect();
  }

  private at(event: Event): string | null {
    const target = event.target instanceof Element ? event.target.closest('.hx-node') : null;
    for (const [name, { element }] of this.drawn.nodes) if (element === target) return name;
    return null;
  }

  private clicked(event: Event): void {
    const name = this.at(event);
    if (name !== null && !this.stage.dragged) this.open(name);
  }

  private focused(event: Event): void {
    const name = this.at(event);
    if (name === null) return;
    this.drawn.nodes.get(this.current)?.element.setAttribute('tabindex', '-1');
    this.drawn.nodes.get(name)!.element.setAttribute('tabindex', '0');
    this.current = name;
    this.stage.reveal(this.picture.layout.nodes[name]);
    if ((event.target as Element).matches(':focus-visible')) this.hint(name);
  }

  private hint(name: string | null): void {
    const node = name === null ? undefined : this.drawn.nodes.get(name)?.node;
    if (!node) return this.tooltip.hide();
    const [x, y, , height] = this.picture.layout.nodes[node.name];
    this.tooltip.show(node, tell(node), this.stage.project(x, y + height), this.stage.frame.clientWidth);
  }

  private key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || !this.act(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  private act(event: KeyboardEvent): boolean {
    const { key } = event;
    if (key === '+' || key === '=') this.stage.zoom(1.25);
    else if (key === '-') this.stage.zoom(1 / 1.25);
    else if (key === '0') this.stage.fit();
    else if (!this.drawn.svg.contains(event.target as Node)) return false;
    else if (key in ARROWS) this.go(neighbour(this.current, ARROWS[key], this.picture.layout, this.related));
    else if (key === 'Enter' || key === ' ') this.open(this.current);
    else return false;
    return true;
  }

  private go(name: string | null): void {
    if (name !== null) this.drawn.nodes.get(name)?.element.focus({ preventScroll: true });
  }
}

/** From afar all names are of one size: what differs is the change, not the length of a name. */
function even({ svg }: Drawn): void {
  const names = [...svg.querySelectorAll<SVGTextElement>('.hx-far')];
  const least = Math.min(...names.map(one => parseFloat(one.style.fontSize)));
  for (const one of names) one.style.fontSize = `${Math.max(least, 13)}px`;
}

function tell(node: PictureNode): Told {
  return { state: node.state ?? 'none', words: node.state ?? '', reason: node.state === 'same' ? '' : node.reason };
}
