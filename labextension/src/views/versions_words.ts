/** What metrics stand for, and times as people read them; figures are told by `compare/numbers.ts`. */
import type { Figure } from './versions_types';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The number that a figure stands for; NaN for none. */
export function valueOf(figure: Figure | null | undefined): number {
  if (typeof figure === 'number') return figure;
  if (figure === 'inf') return Infinity;
  return figure === '-inf' ? -Infinity : NaN;
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
