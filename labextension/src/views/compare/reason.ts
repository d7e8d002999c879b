/** A reason as the kernel words it, the names in it as they stand in code. */
import { h, type Child } from '../dom';
import { line } from '../text';

export function reason(text: string): Child[] {
  const pieces = line(text, 300).split('`');
  // an odd mark is the text's own
  if (pieces.length % 2 === 0) return [pieces.join('`')];
  return pieces.map((piece, at) => (at % 2 ? h('span', { class: 'hxd-plain' }, piece) : piece));
}
