/** Rows in another order, and what is best in a column. Pure. */
import type { Metric, Row } from './versions_types';
import { valueOf } from './versions_words';

export interface Order {
  /** Of the column: `id`, `message`, ..., or `metric:NAME`. */
  key: string;
  down: boolean;
}

/** That of the history itself. */
export const NEWEST: Order = { key: 'id', down: true };

const VALUES: Record<string, (row: Row) => number | string> = {
  id: row => row.id,
  message: row => row.message.toLowerCase(),
  created: row => row.created,
  compute: row => row.compute,
  load: row => row.load,
  prune: row => row.prune,
  seconds: row => row.seconds,
  saved: row => valueOf(row.saved)
};

export function metricKey(name: string): string {
  return `metric:${name}`;
}

/** What a column says of a row; NaN where it says nothing. */
export function valueIn(row: Row, key: string): number | string {
  if (Object.hasOwn(VALUES, key)) return VALUES[key](row);
  const name = key.slice('metric:'.length);
  return Object.hasOwn(row.metrics, name) ? valueOf(row.metrics[name]) : NaN;
}

/** `rows`, newest first, in an order; what has no value comes last whichever way, equals stay as they are. */
export function ordered(rows: readonly Row[], order: Order): readonly Row[] {
  if (order.key === 'id') return order.down ? rows : [...rows].reverse();
  const keyed = rows.map(row => ({ row, value: valueIn(row, order.key) }));
  const sign = order.down ? -1 : 1;
  keyed.sort((a, b) => {
    const missing = Number(isMissing(a.value)) - Number(isMissing(b.value));
    if (missing || isMissing(a.value)) return missing;
    return a.value < b.value ? -sign : a.value > b.value ? sign : 0;
  });
  return keyed.map(one => one.row);
}

/** The order after a click on a column's head: its first, then the other way round, then that of the history. */
export function turned(order: Order, key: string, downFirst: boolean): Order {
  if (order.key !== key) return { key, down: downFirst };
  if (order.down !== downFirst && key !== 'id') return NEWEST;
  return { key, down: !order.down };
}

export interface Range {
  low: number;
  high: number;
  /** The best value; NaN where nobody knows which way is better, or all are the same. */
  best: number;
  /** The first version that has the best value. */
  first: number | null;
}

/** Least, greatest and best of a metric; null where no version has a number. */
export function rangeOf(rows: readonly Row[], metric: Metric): Range | null {
  let [low, high] = [Infinity, -Infinity];
  for (const row of rows) {
    const value = valueIn(row, metricKey(metric.name)) as number;
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return null;
  const best = isSame(low, high) || !metric.direction ? NaN : metric.direction === 'higher' ? high : low;
  const ids = rows.filter(row => isSame(valueIn(row, metricKey(metric.name)) as number, best)).map(row => row.id);
  return { low, high, best, first: ids.length ? ids.reduce((a, b) => Math.min(a, b)) : null };
}

/** But for rounding: the tolerances of `version/metrics.py`. */
function isSame(one: number, other: number): boolean {
  return Math.abs(one - other) <= Math.max(1e-9 * Math.max(Math.abs(one), Math.abs(other)), 1e-12);
}

function isMissing(value: number | string): boolean {
  return typeof value === 'number' ? Number.isNaN(value) : value === '';
}
