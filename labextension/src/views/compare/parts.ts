/** What the parts of a comparison are made of: sections, tables, changed words, lists that unfold. */
import { breakable, h, type Child } from '../dom';
import { icon } from '../icons';
import { line, plural } from '../text';
import { NONE } from './numbers';
import type { Change } from './types';

export interface Part {
  /** Also what the overview calls it. */
  title: string;
  /** Behind the title in the overview: how much there is. */
  count: number | null;
  element: HTMLElement;
}

export function part(title: string, count: number | null, ...content: Child[]): Part {
  // no headings: their order is that of the page around, which is not ours
  const element = h(
    'section',
    { class: 'hxd-part', 'aria-label': title, 'data-part': title, tabindex: -1 },
    h('p', { class: 'hxd-title' }, title, count === null ? null : h('span', { class: 'hxd-number' }, count.toLocaleString('en'))),
    ...content
  );
  return { title, count, element };
}

export function button(text: string, title: string | null, act: (button: HTMLButtonElement) => void): HTMLButtonElement {
  const made = h('button', { class: 'hx-button', type: 'button', title }, text);
  made.addEventListener('click', () => act(made));
  return made;
}

/** `heads` name the columns; those of `figures` are numbers, to the right. */
export function table(heads: Child[], rows: Child[][], figures: number[] = [], told = ''): HTMLElement {
  const place = (at: number): string | null => (figures.includes(at) ? 'hxd-figure' : null);
  const head = heads.map((one, at) => (one ? h('th', { scope: 'col', class: place(at) }, one) : h('td', { class: place(at) })));
  const body = rows.map(row =>
    h(
      'tr',
      {},
      ...row.map((cell, at) => (at === 0 && cell ? h('th', { scope: 'row' }, cell) : h('td', { class: place(at) }, cell)))
    )
  );
  return h(
    'div',
    { class: 'hxd-scroll', tabindex: 0, role: 'group', 'aria-label': told || 'table' },
    h('table', { class: 'hxd-table' }, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...body))
  );
}

export function name(text: unknown, limit = 80): HTMLElement {
  return h('span', { class: 'hxd-name' }, ...breakable(line(text, limit)));
}

export function soft(text: string): HTMLElement {
  return h('span', { class: 'hx-soft' }, text);
}

export function was(text: string | null, limit = 120): HTMLElement {
  return text === null ? soft(NONE) : h('del', { class: 'hxd-was' }, ...breakable(line(text, limit)));
}

export function became(text: string | null, limit = 120): HTMLElement {
  return text === null ? soft(NONE) : h('ins', { class: 'hxd-is' }, ...breakable(line(text, limit)));
}

export function changeMark(change: Change): HTMLElement {
  return h('span', { class: 'hxd-mark' }, icon(change), ` ${change}`);
}

/** The first of many, the rest behind a button. */
export function few<Row>(rows: Row[], most: number, noun: string, draw: (rows: Row[]) => HTMLElement): HTMLElement {
  if (rows.length <= most + 2) return draw(rows);
  const rest = rows.length - most;
  const whole = h('div', {}, draw(rows.slice(0, most)));
  const more = button(`Show ${plural(rest, `more ${noun}`)}`, null, () => {
    const all = draw(rows);
    whole.replaceChildren(all);
    all.focus();
  });
  more.classList.add('hxd-more');
  whole.append(more);
  return whole;
}

/** Which mark stands for which side, wherever both are drawn over each other. */
export function key(): HTMLElement {
  return h(
    'span',
    { class: 'hxd-key hx-soft' },
    h('span', { class: 'hxd-key-before', 'aria-hidden': 'true' }),
    'before ',
    h('span', { class: 'hxd-key-after', 'aria-hidden': 'true' }),
    'after'
  );
}
