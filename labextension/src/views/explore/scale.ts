/** Bytes along a line whose every tenth is as many times more: what a slider and a curve lie on. Pure. */
import type { CurvePoint } from './types';

export interface Scale {
  low: number;
  high: number;
}

const DIGITS = 2;
// what is within this share of the whole line of a mark is taken for the mark
const NEAR = 0.012;

/** From well below what is stored, or the least budget that buys something, to above all that is asked for. */
export function scaleOf(used: number, budget: number, curve: CurvePoint[] = []): Scale {
  const known = [used, budget, ...curve.map(point => point.budget)].filter(bytes => bytes > 0);
  const least = known.length ? Math.min(...known) : 1e6;
  const most = known.length ? Math.max(...known) : 1e9;
  const low = 10 ** Math.floor(Math.log10(Math.max(least / 2, 1)));
  return { low, high: Math.max(10 ** Math.ceil(Math.log10(most * 1.5)), low * 100) };
}

/** Where bytes lie, 0 to 1. */
export function place(bytes: number, { low, high }: Scale): number {
  if (bytes <= low) return 0;
  return Math.min(Math.log(bytes / low) / Math.log(high / low), 1);
}

/** How wide a character of a mark's words is, as a share of the line. */
const LETTER = 0.018;

/** Where marks' words stand: to the left of their place, over it or to the right, and one line lower where two would lie over each other. */
export function labelled(marks: readonly { where: number; words: string }[]): { side: 'first' | 'middle' | 'last'; isLow: boolean }[] {
  let end = -Infinity;
  const found = marks.map(({ where, words }, at) => {
    const side = where < 0.2 ? 'first' : where > 0.8 ? 'last' : 'middle';
    const width = words.length * LETTER;
    return { at, side, left: where - { first: 0, middle: width / 2, last: width }[side], width } as const;
  });
  const low = new Set<number>();
  for (const one of [...found].sort((a, b) => a.left - b.left)) {
    if (one.left < end) low.add(one.at);
    else end = one.left + one.width + LETTER;
  }
  return found.map(({ at, side }) => ({ side, isLow: low.has(at) }));
}

/** Bytes at a place, rounded as people say them; where a mark is near, its own. */
export function bytesAt(where: number, scale: Scale, marks: number[] = []): number {
  const nearest = marks.find(mark => Math.abs(place(mark, scale) - where) <= NEAR);
  if (nearest !== undefined) return nearest;
  const exact = scale.low * (scale.high / scale.low) ** Math.min(Math.max(where, 0), 1);
  return Number(exact.toPrecision(DIGITS));
}

/** One point for each thing that can be had, at the least budget that has it. */
export function merged(curve: CurvePoint[]): CurvePoint[] {
  return curve.filter((point, at) => at === 0 || point.used !== curve[at - 1].used || point.seconds !== curve[at - 1].seconds);
}
