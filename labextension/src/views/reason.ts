/** A reason as the kernel words it, the names in it as they stand in code. */
import { h, type Child } from './dom';
import { line } from './text';

export function reason(text: string, limit = 300): Child[] {
  const pieces = line(text, limit).replaceAll(' -> ', ' → ').split('`');
  // an odd mark is the text's own
  if (pieces.length % 2 === 0) return [pieces.join('`')];
  return pieces.map((piece, at) => (at % 2 ? h('span', { class: 'hx-plain' }, piece) : piece));
}

/** The same where no code can be set off: in a title, or read out. */
export function plainReason(text: string, limit = 300): string {
  return line(text.replaceAll('`', '').replaceAll(' -> ', ' → '), limit);
}
