/** What storage buys: expected seconds of the next iteration over bytes, on the slider's scale. A click chooses a budget. */
import { fill, h, s } from '../dom';
import { duration, size } from '../text';
import { bytesAt, merged, place, type Scale } from './scale';
import type { CurvePoint, Totals } from './types';

const WIDTH = 340;
const HEIGHT = 118;
/** Beside the line, so that it lies above the slider's way. */
export const MARGIN = 8;
const TOP = 16;
const BOTTOM = 8;

export class Curve {
  readonly element: HTMLElement;
  private readonly svg = s('svg', { class: 'hx-curve', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img' });
  private readonly caption = h('p', { class: 'hx-key hx-soft' });
  private scale: Scale = { low: 1, high: 10 };
  private marks: number[] = [];

  constructor(choose: (bytes: number) => void) {
    this.element = h('div', { class: 'hx-curve-frame' }, this.svg, this.caption);
    this.svg.addEventListener('click', event => {
      const { left, width } = this.svg.getBoundingClientRect();
      const where = ((event.clientX - left) / (width || WIDTH)) * WIDTH;
      choose(bytesAt((where - MARGIN) / (WIDTH - 2 * MARGIN), this.scale, this.marks));
    });
  }

  /** `curve`: null while it is asked for. */
  show(curve: CurvePoint[] | null, scale: Scale, actual: Totals, explored: Totals): void {
    this.scale = scale;
    const all = (curve ?? []).filter(point => point.seconds !== null);
    const points = merged(all);
    this.marks = points.map(point => point.budget);
    const most = Math.max(...[...points.map(point => point.seconds), actual.next_seconds, explored.next_seconds].map(value => value ?? 0), 1e-9);
    const x = (bytes: number): number => MARGIN + place(bytes, scale) * (WIDTH - 2 * MARGIN);
    const y = (seconds: number): number => TOP + (1 - seconds / most) * (HEIGHT - TOP - BOTTOM);
    fill(
      this.svg,
      s('path', { class: 'hx-axis', d: `M${MARGIN},${TOP}H${WIDTH - MARGIN}M${MARGIN},${y(0)}H${WIDTH - MARGIN}` }),
      s('text', { class: 'hx-axis-words', x: MARGIN, y: TOP - 5 }, `${duration(most)} in the next iteration`),
      s('text', { class: 'hx-axis-words', x: MARGIN, y: y(0) - 4 }, '0 s'),
      points.length ? s('path', { class: 'hx-buys', d: way(all, x, y) }) : null,
      ...points.map(point => s('circle', { class: 'hx-step', cx: x(point.budget), cy: y(point.seconds!), r: 2.4 }, s('title', {}, told(point)))),
      at('hx-now', actual, x, y, 5.5),
      at('hx-then', explored, x, y, 4)
    );
    const same = actual.budget === explored.budget && actual.next_seconds === explored.next_seconds;
    fill(this.caption, curve === null ? 'Asking what storage buys…' : `○ as it is${same ? '' : '   ● what if'}   line: other budgets. A click chooses one.`);
    this.svg.setAttribute('aria-label', spoken(points));
  }
}

/** Through the budgets that were asked for, level beyond them. */
function way(points: CurvePoint[], x: (bytes: number) => number, y: (seconds: number) => number): string {
  const through = points.map(point => `L${x(point.budget).toFixed(1)},${y(point.seconds!).toFixed(1)}`);
  return `M${MARGIN},${y(points[0].seconds!).toFixed(1)}${through.join('')}H${WIDTH - MARGIN}`;
}

function at(name: string, totals: Totals, x: (bytes: number) => number, y: (seconds: number) => number, radius: number): SVGElement | null {
  if (totals.next_seconds === null) return null;
  return s('circle', { class: name, cx: x(totals.budget).toFixed(1), cy: y(totals.next_seconds).toFixed(1), r: radius });
}

function told({ budget, used, seconds }: CurvePoint): string {
  return `budget ${size(budget) || '0 B'}: ${size(used) || '0 B'} used, next iteration ${duration(seconds)}`;
}

function spoken(points: CurvePoint[]): string {
  const ends = [points[0], points[points.length - 1]].filter(point => point !== undefined).map(told);
  return `What storage buys. ${[...new Set(ends)].join('; ') || 'Nothing could be stored.'}`;
}
