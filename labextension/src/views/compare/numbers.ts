/** Figures as people read them; the same words as `view/words.py` has. Pure. */
import type { Figure, Pair } from './types';

export const NONE = '–';
export const MINUS = '−';

/** Four significant digits, thousands of whole numbers apart, a dash for none. */
export function number(value: Figure): string {
  if (value === null) return NONE;
  if (typeof value === 'string') return value;
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return minus(value.toLocaleString('en'));
  const size = Math.abs(value);
  if (size >= 0.0001 && size < 10) return minus(value.toFixed(4));
  return minus(size < 1000 ? String(Number(value.toPrecision(4))) : grouped(value));
}

/** Two figures with as many digits as it takes to see that they differ. */
export function numbers(pair: Pair<Figure>): Pair<string> {
  return told(pair) as Pair<string>;
}

/** Figures in a row with as many digits as it takes to tell those apart that differ. */
export function told(values: Figure[]): string[] {
  const count = new Set(values).size;
  let texts = values.map(number);
  for (let digits = 5; new Set(texts).size < count && digits <= 17; digits++) {
    texts = values.map(one => (typeof one === 'number' ? minus(one.toPrecision(digits)) : number(one)));
  }
  return texts;
}

/** A difference with its sign; empty for none. */
export function signed(value: Figure): string {
  if (typeof value !== 'number') return value === 'inf' ? '+inf' : value === '-inf' ? `${MINUS}inf` : '';
  const size = Math.abs(value);
  const text = size >= 0.00005 || !value ? number(size) : String(Number(size.toPrecision(2)));
  return `${value < 0 ? MINUS : value > 0 ? '+' : '±'}${text}`;
}

/** By how much of what was before, with its sign; empty where that says nothing. */
export function percent(before: Figure, delta: Figure): string {
  if (typeof before !== 'number' || typeof delta !== 'number' || !before || !delta) return '';
  const share = (100 * delta) / Math.abs(before);
  if (Math.abs(share) >= 1000) return '';
  return `${share < 0 ? MINUS : '+'}${Math.abs(share).toFixed(Math.abs(share) < 10 ? 1 : 0)} %`;
}

/** What can be drawn: a finite number, or nothing. */
export function finite(value: Figure | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** How far two distributions lie apart, in words. */
export function shiftWord(shift: number): string {
  return shift < 0.0005 ? 'none' : shift < 0.1 ? 'slight' : shift < 0.3 ? 'clear' : 'strong';
}

/** A time of day, local, to the minute. */
export function moment(created: number): string {
  const when = new Date(created * 1000);
  if (Number.isNaN(when.getTime())) return '';
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())} ${two(when.getHours())}:${two(when.getMinutes())}`;
}

function grouped(value: number): string {
  return value.toLocaleString('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

function minus(text: string): string {
  return text.replace('-', MINUS);
}
