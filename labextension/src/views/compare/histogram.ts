/** Two samples in one small picture: after as filled bars, before as a line around its own. */
import { s } from '../dom';
import { line } from '../text';
import { number } from './numbers';
import type { Histogram } from './types';

const WIDTH = 148;
const HEIGHT = 38;
const EDGE = 2;
const BASE = HEIGHT - EDGE;

/** Shares rather than counts, so that samples of different sizes can be laid over each other. Pure. */
export function shares(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, one) => sum + one, 0) || 1;
  return counts.map(one => one / total);
}

export function histogram(of: Histogram, label: string): SVGElement {
  const [before, after] = [shares(of.before), shares(of.after)];
  const top = Math.max(...before, ...after, 0) || 1;
  const step = (WIDTH - 2 * EDGE) / Math.max(before.length, 1);
  const gap = of.labels.length ? Math.min(step * 0.16, 4) : 0.6;
  const high = (share: number): number => BASE - (share / top) * (HEIGHT - 2 * EDGE);
  const left = (at: number): number => EDGE + at * step + gap / 2;
  const bars = after.map((share, at) =>
    s('rect', { x: left(at).toFixed(1), y: high(share).toFixed(1), width: (step - gap).toFixed(1), height: (BASE - high(share)).toFixed(1) })
  );
  const told = before.map((share, at) =>
    s(
      'rect',
      { class: 'hxd-bin', x: (EDGE + at * step).toFixed(1), y: 0, width: step.toFixed(1), height: HEIGHT },
      s('title', {}, `${bin(of, at)}: ${inPercent(share)} before, ${inPercent(after[at])} after`)
    )
  );
  return s(
    'svg',
    { class: 'hxd-histogram', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: 'img', 'aria-label': `distribution of ${line(label, 60)}, before and after: ${span(of)}` },
    s('g', { class: 'hxd-bars' }, ...bars),
    s('path', { class: 'hxd-outline', d: outline(before.map(high), step, of.labels.length ? gap : 0) }),
    s('path', { class: 'hxd-base', d: `M0,${BASE + 0.5}H${WIDTH}` }),
    ...told
  );
}

/** What the picture's axis goes over, in words. */
export function span(of: Histogram): string {
  if (of.bounds) return of.bounds.map(one => line(one, 30)).join(' … ');
  if (of.edges.length) return `${number(of.edges[0])} … ${number(of.edges[of.edges.length - 1])}`;
  const names = of.labels.map(one => line(one, 14) || "''");
  return names.slice(0, 3).join(', ') + (names.length > 3 || of.others ? ', …' : '');
}

function bin(of: Histogram, at: number): string {
  if (of.labels.length) return at < of.labels.length ? line(of.labels[at], 60) || "''" : 'others';
  return of.edges.length && !of.bounds ? `${number(of.edges[at])} … ${number(of.edges[at + 1])}` : `part ${at + 1} of ${of.before.length}`;
}

function inPercent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** The upper edge of the bars; where bars stand apart, each for itself. */
function outline(heights: number[], step: number, gap: number): string {
  const rounded = (value: number): string => value.toFixed(1);
  const steps = heights.map((y, at) => {
    const [left, right] = [EDGE + at * step + gap / 2, EDGE + (at + 1) * step - gap / 2];
    return gap ? `M${rounded(left)},${BASE}V${rounded(y)}H${rounded(right)}V${BASE}` : `V${rounded(y)}H${rounded(right)}`;
  });
  return gap ? steps.join('') : `M${EDGE},${BASE}${steps.join('')}V${BASE}`;
}
