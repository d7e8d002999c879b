/** The history to look at and work with: composes list, curves, filter and details, and holds what the user has chosen. */
import { ComparisonView } from './comparison';
import { DiffView } from './diff';
import { fill, h } from './dom';
import type { Host } from './host';
import { offer } from './offers';
import { styled } from './style';
import { line } from './text';
import { VersionBar, Word, button } from './versions_bar';
import { columnsOf, type Column } from './versions_columns';
import { Deeds, words } from './versions_deeds';
import { filterOf } from './versions_filter';
import { linesOf, widthOf, type Line } from './versions_lanes';
import { panelOf } from './versions_panel';
import { NO_ROWS, afterDocument, afterPages, pagesBelow, type Rows } from './versions_rows';
import { NEWEST, metricKey, ordered, rangeOf, turned, type Order } from './versions_sort';
import { Strip, type Drawable } from './versions_strip';
import { VERSIONS_STYLE } from './versions_style';
import { VersionTable } from './versions_table';
import type { Row, RowsPage, VersionDetails, VersionsDocument } from './versions_types';
import { keepShortcutsOut, type View } from './view';

// shown unless one likes others
const COLUMNS = 8;
const CURVES = 3;
const TIME: Drawable = { key: 'seconds', metric: { name: 'time (s)', direction: 'lower' } };
const EMPTY: VersionsDocument = { format: 1, workflow: '', current: null, total: 0, marks: 0, metrics: [], versions: [] };

/** What filter and order leave of the history, ready to be painted. */
interface Listed {
  rows: readonly Row[];
  columns: readonly Column[];
  lines: ReadonlyMap<number, Line> | null;
  problem: string;
}

export class VersionsView implements View {
  readonly element: HTMLElement;
  private document = EMPTY;
  private rows: Rows = NO_ROWS;
  private order: Order = NEWEST;
  private opened: number | null = null;
  private details: VersionDetails | null = null;
  private compared: readonly number[] = [];
  private mounted: View | null = null;
  private readonly chosen = new Set<number>();
  /** Columns and curves that are not as they are unless one likes others. */
  private readonly turnedOver = new Set<string>();
  /** Counts documents, so that what was asked for an earlier one is dropped. */
  private pass = 0;
  private width = 0;
  /** Pixels that the list has; 0 where that is not known. */
  private room = 0;
  private listed: Listed = { rows: [], columns: [], lines: null, problem: '' };
  private readonly bar: VersionBar;
  private readonly deeds: Deeds;
  private readonly word = new Word(() => this.table.element.focus());
  private readonly strip: Strip;
  private readonly table: VersionTable;
  private readonly panel = h('aside', { class: 'hx-panel', 'aria-label': 'details of a version', tabindex: -1, hidden: true });
  private readonly main = h('div', { class: 'hx-main hxv-main' });
  private readonly nothing = h('p', { class: 'hx-soft hx-nothing', hidden: true });
  private readonly below = h('section', { class: 'hxv-below', 'aria-label': 'comparison', hidden: true });
  private readonly observer: ResizeObserver | null;

  constructor(private readonly host: Host) {
    this.bar = new VersionBar({
      filter: () => this.fromTop(),
      compare: () => void this.compare([...this.chosen].sort((a, b) => a - b)),
      clear: () => this.choose(null),
      toggle: (what, key) => this.toggle(`${what} ${key}`)
    });
    const hover = (id: number | null): void => {
      this.strip.point(id);
      this.table.point(id);
    };
    this.strip = new Strip({ hover, go: id => this.go(id) });
    this.table = new VersionTable({
      sort: column => this.sort(column),
      open: id => void this.open(id),
      choose: id => this.choose(id),
      hover: id => this.strip.point(id)
    });
    this.deeds = new Deeds(host, this.word, {
      close: () => this.close(),
      // the answer may come when another is open already
      gone: id => this.opened === id && this.close(),
      open: id => this.go(id),
      said: () => void this.refreshDetails(),
      called: id => this.called(id),
      offer: (what, versions) => offer(this.element, what, versions, this.document.session)
    });
    this.main.append(h('div', { class: 'hx-beside' }, this.table.element, this.nothing), this.panel);
    const help = h('p', { class: 'hx-help hx-soft' }, 'Arrow keys to walk, Enter for details, Space to choose for a comparison, / to filter.');
    this.element = h('div', { class: 'hx', 'data-view': 'versions' }, styled(VERSIONS_STYLE), this.bar.element, this.word.element, this.strip.element, this.main, help, this.below);
    this.element.addEventListener('keydown', event => this.key(event));
    this.element.addEventListener('pointerdown', event => this.bar.foldUnless(event.target));
    keepShortcutsOut(this.element);
    this.observer = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(() => this.resized());
    this.observer?.observe(this.element);
    this.observer?.observe(this.table.element);
  }

  /** Draw what the kernel says of the versions now; order, filter, choice, details and what is in sight stay. */
  show(document: VersionsDocument): void {
    this.document = document;
    this.rows = afterDocument(this.rows, document);
    this.pass++;
    if (!this.rows.isWhole) void this.fetch(this.pass);
    this.update();
    if (this.opened !== null) void this.refreshDetails();
  }

  dispose(): void {
    this.pass++;
    this.observer?.disconnect();
    this.table.dispose();
    this.mounted?.dispose();
    this.element.remove();
  }

  /** Ask for the versions that the document has no room for. */
  private async fetch(pass: number): Promise<void> {
    const { document } = this;
    const pages: RowsPage[] = [];
    try {
      for await (const page of pagesBelow(this.host, document)) {
        if (pass !== this.pass) return;
        pages.push(page);
        const rows = afterPages(this.rows, document, pages);
        if (rows.list.length > this.rows.list.length) this.put(rows);
      }
      if (pass === this.pass) this.put(afterPages(this.rows, document, pages));
    } catch (problem) {
      if (pass === this.pass) this.word.say(words(problem), true);
    }
  }

  private put(rows: Rows): void {
    this.rows = rows;
    this.update();
  }

  // what is shown

  /** Filter, order, columns and curves anew. */
  private update(): void {
    const { list, metrics } = this.rows;
    const { current, total } = this.document;
    const filter = filterOf(this.bar.filter.value, metrics.map(metric => metric.name));
    const kept = filter.isEmpty ? list : list.filter(row => filter.keeps(row));
    const drawables = [...metrics.map(metric => ({ key: metricKey(metric.name), metric })), TIME];
    const [columns, curves] = [this.columns(drawables), this.curves(drawables)];
    const shown = drawables.filter(one => columns.has(one.key)).map(({ metric }) => ({ metric, range: rangeOf(kept, metric) }));
    // the graph is that of the history: among rows that are left out or in another order its lines would lie
    const isHistory = this.order.key === 'id' && filter.isEmpty;
    const lines = isHistory ? new Map(linesOf(list).map((one, at) => [list[at].id, one])) : null;
    this.listed = { rows: ordered(kept, this.order), columns: columnsOf(shown, isHistory ? widthOf(list) : 1, this.room || Infinity, this.order.key), lines, problem: filter.problem };
    const parents = new Map(list.map(row => [row.id, row.parent]));
    this.strip.show([...kept].reverse(), parents, drawables.filter(one => curves.has(one.key)), current, this.width || 900);
    this.bar.offer(drawables, columns, curves);
    this.nothing.hidden = kept.length > 0;
    fill(this.nothing, total ? 'No version is like that.' : 'No versions yet: %helix run makes one.');
    // a version that the kernel has not sent yet is no deleted one
    const known = new Set(list.map(row => row.id));
    if (this.rows.isWhole) for (const id of this.chosen) if (!known.has(id)) this.chosen.delete(id);
    this.paint();
  }

  /** The same rows, with what is chosen and opened now. */
  private paint(): void {
    const { rows, columns, lines, problem } = this.listed;
    const { current, total } = this.document;
    this.table.show({
      rows,
      columns,
      order: this.order,
      opened: this.opened,
      seen: row => ({
        isCurrent: row.id === current,
        isChosen: this.chosen.has(row.id),
        line: lines?.get(row.id) ?? null,
        isTurned: !this.order.down
      })
    });
    this.bar.show({ total, known: this.rows.list.length, shown: rows.length, current, problem, chosen: [...this.chosen] });
  }

  private columns(drawables: readonly Drawable[]): Set<string> {
    const usual = drawables.filter(one => one !== TIME).slice(0, COLUMNS);
    return this.asLiked('column', drawables, usual);
  }

  private curves(drawables: readonly Drawable[]): Set<string> {
    const metrics = drawables.filter(one => one !== TIME);
    const told = metrics.filter(one => one.metric.direction);
    return this.asLiked('curve', drawables, metrics.length ? [...told, ...metrics.filter(one => !told.includes(one))].slice(0, CURVES) : [TIME]);
  }

  private asLiked(what: string, all: readonly Drawable[], usual: readonly Drawable[]): Set<string> {
    return new Set(all.filter(one => usual.includes(one) !== this.turnedOver.has(`${what} ${one.key}`)).map(one => one.key));
  }

  private toggle(what: string): void {
    if (!this.turnedOver.delete(what)) this.turnedOver.add(what);
    this.update();
  }

  private resized(): void {
    const [width, room] = [this.element.clientWidth, this.table.element.clientWidth];
    if (Math.abs(width - this.width) < 16 && Math.abs(room - this.room) < 16) return;
    this.width = width;
    this.room = room;
    this.update();
  }

  private sort(column: Column): void {
    this.order = turned(this.order, column.key, column.downFirst);
    this.fromTop();
  }

  /** Other rows were asked for: the first of them come into sight. */
  private fromTop(): void {
    this.table.rewind();
    this.update();
  }

  private choose(id: number | null): void {
    if (id === null) this.chosen.clear();
    else if (!this.chosen.delete(id)) this.chosen.add(id);
    this.paint();
  }

  private go(id: number): void {
    this.table.go(id);
    this.table.element.focus({ preventScroll: true });
    if (this.opened !== null) void this.open(id);
  }

  // keys

  private key(event: KeyboardEvent): void {
    const field = event.target instanceof HTMLTextAreaElement || (event.target instanceof HTMLInputElement && event.target.type !== 'checkbox');
    if (event.key === 'Escape') this.leave(event.target as Element);
    else if (!field && !event.altKey && !event.ctrlKey && !event.metaKey && this.act(event)) event.preventDefault();
    // Tab is the page's; what else is pressed in here is meant for here
    if (event.key !== 'Tab' && (field || !(event.ctrlKey || event.metaKey || event.altKey))) event.stopPropagation();
  }

  /** Do what a key asks for; false where it means nothing here. */
  private act(event: KeyboardEvent): boolean {
    if (event.key === '/') this.bar.filter.focus();
    else if (event.target !== this.table.element) return false;
    else if (this.table.key(event.key)) {
      if (this.opened !== null && this.table.current !== null) void this.open(this.table.current);
    } else if (event.key === 'Enter' && this.table.current !== null) void this.open(this.table.current).then(() => this.panel.focus());
    else if (event.key === ' ' && this.table.current !== null) this.choose(this.table.current);
    else return false;
    return true;
  }

  /** Escape takes back what came last: a question, the menu, the filter, the details. */
  private leave(from: Element): void {
    if (!this.word.element.hidden) this.word.hide();
    else if (this.bar.fold()) this.table.element.focus();
    else if (from === this.bar.filter) {
      this.bar.filter.value = '';
      this.fromTop();
      this.table.element.focus();
    } else this.close();
  }

  // details

  private async open(id: number): Promise<void> {
    const anew = this.opened !== id;
    this.opened = id;
    this.panel.hidden = false;
    this.main.classList.add('hx-open');
    this.table.go(id);
    if (anew) {
      this.details = null;
      fill(this.panel, h('p', { class: 'hx-soft hx-waiting', role: 'status' }, 'Asking the kernel…'));
      this.paint();
    }
    await this.refreshDetails();
  }

  private async refreshDetails(): Promise<void> {
    const id = this.opened;
    // what is being written must not be lost to a run that ends meanwhile
    if (id === null || this.isEditing) return;
    try {
      const details = await this.host.ask<VersionDetails>('version', { version: id });
      if (this.opened !== id || this.isEditing) return;
      const scrolled = this.details?.id === id ? this.panel.scrollTop : 0;
      this.details = details;
      const focus = this.panel.contains(document.activeElement) ? document.activeElement : null;
      fill(this.panel, panelOf(details, id === this.document.current, this.deeds));
      if (focus) this.refocus(focus);
      this.panel.scrollTop = scrolled;
    } catch (problem) {
      if (this.opened === id) fill(this.panel, button('×', 'Close (Esc)', () => this.close()), h('p', { class: 'hx-soft', role: 'alert' }, words(problem)));
    }
  }

  /** Put the focus where it was in a panel that is drawn anew. */
  private refocus(lost: Element): void {
    const told = (one: Element): string => one.getAttribute('aria-label') ?? one.textContent ?? '';
    const again = [...this.panel.querySelectorAll<HTMLElement>('input, textarea, button')].find(one => told(one) === told(lost));
    (again ?? this.panel).focus();
  }

  private get isEditing(): boolean {
    return this.panel.querySelector('.hxv-edited') !== null;
  }

  private called(id: number): string {
    const message = this.rows.list.find(row => row.id === id)?.message;
    return message ? `v${id} “${line(message, 60)}”` : `v${id}`;
  }

  private close(): void {
    const focus = this.panel.contains(document.activeElement);
    this.opened = this.details = null;
    this.panel.hidden = true;
    fill(this.panel);
    this.main.classList.remove('hx-open');
    this.paint();
    if (focus) this.table.element.focus();
  }

  /** Set versions side by side, below the list. */
  private async compare(versions: readonly number[]): Promise<void> {
    if (versions.length === 2 && offer(this.element, 'compare', versions, this.document.session)) return;
    this.compared = versions;
    const [a, b] = versions;
    const found = await (versions.length > 2 ? this.deeds.tell('comparison', { versions }) : this.deeds.tell('diff', { a, b }));
    if (found === null || this.compared !== versions) return;
    this.mounted?.dispose();
    this.mounted = versions.length > 2 ? new ComparisonView(this.host) : new DiffView(this.host);
    this.mounted.show(found as never);
    const close = button('×', 'Close the comparison', () => {
      this.below.hidden = true;
      this.table.element.focus();
    });
    this.below.hidden = false;
    fill(this.below, h('header', { class: 'hxv-below-head' }, h('strong', {}, versions.map(id => `v${id}`).join(' → ')), close), this.mounted.element);
    this.below.scrollIntoView?.({ block: 'nearest' });
  }
}
