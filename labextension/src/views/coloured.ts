/** Code in colours: stretches of text, and what each of them is in its language. */
import { h, type Child } from './dom';

const KINDS = new Set('kscnfb');

/** Of one kind. That is a letter of ours, or none: nothing from outside becomes a class. */
export function stretch(text: string, kind: string): Child {
  return KINDS.has(kind) ? h('span', { class: `hx-k-${kind}` }, text) : text;
}

/** Text in stretches; `kinds` has a letter for each character. */
export function coloured(text: string, kinds: string): Child[] {
  const found: Child[] = [];
  for (let start = 0; start < text.length; ) {
    const kind = kinds[start] ?? ' ';
    let end = start + 1;
    while (end < text.length && (kinds[end] ?? ' ') === kind) end++;
    found.push(stretch(text.slice(start, end), kind));
    start = end;
  }
  return found;
}
