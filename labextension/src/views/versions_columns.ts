/** The columns of the list: what each is called, how wide it is, and what stands in its cells. */
import { number as figure } from './compare/numbers';
import { h, s, type Child } from './dom';
import { icon } from './icons';
import { duration, line } from './text';
import { MOST_LANES, type Line } from './versions_lanes';
import { metricKey, type Range } from './versions_sort';
import type { Metric, Row } from './versions_types';
import { moment, momentInFull, valueOf } from './versions_words';
import { ROW } from './versions_window';

export interface Column {
  /** As `versions_sort` has it; empty where it cannot be sorted by. */
  key: string;
  title: string;
  /** In place of the title, drawn. */
  mark?: () => Child;
  hint: string;
  /** A track of a CSS grid, and its least width in pixels. */
  track: string;
  least: number;
  kind: string;
  /** The greater the sooner it is left out where room is short; 0: never. */
  spare: number;
  /** Whether the first click sorts the greatest to the top. */
  downFirst: boolean;
  cell(row: Row, seen: Seen): Child[];
}

/** What a row is told with. */
export interface Seen {
  isCurrent: boolean;
  isChosen: boolean;
  /** How the graph runs through the row; null where it is not drawn. */
  line: Line | null;
  /** Whether the oldest stands on top. */
  isTurned: boolean;
}

export interface Shown {
  metric: Metric;
  range: Range | null;
}

const LANE = 14;
export const TONES = 6;

// pixels of a message that is cut off last
const [SHORT, LONG] = [200, 260];

/**
 * All columns that the list may have, or as many as `room` (in pixels) has space for: what a row's details tell as well goes first.
 * `sorted` is the key of one that stays.
 */
export function columnsOf(metrics: readonly Shown[], lanes: number, room = Infinity, sorted = ''): Column[] {
  let columns = allColumns(metrics, lanes);
  const least = (): number => columns.reduce((sum, one) => sum + one.least, 0);
  for (const spare of [3, 2, 1]) {
    if (least() > room) columns = columns.filter(one => one.spare !== spare || one.key === sorted);
  }
  // what does not fit still is scrolled to: up to there the message may be as long as there is room beside the version
  const before = columns.slice(0, columns.findIndex(one => one.key === 'message')).reduce((sum, one) => sum + one.least, 0);
  const message = Math.min(Math.max(room - before, SHORT), LONG);
  return least() > room ? columns.map(one => (one.key === 'message' ? { ...one, track: `${message}px`, least: message } : one)) : columns;
}

function allColumns(metrics: readonly Shown[], lanes: number): Column[] {
  const width = lanes * LANE + 10;
  return [
    column('', 'choose', 34, 'choose', (row, seen) => [chooser(row, seen.isChosen)], { hint: 'Choose versions to compare' }),
    column('', 'graph', width, 'graph', (row, seen) => [graph(row, seen, width)], { hint: 'What was made from what' }),
    column('id', 'Version', 82, 'id', row => [h('strong', {}, `v${row.id}`)], { downFirst: true }),
    { ...column('message', 'Message', SHORT, 'message', message), track: `minmax(${SHORT}px, 1fr)` },
    column('created', 'When', 100, 'when', row => [h('span', { title: momentInFull(row.created) }, moment(row.created))], { spare: 1, downFirst: true }),
    ...(['compute', 'load', 'prune'] as const).map(state =>
      column(state, STATES[state], 42, 'count', row => [count(row[state])], {
        mark: () => icon(state),
        hint: `nodes ${STATES[state]}`,
        spare: 2,
        downFirst: true
      })
    ),
    column('seconds', 'Time', 78, 'figure', row => [duration(row.seconds) || '0 s'], { hint: 'Seconds of the run', downFirst: true }),
    column('saved', 'Saved', 78, 'figure', saved, { hint: 'Seconds less than computing everything', spare: 3, downFirst: true }),
    ...metrics.map(metricColumn)
  ];
}

const STATES = { compute: 'computed', load: 'loaded', prune: 'pruned' };
const WAYS = { higher: 'higher is better', lower: 'lower is better', '': '' };
const ARROWS = { higher: ' ↑', lower: ' ↓', '': '' };

/** `auc ↑`: which way it is better, by an arrow. */
export function metricTitle(metric: Metric): string {
  return `${line(metric.name, 40)}${ARROWS[metric.direction]}`;
}

export function metricHint(metric: Metric): string {
  return [line(metric.name, 120), WAYS[metric.direction]].filter(Boolean).join(': ');
}

function metricColumn({ metric, range }: Shown): Column {
  const cell = (row: Row): Child[] => {
    if (!Object.hasOwn(row.metrics, metric.name)) return [h('span', { class: 'hx-soft', title: 'not there' }, '–')];
    const value = valueOf(row.metrics[metric.name]);
    const isBest = range?.first === row.id;
    const told = h('span', { class: isBest ? 'hxv-best' : null, title: isBest ? `best ${line(metric.name, 80)} of these, first here` : null }, figure(row.metrics[metric.name]));
    if (isBest) told.prepend(h('span', { 'aria-hidden': 'true' }, '★ '), h('span', { class: 'hx-hidden' }, 'best '));
    return [told, bar(value, range)];
  };
  const width = Math.min(Math.max(96, metricTitle(metric).length * 7.5 + 34), 190);
  return column(metricKey(metric.name), metricTitle(metric), width, 'figure', cell, {
    hint: metricHint(metric),
    downFirst: metric.direction !== 'lower'
  });
}

function column(key: string, title: string, width: number, kind: string, cell: Column['cell'], more: Partial<Column> = {}): Column {
  return { key, title, hint: title, track: `${width}px`, least: width, kind, spare: 0, downFirst: false, cell, ...more };
}

function chooser(row: Row, isChosen: boolean): HTMLElement {
  const box = h('input', { type: 'checkbox', tabindex: -1, 'aria-label': `choose version ${row.id}` });
  box.checked = isChosen;
  return box;
}

function message(row: Row, seen: Seen): Child[] {
  const failed = row.status !== 'done';
  return [
    seen.isCurrent ? h('span', { class: 'hxv-chip hxv-here' }, 'current') : null,
    failed ? h('span', { class: `hxv-${row.status === 'interrupted' ? 'interrupted' : 'failed'}`, title: line(row.error, 300) }, icon(row.status), ` ${line(row.status, 30)}`) : null,
    ...row.tags.map(tag => h('span', { class: 'hxv-chip' }, line(tag, 40))),
    row.message ? h('span', { class: 'hxv-text', title: line(row.message, 300) }, line(row.message, 300)) : null,
    row.note ? h('span', { class: 'hxv-note hx-soft', title: line(row.note, 300) }, line(row.note, 120)) : null
  ];
}

function count(value: number): Child {
  return value ? value.toLocaleString('en') : h('span', { class: 'hx-soft' }, '0');
}

function saved(row: Row): Child[] {
  const value = valueOf(row.saved);
  const told = duration(value);
  if (!told || !value) return [h('span', { class: 'hx-soft' }, '–')];
  const share = value / (value + row.seconds);
  return [h('span', { title: `${Math.floor(100 * share)}% of computing everything` }, told)];
}

/** Where a value lies between the least and the greatest, as a thin bar. */
function bar(value: number, range: Range | null): Child {
  if (!range || range.low === range.high || !Number.isFinite(value)) return null;
  const drawn = h('span', { class: 'hxv-bar', 'aria-hidden': 'true' });
  drawn.style.setProperty('--hxv-share', ((value - range.low) / (range.high - range.low)).toFixed(3));
  return drawn;
}

const HALF = ROW / 2;

/** The graph's part in one row. */
function graph(row: Row, seen: Seen, width: number): SVGElement {
  const { line: ways } = seen;
  // without lines a column of dots is enough
  const at = ways ? ways.lane : 0;
  const parts: Child[] = [];
  const way = (lane: number, d: string): void => void parts.push(s('path', { class: `hxv-way ${toneOf(lane)}`, d }));
  if (ways) {
    for (let lane = 0; lane < MOST_LANES; lane++) {
      if (ways.through & (1 << lane)) way(lane, `M${x(lane)},0V${ROW}`);
      if (ways.joins & (1 << lane)) way(lane, `M${x(lane)},0C${x(lane)},9 ${x(at)},5 ${x(at)},${HALF}`);
    }
    if (ways.up) way(at, `M${x(at)},0V${HALF}`);
    if (ways.down) way(at, `M${x(at)},${HALF}V${ROW}`);
  }
  const dot = `hxv-dot ${toneOf(row.lane)}`;
  if (seen.isCurrent) parts.push(s('circle', { class: `${dot} hxv-ring`, cx: x(at), cy: HALF, r: 7 }));
  const failed = row.status !== 'done';
  parts.push(s('circle', { class: failed ? `${dot} hxv-hollow` : dot, cx: x(at), cy: HALF, r: 4 }));
  const turn = seen.isTurned ? `matrix(1 0 0 -1 0 ${ROW})` : null;
  return s('svg', { width, height: ROW, 'aria-hidden': 'true' }, s('g', { transform: turn }, ...parts));
}

/** The class of a lane's colour. */
export function toneOf(lane: number): string {
  return `hxv-lane-${Math.min(lane, MOST_LANES - 1) % TONES}`;
}

function x(lane: number): number {
  return lane * LANE + 12;
}
