/** Tables and arrays that differ: columns that came and went, distributions over each other. */
import { h, type Child } from '../dom';
import { line, plural } from '../text';
import { entries } from './models';
import { histogram, span } from './histogram';
import { NONE, numbers, shiftWord } from './numbers';
import { became, few, key, name, soft, table, was } from './parts';
import type { ArrayChange, ColumnChange, FrameChange, Histogram, Pair } from './types';

const MOST = 10;

export function frame(of: FrameChange): HTMLElement {
  const chips = [
    ...of.added.map(([column, dtype]) => chip('hxd-is', '+', column, dtype, 'added')),
    ...of.removed.map(([column, dtype]) => chip('hxd-was', '−', column, dtype, 'removed'))
  ];
  const hasMissing = of.columns.some(one => one.missing[0] || one.missing[1]);
  const hasMeans = of.columns.some(one => one.means[0] !== null || one.means[1] !== null);
  // the picture stands to the left, so that it is seen where a table is wider than its place
  const heads = ['column', key(), 'shift', ...(hasMeans ? ['mean'] : []), ...(hasMissing ? ['missing'] : [])];
  const figures = [...heads.keys()].slice(3);
  const draw = (rows: ColumnChange[]): HTMLElement =>
    table(heads, rows.map(one => column(one, hasMissing, hasMeans)), figures, 'columns');
  return h(
    'div',
    {},
    chips.length ? h('p', { class: 'hxd-chips' }, ...chips) : null,
    of.columns.length ? few(of.columns, MOST, 'column', draw) : null,
    of.same ? h('p', { class: 'hx-soft' }, `${plural(of.same, 'column')} the same`) : null,
    of.labels?.entries.length ? entries(of.labels.entries, 'label') : null
  );
}

function chip(kind: string, sign: string, column: string, dtype: string, told: string): HTMLElement {
  return h('span', { class: `hxd-chip ${kind}`, title: `column ${told}` }, `${sign} ${line(column, 60)} `, h('span', { class: 'hxd-type' }, line(dtype, 30)));
}

function column(of: ColumnChange, hasMissing: boolean, hasMeans: boolean): Child[] {
  const [type, now] = of.dtypes;
  const [gone, missing] = of.missing;
  const means = of.means[0] === null && of.means[1] === null ? '' : arrow(numbers(of.means));
  return [
    h(
      'span',
      {},
      name(of.column),
      of.reordered ? soft(' in another order') : null,
      h('span', { class: 'hxd-below' }, ...(type === now ? [soft(line(now, 30))] : [was(type, 40), ' → ', became(now, 40)]))
    ),
    of.histogram ? picture(of.histogram, of.column) : null,
    of.shift === null ? NONE : shift(of.shift),
    ...(hasMeans ? [means] : []),
    ...(hasMissing ? [gone || missing ? arrow([gone.toLocaleString('en'), missing.toLocaleString('en')]) : ''] : [])
  ];
}

function arrow([before, after]: Pair<string>): string {
  return before === after ? after : `${before} → ${after}`;
}

export function array(of: ArrayChange, label: string): HTMLElement | null {
  if (!of.histogram) return null;
  return h('div', { class: 'hxd-array' }, picture(of.histogram, label), of.shift === null ? null : shift(of.shift), key());
}

function shift(of: number): HTMLElement {
  return h(
    'span',
    { class: 'hxd-shift' },
    h('span', { class: 'hxd-meter', 'aria-hidden': 'true' }, h('span', { style: `width:${(Math.min(of, 1) * 100).toFixed(1)}%` })),
    `${of.toFixed(3)} ${shiftWord(of)}`
  );
}

function picture(of: Histogram, label: string): HTMLElement {
  return h('span', { class: 'hxd-distribution' }, histogram(of, label), h('span', { class: 'hxd-span hx-soft' }, span(of)));
}
