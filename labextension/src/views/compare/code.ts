/** Code side by side: lines coloured by their language, words marked that differ, equal lines folded. */
import { coloured } from '../coloured';
import { h, type Child } from '../dom';
import { plural } from '../text';
import { button } from './parts';
import { MINUS } from './numbers';
import type { Folded, Line, Row } from './types';

export function code(rows: Row[]): HTMLElement | null {
  if (!rows.length) return null;
  if (isUnchanged(rows)) return h('div', { class: 'hxd-code hxd-unchanged', dir: 'ltr' }, ...unfolded(rows[0]));
  const sides = rows.flatMap(row => ('skipped' in row ? [] : [[row.before, row.after]]));
  const isOne = sides.length > 0 && (sides.every(([before]) => !before) || sides.every(([, after]) => !after));
  return h('div', { class: isOne ? 'hxd-code hxd-one' : 'hxd-code', dir: 'ltr' }, ...rows.map(row => drawn(row)));
}

function drawn(row: Row): HTMLElement {
  if ('skipped' in row) return folded(row);
  const isEqual = row.before !== null && row.after !== null && !row.before.changed && !row.after.changed;
  return pair(side(row.before, 'del'), side(row.after, 'ins'), isEqual);
}

function pair(before: HTMLElement, after: HTMLElement, isEqual: boolean): HTMLElement {
  return h('div', { class: isEqual ? 'hxd-row hxd-equal' : 'hxd-row' }, before, after);
}

function side(line: Line | null, element: 'del' | 'ins'): HTMLElement {
  if (line === null) return h('div', { class: 'hxd-side hxd-nothing' });
  const sign = !line.changed ? ' ' : element === 'del' ? MINUS : '+';
  let start = 0;
  const pieces = line.pieces.map(([text, differs]) => {
    const shown = coloured(text, line.kinds.slice(start, start + text.length));
    start += text.length;
    return differs ? h(element, {}, ...shown) : h('span', {}, ...shown);
  });
  return written(line.number, sign, line.changed ? `hxd-${element}` : '', pieces);
}

function written(number: number, sign: string, kind: string, pieces: Child[]): HTMLElement {
  return h(
    'div',
    { class: `hxd-side ${kind}` },
    h('span', { class: 'hxd-count', 'aria-hidden': 'true' }, String(number)),
    h('span', { class: 'hxd-sign' }, sign),
    h('code', {}, ...pieces)
  );
}

/** Whether both sides are the same, so that all of it is one fold. */
export function isUnchanged(rows: Row[]): rows is [Folded] {
  return rows.length === 1 && 'skipped' in rows[0];
}

function unfolded(row: Folded): HTMLElement[] {
  return row.lines.map(([before, after, text, kinds]) =>
    pair(written(before, ' ', '', coloured(text, kinds)), written(after, ' ', '', coloured(text, kinds)), true)
  );
}

function folded(row: Folded): HTMLElement {
  const words = `⋯ ${plural(row.skipped, 'equal line')}`;
  if (!row.lines.length) return h('div', { class: 'hxd-fold' }, words);
  const open = button(words, 'Show these lines', () => {
    const rows = unfolded(row);
    const element = open.parentElement!;
    const focus = rows[0];
    focus.tabIndex = -1;
    element.replaceWith(...rows);
    focus.focus({ preventScroll: true });
  });
  return h('div', { class: 'hxd-fold' }, open);
}
