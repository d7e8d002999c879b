/** What the run and its choices come to, as it is beside as it would be. */
import { fill, h } from '../dom';
import { notes, totalRows } from './words';
import type { Explored } from './types';

const ARROWS = { '-1': '▼', '0': '', '1': '▲' };

export class TotalsTable {
  readonly element: HTMLElement;
  private readonly table = h('div', {});
  /** The same in one sentence, for those who do not see it change. */
  private readonly spoken = h('p', { class: 'hx-hidden', role: 'status' });

  constructor() {
    this.element = h('section', { 'aria-label': 'totals' }, this.table, this.spoken);
  }

  show(answer: Explored): void {
    const rows = totalRows(answer.actual, answer.explored);
    const body = rows.map(row =>
      h(
        'tr',
        { 'data-total': row.key, class: row.way ? 'hx-moved' : null },
        h('th', { scope: 'row' }, row.label),
        h('td', {}, row.actual),
        h('td', {}, row.explored),
        h('td', { class: row.way < 0 ? 'hx-less' : row.way > 0 ? 'hx-more' : null }, row.way ? `${ARROWS[row.way]} ${row.difference}` : '')
      )
    );
    const head = h(
      'tr',
      {},
      h('td', {}),
      ...['as it is', 'what if', 'difference'].map(title => h('th', { scope: 'col' }, title))
    );
    const table = h('table', { class: 'hx-totals' }, h('thead', {}, head), h('tbody', {}, ...body));
    fill(this.table, table, ...notes(answer).map(note => h('p', { class: 'hx-note hx-soft' }, note)));
    const spoken = rows.filter(row => row.way).map(row => `${row.label} ${row.explored}, ${row.difference}`);
    fill(this.spoken, spoken.length ? `${spoken.join('; ')}.` : 'All totals as they are.');
  }
}
