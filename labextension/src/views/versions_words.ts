/** Metrics and times as people read them; the same words as `view/words.py` has. */
import type { Figure } from './versions_types';

const MINUS = '\u2212';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The number that a figure stands for; NaN for none. */
export function valueOf(figure: Figure | null | undefined): number {
  if (typeof figure === 'number') return figure;
  if (figure === 'inf') return Infinity;
  return figure === '-inf' ? -Infinity : NaN;
}

/** Four significant digits, thousands of large whole numbers apart; empty for none. */
export function figure(given: Figure | null | undefined): string {
  if (given === null || given === undefined) return '';
  if (typeof given === 'string') return given;
  const size = Math.abs(given);
  if (Number.isInteger(given) && size < 1e15) return given.toLocaleString('en');
  if (size >= 0.0001 && size < 10) return given.toFixed(4);
  if (size < 1000 || size >= 1e15) return String(Number(given.toPrecision(4)));
  return given.toLocaleString('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

/** A difference with its sign; empty for none. */
export function signed(delta: Figure | null): string {
  const value = valueOf(delta);
  if (Number.isNaN(value)) return '';
  const size = Math.abs(value);
  const text = size >= 0.00005 || !size ? figure(size) : String(Number(size.toPrecision(2)));
  return `${value < 0 ? MINUS : value > 0 ? '+' : '±'}${text}`;
}

/** `14:03` today, `26 Nov 14:03` this year, else `2025-11-26`; local. */
export function moment(created: number, now = new Date()): string {
  const at = new Date(created * 1000);
  if (Number.isNaN(at.getTime())) return '';
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (at.toDateString() === now.toDateString()) return clock;
  if (at.getFullYear() === now.getFullYear()) return `${at.getDate()} ${MONTHS[at.getMonth()]} ${clock}`;
  return day(at);
}

/** To the second, for who wants to know. */
export function momentInFull(created: number): string {
  const at = new Date(created * 1000);
  if (Number.isNaN(at.getTime())) return '';
  return `${day(at)} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

function day(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
