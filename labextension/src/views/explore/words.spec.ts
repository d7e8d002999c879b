import { expect, test } from 'vitest';
import { NOTHING } from './question';
import { explored, exploredNode, outlook, totals } from './samples';
import { goingWords, notes, toldOf, totalRows } from './words';

const going = (node: string, given = {}) => ({ node, bytes: 2e6, reason: 'beyond the budget', current: true, ...given });

test('a box tells both where they differ, and one where they do not', () => {
  const compute = outlook({ state: 'compute', seconds: 3, reason: 'forced' });
  expect(toldOf(exploredNode('a', { changed: true, explored: compute }), NOTHING)).toMatchObject({
    state: 'compute', words: 'compute 3.0 s', reason: 'forced', changed: true, below: { state: 'load', words: 'was load 0.10 s' }
  });
  expect(toldOf(exploredNode('a'), NOTHING).below).toBeUndefined();
  expect(toldOf(exploredNode('a', { dropped: true, changed: true, explored: null }), NOTHING)).toMatchObject({ state: 'dropped', below: { words: 'was load 0.10 s' } });
});

test('choices stand on the box', () => {
  const pinned = exploredNode('a', { actual: outlook({ keeping: 'pinned' }) });
  expect(toldOf(pinned, { ...NOTHING, force: ['a'], targets: ['a'] }).badge).toBe('target · pinned · forced');
  expect(toldOf(pinned, { ...NOTHING, never: ['a'] }).badge).toBe('never stored');
});

test('totals have a difference with its sign, in words', () => {
  const rows = totalRows(totals(), totals({ seconds: 5, next_seconds: 0.5, used: 4e6, gone_before: [going('a')], gone_during: [going('b')] }));
  expect(rows.map(row => [row.key, row.actual, row.explored, row.difference, row.way])).toEqual([
    ['seconds', '2.0 s', '5.0 s', '+3.0 s', 1],
    ['next', '1.0 s', '0.50 s', '−0.50 s', -1],
    ['used', '4 MB', '4 MB', '', 0],
    ['gone', '0 B', '4 MB', '+4 MB', 1]
  ]);
  expect(totalRows(totals({ next_seconds: 0.906 }), totals({ next_seconds: 0.9134 }))[1]).toMatchObject({ actual: '0.91 s', explored: '0.91 s', way: 0 });
  expect(totalRows(totals({ seconds: null }), totals())[0]).toMatchObject({ actual: 'unknown', difference: '' });
});

test('what goes is named', () => {
  expect(goingWords([going('a'), going('b', { current: false }), going('')])).toBe('a (2 MB), b (earlier version, 2 MB), a value of another workflow (2 MB)');
  expect(goingWords(Array.from({ length: 8 }, (_, at) => going(`n${at}`)))).toMatch(/n5 \(2 MB\) and 2 more values$/);
  const answer = explored([], { dropped: ['c'], explored: totals({ guessed: ['g'], unsized: ['u'], gone_before: [going('a')] }) });
  expect(notes(answer).map(note => note.split(':')[0])).toEqual(['Deleted', 'Out of the DAG', 'Without those whose time nobody knows yet', 'Size not known before they run']);
});
