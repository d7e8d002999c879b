import { describe, expect, test } from 'vitest';
import { columnsOf } from './versions_columns';
import { curveOf, nearestPoint } from './versions_curves';
import { filterOf } from './versions_filter';
import { MOST_LANES, linesOf, widthOf } from './versions_lanes';
import { NO_ROWS, afterDocument, afterPages } from './versions_rows';
import { listOf, row } from './versions_samples';
import { NEWEST, ordered, rangeOf, turned, type Order } from './versions_sort';
import { moment, valueOf } from './versions_words';
import { ROW, revealed, windowOf } from './versions_window';

const ids = (rows: readonly { id: number }[]): number[] => rows.map(one => one.id);

const ALL = ['choose', 'graph', 'id', 'message', 'created', 'compute', 'load', 'prune', 'seconds', 'saved', 'auc'];

test.each<[string, number, string, string[], string]>([
  ['wide', 1_000, 'id', [], 'minmax(200px, 1fr)'],
  ['a notebook', 760, 'id', ['saved'], 'minmax(200px, 1fr)'],
  ['narrower', 620, 'id', ['saved', 'compute', 'load', 'prune'], 'minmax(200px, 1fr)'],
  ['narrower by what it is sorted by', 620, 'saved', ['created', 'compute', 'load', 'prune'], 'minmax(200px, 1fr)'],
  ['a phone', 400, 'id', ['compute', 'load', 'prune', 'saved', 'created'], '260px'],
  ['less than that', 360, 'id', ['compute', 'load', 'prune', 'saved', 'created'], '220px'],
  ['next to nothing', 100, 'id', ['compute', 'load', 'prune', 'saved', 'created'], '200px']
])('where room is short for the list the message keeps its own: %s', (_, room, sorted, without, message) => {
  const columns = columnsOf([{ metric: { name: 'auc', direction: 'higher' }, range: null }], 1, room, sorted);
  const keys = columns.map(one => (one.key || one.title).replace('metric:', ''));
  expect(keys).toEqual(ALL.filter(one => !without.includes(one)));
  expect(columns.find(one => one.key === 'message')!.track).toBe(message);
});

describe('rows', () => {
  const all = Array.from({ length: 10 }, (_, at) => row(at + 1));

  test('a document alone is whole where it shows all', () => {
    const rows = afterDocument(NO_ROWS, listOf(all));
    expect([ids(rows.list), rows.isWhole]).toEqual([[10, 9, 8, 7, 6, 5, 4, 3, 2, 1], true]);
  });

  test('pages bring the rest, with metrics of their own', () => {
    const document = listOf(all, {}, 4);
    const first = afterDocument(NO_ROWS, document);
    expect([ids(first.list), first.isWhole]).toEqual([[10, 9, 8, 7], false]);
    const page = { metrics: [{ name: 'auc', direction: 'higher' as const }], versions: all.slice(0, 6) };
    const whole = afterPages(first, document, [page]);
    expect([whole.list.length, whole.isWhole, whole.metrics[0].name]).toEqual([10, true, 'auc']);
  });

  test('another run asks for nothing again; what was said of an old version does', () => {
    const whole = afterDocument(NO_ROWS, listOf(all));
    const more = [...all, row(11)];
    expect(afterDocument(whole, listOf(more, {}, 3)).isWhole).toBe(true);
    const renamed = more.map(one => (one.id === 2 ? row(2, { message: 'x', mark: 5 }) : one));
    expect(afterDocument(whole, listOf(renamed, {}, 3)).isWhole).toBe(false);
    expect(afterDocument(whole, listOf(more.slice(1), {}, 3)).isWhole).toBe(false);
  });

  test('what was deleted among the newest is gone at once', () => {
    const whole = afterDocument(NO_ROWS, listOf(all));
    const without = all.filter(one => one.id !== 9);
    const rows = afterDocument(whole, listOf(without, {}, 4));
    expect([ids(rows.list).includes(9), rows.isWhole]).toEqual([false, true]);
  });
});

describe('the graph', () => {
  // 1 - 2 - 4 ; 3 from 1 ; 5 from 3
  const rows = [row(5, { parent: 3, lane: 1 }), row(4, { parent: 2 }), row(3, { parent: 1, lane: 1 }), row(2), row(1)];

  test('lines run from each version to its parent', () => {
    expect(linesOf(rows)).toEqual([
      { lane: 1, up: false, down: true, through: 0, joins: 0 },
      { lane: 0, up: false, down: true, through: 0b10, joins: 0 },
      { lane: 1, up: true, down: true, through: 0b01, joins: 0 },
      { lane: 0, up: true, down: true, through: 0b10, joins: 0 },
      { lane: 0, up: true, down: false, through: 0, joins: 0b10 }
    ]);
    expect(widthOf(rows)).toBe(2);
  });

  test('a parent that is not there lies below', () => {
    expect(linesOf([row(9, { parent: 3, lane: 2 }), row(8, { parent: 7 })])[1].through).toBe(0b100);
  });

  test('a thousand branches stay narrow', () => {
    const many = [...Array.from({ length: 1000 }, (_, at) => row(1001 - at, { parent: 1, lane: 999 - at })), row(1)];
    expect(widthOf(many)).toBe(MOST_LANES);
    expect(linesOf(many)[1000].joins).toBe(2 ** MOST_LANES - 2);
  });
});

describe('the filter', () => {
  const rows = [
    row(12, { message: 'C=0.5 "more"', tags: ['Best'], metrics: { auc: 0.9, 'my loss': 1 } }),
    row(2, { status: 'failed', error: 'ValueError', metrics: { auc: 'nan' } }),
    row(1, { note: 'the base', metrics: { auc: 0.7, 'my loss': 'inf' } })
  ];

  test.each([
    ['', [12, 2, 1]],
    ['  ', [12, 2, 1]],
    ['v12', [12]],
    ['v1', [1]],
    ['BASE', [1]],
    ['tag:best', [12]],
    ['-tag:best', [2, 1]],
    ['status:failed', [2]],
    ['valueerror', [2]],
    ['auc>0.8', [12]],
    ['AUC<=0.9', [12, 1]],
    ['auc!=0.9', [1]],
    ['"my loss">5', [1]],
    ['loss=1', [12]],
    ['C=0.5', [12]],
    ['time<3', [2, 1]],
    ['time<3 -v1', [2]],
    ['compute>=2 try', [2, 1]],
    ['"try 1"', [1]],
    ['constructor', []],
    // not written to its end
    ['auc>', [12, 2, 1]],
    ['-auc>=', [12, 2, 1]],
    ['roc>', [12, 2, 1]],
    ['auc>-', [12, 2, 1]],
    ['auc>1e-', [12, 2, 1]],
    ['loss=', [12, 2, 1]],
    ['tag:', [12, 2, 1]],
    ['base -', [1]]
  ])('%s', (text, found) => {
    const filter = filterOf(text, ['auc', 'my loss']);
    expect(ids(rows.filter(one => filter.keeps(one)))).toEqual(found);
    expect(filter.problem).toBe('');
  });

  test.each([
    ['roc>0.8', 'No metric is called roc'],
    ['auc>high', 'high is no number'],
    ['__proto__>1', 'No metric is called __proto__']
  ])('%s is told', (text, problem) => {
    const filter = filterOf(text, ['auc']);
    expect(filter.problem).toBe(problem);
    expect(rows.every(one => filter.keeps(one))).toBe(true);
  });
});

describe('the order', () => {
  const rows = [row(4, { metrics: { auc: 0.5 } }), row(3), row(2, { metrics: { auc: 'nan' } }), row(1, { metrics: { auc: 0.9 } })];

  test.each<[Order, number[]]>([
    [NEWEST, [4, 3, 2, 1]],
    [{ key: 'id', down: false }, [1, 2, 3, 4]],
    [{ key: 'metric:auc', down: true }, [1, 4, 3, 2]],
    [{ key: 'metric:auc', down: false }, [4, 1, 3, 2]],
    [{ key: 'seconds', down: false }, [1, 2, 3, 4]],
    [{ key: 'compute', down: false }, [4, 3, 2, 1]]
  ])('%o', (order, found) => expect(ids(ordered(rows, order))).toEqual(found));

  test('clicks go round', () => {
    const first = turned(NEWEST, 'metric:loss', false);
    expect(first).toEqual({ key: 'metric:loss', down: false });
    const second = turned(first, 'metric:loss', false);
    expect(second).toEqual({ key: 'metric:loss', down: true });
    expect(turned(second, 'metric:loss', false)).toEqual(NEWEST);
    expect(turned(NEWEST, 'id', true)).toEqual({ key: 'id', down: false });
  });

  test('the best of a column', () => {
    expect(rangeOf(rows, { name: 'auc', direction: 'higher' })).toEqual({ low: 0.5, high: 0.9, best: 0.9, first: 1 });
    expect(rangeOf(rows, { name: 'auc', direction: 'lower' })!.best).toBe(0.5);
    expect(rangeOf(rows, { name: 'auc', direction: '' })).toMatchObject({ best: NaN, first: null });
    const tie = [row(6, { metrics: { auc: 0.9 + 1e-15 } }), row(5, { metrics: { auc: 0.9 } }), ...rows.slice(0, 3)];
    expect(rangeOf(tie, { name: 'auc', direction: 'higher' })!.first).toBe(5);
    expect(rangeOf(rows, { name: 'toString', direction: '' })).toBeNull();
  });
});

describe('curves', () => {
  const rows = [
    row(1, { metrics: { auc: 0.5 } }),
    row(2, { metrics: { auc: 'inf' } }),
    row(3, { metrics: { auc: 0.7 } }),
    row(4, { parent: 1, metrics: { auc: 0.6 } }),
    row(5, { parent: 3 })
  ];
  const parents = new Map(rows.map(one => [one.id, one.parent]));
  const auc = (one: { metrics: Record<string, unknown> }): number => Number(one.metrics.auc ?? NaN);

  test('lines lead to what a version was made from, over those without a value', () => {
    const curve = curveOf(rows, auc, parents);
    expect(curve.points.map(point => [point.id, point.at])).toEqual([[1, 0], [3, 2], [4, 3]]);
    expect(curve.links).toEqual([{ from: 0, to: 1, gap: true }, { from: 0, to: 2, gap: false }]);
    expect(curve.count).toBe(5);
  });

  test('a version that is filtered out is led over as well', () => {
    const curve = curveOf([rows[0], rows[3]], auc, parents);
    expect(curve.links).toEqual([{ from: 0, to: 1, gap: false }]);
  });

  test('what cannot be so does not hang', () => {
    expect(curveOf([rows[0]], auc, new Map([[1, 1]])).links).toEqual([]);
  });

  test('the nearest point', () => {
    const { points } = curveOf(rows, auc, parents);
    expect([-5, 0.9, 1.1, 2.6, 99].map(at => nearestPoint(points, at)!.id)).toEqual([1, 1, 3, 4, 4]);
    expect(nearestPoint([], 1)).toBeNull();
  });
});

test('the window holds what is seen and a little more', () => {
  expect(windowOf(0, 300, 10_000)).toEqual([0, 20]);
  expect(windowOf(100 * ROW, 300, 10_000)).toEqual([90, 120]);
  expect(windowOf(9_990 * ROW, 300, 10_000)).toEqual([9_980, 10_000]);
  expect(windowOf(500, 300, 0)).toEqual([0, 0]);
  expect(revealed(0, 500, 300, 30)).toBe(0);
  expect(revealed(20, 500, 300, 30)).toBe(500);
  expect(revealed(30, 500, 300, 30)).toBe(31 * ROW + 30 - 300);
});

test('moments', () => {
  const now = new Date(2026, 10, 26, 15, 0);
  const at = (...parts: [number, number, number, number, number]): number => new Date(...parts).getTime() / 1000;
  expect([at(2026, 10, 26, 9, 5), at(2026, 1, 3, 9, 5), at(2025, 1, 3, 9, 5), NaN].map(one => moment(one, now))).toEqual(['09:05', '3 Feb 09:05', '2025-02-03', '']);
});

test('what a figure stands for', () => {
  expect([0.5, 'inf', '-inf', 'nan', null].map(valueOf)).toEqual([0.5, Infinity, -Infinity, NaN, NaN]);
});
