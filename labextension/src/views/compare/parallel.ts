/** Several versions as parallel curves (Inselberg 1985): an upright axis for each parameter or metric that is a number. */
import { s } from '../dom';
import { line } from '../text';
import { finite, number } from './numbers';
import type { Axis, Figure } from './types';

const TOP = 42;
const BOTTOM = 24;
const HEIGHT = 236;
const STEPS = { least: 138, most: 230, room: 760 };
const SIDE = 76;
const LABEL = 13;
/** Tones and strokes in turn; beyond the tones a stroke tells versions apart as well, and the label always does. */
export const TONES = ['load', 'compute', 'done', 'down', 'failed', 'quiet'];
const DASHES = ['', '7 3', '2 3', '9 3 2 3'];
const AXES = 12;
const LABELLED = 16;

/** Each curve is a group with `data-at`, the place of its version. */
export function parallel(labels: string[], axes: Axis[]): SVGElement {
  const shown = axes.slice(0, AXES);
  const step = Math.min(Math.max(STEPS.room / (shown.length - 1), STEPS.least), STEPS.most);
  const width = 2 * SIDE + step * (shown.length - 1);
  const heights = labels.map((_, at) => shown.map(axis => height(axis.values, at)));
  const ends = apart(heights.map(one => last(one) ?? HEIGHT / 2));
  const told = `parallel curves of ${shown.map(axis => line(axis.name, 40)).join(', ')} over ${labels.length} versions`;
  return s(
    'svg',
    { class: 'hxd-parallel', viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: 'img', 'aria-label': told },
    ...shown.map((axis, place) => upright(axis, SIDE + step * place, place === shown.length - 1)),
    ...labels.map((label, at) => curve(label, at, heights[at], shown, ends[at], step, labels.length <= LABELLED))
  );
}

function upright(axis: Axis, x: number, isLast: boolean): SVGElement {
  const known = axis.values.map(finite).filter(one => one !== null);
  const way = axis.direction === 'higher' ? ' ↑' : axis.direction === 'lower' ? ' ↓' : '';
  const text = (y: number, words: string, kind: string, isLeft = false): SVGElement =>
    s('text', { x: isLeft ? x + 3 : x, y, class: kind, 'text-anchor': isLeft ? 'end' : 'middle' }, words);
  return s(
    'g',
    {},
    s('path', { class: 'hxd-base', d: `M${x},${TOP}V${HEIGHT - BOTTOM}` }),
    text(14, `${line(axis.name, 17)}${way}`, 'hxd-axis'),
    text(31, known.length ? number(Math.max(...known)) : '', 'hxd-tick'),
    // lines go from the last axis down to the versions' names
    text(HEIGHT - 7, known.length ? number(Math.min(...known)) : '', 'hxd-tick', isLast),
    s('title', {}, line(axis.name, 120) + (axis.direction ? `: ${line(axis.direction, 10)} is better` : ''))
  );
}

function height(values: Figure[], at: number): number | null {
  const value = finite(values[at]);
  if (value === null) return null;
  const known = values.map(finite).filter(one => one !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  // halved, so that the largest numbers have a finite distance
  const share = high > low ? (value / 2 - low / 2) / (high / 2 - low / 2) : 0.5;
  return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
}

function last(heights: (number | null)[]): number | null {
  return heights.filter(one => one !== null).pop() ?? null;
}

/** Heights of labels that do not cover each other, as near to `ends` as goes downwards. Pure. */
export function apart(ends: number[]): number[] {
  const placed = [...ends];
  let lowest = -Infinity;
  for (const at of [...ends.keys()].sort((a, b) => ends[a] - ends[b])) placed[at] = lowest = Math.max(ends[at], lowest + LABEL);
  const over = Math.max(...placed, 0) - (HEIGHT - 4);
  return over > 0 ? placed.map(one => one - over) : placed;
}

function curve(label: string, at: number, heights: (number | null)[], axes: Axis[], end: number, step: number, isLabelled: boolean): SVGElement {
  const x = (place: number): number => Math.round(SIDE + step * place);
  let way = '';
  const dots: SVGElement[] = [];
  heights.forEach((y, place) => {
    if (y === null) return;
    way += `${place && heights[place - 1] !== null ? 'L' : 'M'}${x(place)},${y.toFixed(1)}`;
    dots.push(
      s('circle', { cx: x(place), cy: y.toFixed(1), r: 3 }),
      // the last one's stands to the left: the version's own label is to the right
      place < axes.length - 1
        ? s('text', { class: 'hxd-here-value', x: x(place) + 6, y: (y - 5).toFixed(1) }, number(axes[place].values[at]))
        : s('text', { class: 'hxd-here-value', x: x(place) - 6, y: (y - 5).toFixed(1), 'text-anchor': 'end' }, number(axes[place].values[at]))
    );
  });
  const edge = x(axes.length - 1);
  const from = last(heights) ?? end;
  return s(
    'g',
    { class: `hxd-curve hxd-tone-${TONES[at % TONES.length]}`, 'data-at': at, 'data-version': label },
    s('path', { class: 'hxd-wide', d: way }),
    s('path', { class: 'hxd-line', d: way, 'stroke-dasharray': DASHES[Math.floor(at / TONES.length) % DASHES.length] }),
    ...dots,
    s(
      'g',
      { class: isLabelled ? '' : 'hxd-here-value' },
      s('path', { class: 'hxd-lead', d: `M${edge + 5},${from.toFixed(1)}L${edge + 32},${end.toFixed(1)}` }),
      s('text', { class: 'hxd-axis', x: edge + 35, y: (end + 4).toFixed(1) }, `v${label}`)
    )
  );
}
