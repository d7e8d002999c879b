/** The list: a grid of which only the rows that can be seen are there, however long it is. */
import { fill, h } from './dom';
import type { Column, Seen } from './versions_columns';
import type { Order } from './versions_sort';
import type { Row } from './versions_types';
import { HIGHEST, ROW, revealed, windowOf } from './versions_window';

const HEAD = 34;

export interface TableActions {
  sort(column: Column): void;
  open(id: number): void;
  choose(id: number): void;
  hover(id: number | null): void;
}

export interface TableState {
  rows: readonly Row[];
  columns: readonly Column[];
  order: Order;
  seen(row: Row): Seen;
  opened: number | null;
}

interface Pressed {
  id: number;
  isChoice: boolean;
}

let grids = 0;

export class VersionTable {
  readonly element: HTMLElement;
  private readonly head = h('div', { class: 'hxv-head', role: 'row', 'aria-rowindex': 1 });
  private readonly body = h('div', { class: 'hxv-body', role: 'rowgroup' });
  private readonly name = `hxv-${++grids}`;
  private state: TableState | null = null;
  private drawn = new Map<number, HTMLElement>();
  private places = new Map<number, number>();
  private active: number | null = null;
  private waiting = 0;
  /** What a pointer went down on, until the click: the rows may be drawn anew before the release. */
  private pressed: Pressed | null = null;

  constructor(private readonly actions: TableActions) {
    const top = h('div', { class: 'hxv-top', role: 'rowgroup' }, this.head);
    this.element = h('div', { class: 'hxv-grid', role: 'grid', tabindex: 0, 'aria-label': 'versions', 'aria-multiselectable': 'true' }, top, this.body);
    this.element.addEventListener('scroll', () => this.later());
    this.body.addEventListener('pointerdown', event => (this.pressed = this.what(event)));
    this.body.addEventListener('click', event => this.clicked(event));
    this.body.addEventListener('pointerover', event => actions.hover(this.at(event)));
    this.body.addEventListener('pointerleave', () => actions.hover(null));
  }

  /** The version that keys act on. */
  get current(): number | null {
    return this.active;
  }

  /** Draw other rows. What is seen stays where it is, unless the top is: there what is new comes into sight. */
  show(state: TableState): void {
    const anchor = this.anchor();
    const columns = state.columns.map(column => column.track).join(' ');
    const least = state.columns.reduce((all, column) => all + column.least, 0);
    this.state = state;
    this.places = new Map(state.rows.map((row, at) => [row.id, at]));
    if (this.active === null || !this.places.has(this.active)) this.active = state.rows[0]?.id ?? null;
    this.element.style.setProperty('--hxv-columns', columns);
    this.element.style.setProperty('--hxv-least', `${least}px`);
    this.element.setAttribute('aria-rowcount', String(state.rows.length + 1));
    this.element.setAttribute('aria-colcount', String(state.columns.length));
    this.body.style.height = `${state.rows.length * ROW}px`;
    const focused = this.head.contains(document.activeElement) ? document.activeElement!.getAttribute('data-key') : null;
    fill(this.head, ...state.columns.map((column, at) => this.heading(column, at)));
    if (focused) [...this.head.querySelectorAll<HTMLElement>('[data-key]')].find(one => one.dataset.key === focused)?.focus();
    for (const row of this.drawn.values()) row.remove();
    this.drawn.clear();
    const place = anchor ? this.places.get(anchor.id) : undefined;
    if (anchor && place !== undefined) this.element.scrollTop = place * ROW + anchor.offset;
    this.draw();
  }

  /** Let the next rows be seen from the first one on. */
  rewind(): void {
    this.element.scrollTop = 0;
    this.active = null;
  }

  /** Make a version the one that keys act on, and bring it into sight. */
  go(id: number): void {
    const at = this.places.get(id);
    if (at === undefined) return;
    this.active = id;
    this.element.scrollTop = revealed(at, this.element.scrollTop, this.element.clientHeight, HEAD);
    this.draw();
    this.mark();
  }

  /** By how many rows a key moves, from the place of the one that keys act on; false where it does not. */
  key(key: string): boolean {
    const count = this.state?.rows.length ?? 0;
    const at = this.active === null ? 0 : (this.places.get(this.active) ?? 0);
    const page = Math.max(Math.floor((this.element.clientHeight - HEAD) / ROW) - 1, 1);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: count - 1, PageUp: at - page, PageDown: at + page }[key];
    if (to === undefined || !count) return false;
    this.go(this.state!.rows[Math.min(Math.max(to, 0), count - 1)].id);
    return true;
  }

  /** Point out a version's row, if it can be seen. */
  point(id: number | null): void {
    for (const [at, row] of this.drawn) row.classList.toggle('hxv-pointed', this.state?.rows[at]?.id === id);
  }

  dispose(): void {
    cancelAnimationFrame(this.waiting);
  }

  private anchor(): { id: number; offset: number } | null {
    const scrolled = this.element.scrollTop;
    if (!this.state || scrolled < ROW / 2) return null;
    const at = Math.floor(scrolled / ROW);
    const row = this.state.rows[at];
    return row ? { id: row.id, offset: scrolled - at * ROW } : null;
  }

  private later(): void {
    cancelAnimationFrame(this.waiting);
    this.waiting = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    if (!this.state) return;
    const [first, end] = windowOf(this.element.scrollTop, this.element.clientHeight || HIGHEST, this.state.rows.length);
    for (const [at, row] of this.drawn) {
      if (at >= first && at < end) continue;
      row.remove();
      this.drawn.delete(at);
    }
    const fresh: HTMLElement[] = [];
    for (let at = first; at < end; at++) {
      if (this.drawn.has(at)) continue;
      const row = this.row(this.state.rows[at], at);
      this.drawn.set(at, row);
      fresh.push(row);
    }
    this.body.append(...fresh);
    this.mark();
  }

  private mark(): void {
    for (const [at, row] of this.drawn) {
      const { id } = this.state!.rows[at];
      row.classList.toggle('hxv-active', id === this.active);
      row.classList.toggle('hxv-opened', id === this.state!.opened);
    }
    const at = this.active === null ? undefined : this.places.get(this.active);
    if (at !== undefined && this.drawn.has(at)) this.element.setAttribute('aria-activedescendant', `${this.name}-${this.active}`);
    else this.element.removeAttribute('aria-activedescendant');
  }

  private heading(column: Column, at: number): HTMLElement {
    const { order } = this.state!;
    const isBy = column.key !== '' && column.key === order.key;
    const title = column.mark ? h('span', {}, column.mark(), h('span', { class: 'hx-hidden' }, column.title)) : h('span', {}, column.title);
    const cell = h('div', {
      class: `hxv-cell hxv-${column.kind}`,
      role: 'columnheader',
      'aria-colindex': at + 1,
      'aria-sort': column.key ? (isBy ? (order.down ? 'descending' : 'ascending') : 'none') : null
    });
    if (column.key) {
      const button = h(
        'button',
        { type: 'button', class: 'hxv-sort', title: `${column.hint}; click to sort`, 'data-key': column.key },
        title,
        isBy ? h('span', { class: 'hxv-way-sorted', 'aria-hidden': 'true' }, order.down ? '▼' : '▲') : null
      );
      button.addEventListener('click', () => this.actions.sort(column));
      cell.append(button);
    } else cell.append(h('span', { class: 'hx-hidden' }, column.title));
    return cell;
  }

  private row(row: Row, at: number): HTMLElement {
    const { columns, seen } = this.state!;
    const told = seen(row);
    const element = h(
      'div',
      {
        class: 'hxv-row',
        role: 'row',
        id: `${this.name}-${row.id}`,
        'data-version': row.id,
        'aria-rowindex': at + 2,
        'aria-selected': String(told.isChosen),
        'aria-current': told.isCurrent ? 'true' : null
      },
      ...columns.map((column, index) =>
        h('div', { class: `hxv-cell hxv-${column.kind}`, role: 'gridcell', 'aria-colindex': index + 1 }, ...column.cell(row, told))
      )
    );
    element.style.transform = `translateY(${at * ROW}px)`;
    return element;
  }

  private at(event: Event): number | null {
    const row = (event.target as Element).closest<HTMLElement>('[data-version]');
    return row ? Number(row.dataset.version) : null;
  }

  private what(event: Event): Pressed | null {
    const id = this.at(event);
    return id === null ? null : { id, isChoice: (event.target as Element).closest('.hxv-choose') !== null };
  }

  private clicked(event: MouseEvent): void {
    const pressed = this.what(event) ?? this.pressed;
    this.pressed = null;
    if (pressed === null || !this.places.has(pressed.id)) return;
    this.active = pressed.id;
    if (pressed.isChoice || event.ctrlKey || event.metaKey) this.actions.choose(pressed.id);
    else this.actions.open(pressed.id);
    this.mark();
  }
}
