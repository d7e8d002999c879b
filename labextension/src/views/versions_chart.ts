/** One curve as a small picture: lines from each version to what it was made from, the best marked, a hair under the pointer. */
import { number as figure } from './compare/numbers';
import { fill, h, s } from './dom';
import { TONES, metricHint, metricTitle, toneOf } from './versions_columns';
import { nearestPoint, type Curve, type Link, type Point } from './versions_curves';
import type { Range } from './versions_sort';
import type { Metric } from './versions_types';

const HEIGHT = 92;
const [TOP, RIGHT, BOTTOM, LEFT] = [10, 12, 18, 52];
// beyond these many points a dot for each hides the line
const FEW = 80;

export interface ChartActions {
  hover(id: number | null): void;
  go(id: number): void;
}

export class Chart {
  readonly element: HTMLElement;
  private readonly told = h('span', { class: 'hxv-told' });
  private readonly hair = s('g', { class: 'hxv-hair' });
  private readonly x: (at: number) => number;
  private readonly y: (value: number) => number;

  constructor(
    private readonly metric: Metric,
    private readonly curve: Curve,
    private readonly range: Range,
    private readonly width: number,
    current: number | null,
    actions: ChartActions
  ) {
    const spread = Math.max(curve.count - 1, 1);
    const [inner, tall] = [width - LEFT - RIGHT, HEIGHT - TOP - BOTTOM];
    this.x = at => LEFT + (curve.count > 1 ? at / spread : 0.5) * inner;
    this.y = value => TOP + (range.high > range.low ? (range.high - value) / (range.high - range.low) : 0.5) * tall;
    const svg = s(
      'svg',
      { class: 'hxv-curve', viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: 'img', 'aria-label': this.spoken() },
      ...this.axes(),
      ...this.lines(),
      ...(curve.points.length <= FEW ? curve.points.map(point => this.dot(point, `hxv-point ${toneOf(point.lane)}`, 2.2)) : []),
      ...curve.points.filter(point => point.id === current).map(point => this.dot(point, `hxv-now ${toneOf(point.lane)}`, 4)),
      ...this.best(),
      this.hair
    );
    this.hair.setAttribute('visibility', 'hidden');
    const under = (event: PointerEvent | MouseEvent): Point | null => {
      const box = svg.getBoundingClientRect();
      const at = ((event.clientX - box.left) * (width / (box.width || width)) - LEFT) / inner;
      return nearestPoint(curve.points, at * spread);
    };
    svg.addEventListener('pointermove', event => actions.hover(under(event)?.id ?? null));
    svg.addEventListener('pointerleave', () => actions.hover(null));
    svg.addEventListener('click', event => {
      const point = under(event);
      if (point) actions.go(point.id);
    });
    this.element = h('figure', { class: 'hxv-chart' }, h('figcaption', { title: metricHint(metric) }, h('strong', {}, metricTitle(metric)), this.told), svg);
    this.point(null);
  }

  /** Point out a version: its value, or that it has none. */
  point(id: number | null): void {
    const { points } = this.curve;
    const found = id === null ? undefined : points.find(point => point.id === id);
    const last = points[points.length - 1];
    const words = id === null ? `v${last.id} · ${figure(last.value)}` : `v${id} · ${found ? figure(found.value) : 'no value'}`;
    fill(this.told, words);
    this.told.classList.toggle('hx-soft', id === null);
    this.hair.setAttribute('visibility', found ? 'visible' : 'hidden');
    if (!found) return;
    const x = this.x(found.at);
    fill(this.hair, s('line', { x1: x, x2: x, y1: TOP - 4, y2: HEIGHT - BOTTOM + 3 }), this.dot(found, 'hxv-under', 4));
  }

  /** One path for each colour, and one for each that leads over a gap. */
  private lines(): SVGElement[] {
    return Array.from({ length: 2 * TONES }, (_, at) => {
      const [tone, gap] = [toneOf(at >> 1), at % 2 === 1];
      const d = this.path(link => link.gap === gap && toneOf(this.curve.points[link.to].lane) === tone);
      return d ? s('path', { class: `hxv-line ${tone}${gap ? ' hxv-gap' : ''}`, d }) : null;
    }).filter(one => one !== null);
  }

  private path(drawn: (link: Link) => boolean): string {
    const { points, links } = this.curve;
    const place = (at: number): string => `${this.x(points[at].at).toFixed(1)},${this.y(points[at].value).toFixed(1)}`;
    let d = '';
    let pen = -1;
    for (const link of links) {
      if (!drawn(link)) continue;
      d += pen === link.from ? `L${place(link.to)}` : `M${place(link.from)}L${place(link.to)}`;
      pen = link.to;
    }
    return d;
  }

  private dot(point: Point, kind: string, r: number): SVGElement {
    return s('circle', { class: kind, cx: this.x(point.at).toFixed(1), cy: this.y(point.value).toFixed(1), r });
  }

  private best(): SVGElement[] {
    const point = this.curve.points.find(one => one.id === this.range.first);
    if (!point) return [];
    const [x, y] = [this.x(point.at), this.y(point.value)];
    // below the point where it is at the top
    return [this.dot(point, 'hxv-top-dot', 3.4), s('text', { class: 'hxv-star', x: Math.min(x, this.width - RIGHT), y: y < HEIGHT / 2 ? y + 15 : y - 6 }, '★')];
  }

  private axes(): SVGElement[] {
    const { low, high } = this.range;
    const levels = low === high ? [low] : [high, low];
    const { points } = this.curve;
    const [first, last] = [points[0], points[points.length - 1]];
    return [
      ...levels.map(level => s('line', { class: 'hxv-level', x1: LEFT, x2: this.width - RIGHT, y1: this.y(level), y2: this.y(level) })),
      ...levels.map(level => s('text', { class: 'hxv-tick hxv-end', x: LEFT - 6, y: this.y(level) + 3.5 }, short(level))),
      s('text', { class: 'hxv-tick', x: this.x(first.at), y: HEIGHT - 3 }, `v${first.id}`),
      last.id === first.id ? null : s('text', { class: 'hxv-tick hxv-end', x: this.x(last.at), y: HEIGHT - 3 }, `v${last.id}`)
    ].filter(one => one !== null);
  }

  private spoken(): string {
    const { points, count } = this.curve;
    const best = points.find(point => point.id === this.range.first);
    const { low, high } = this.range;
    const span = `${figure(low)} to ${figure(high)}`;
    return `${metricHint(this.metric)}. ${points.length} of ${count} versions have it, ${span}${best ? `, best in version ${best.id}` : ''}.`;
  }
}

function short(value: number): string {
  const text = figure(value);
  return text.length <= 7 ? text : value.toPrecision(3);
}
