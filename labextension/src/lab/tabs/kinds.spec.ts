import { expect, test, vi } from 'vitest';
import { textsOf } from '../merge/texts';
import { keyOf, readArguments, titleOf, type TabArguments } from './kinds';
import { widen } from './wide';

const words = { __: (text: string) => text, _n: (one: string) => one };
const compare: TabArguments = { id: 't', kind: 'compare', path: 'work/book.ipynb', versions: [3, 5] };

test('a tab is called by what it shows and by its notebook', () => {
  expect(titleOf(compare, words)).toBe('3 ↔ 5 · book');
  expect(titleOf({ kind: 'explore', path: 'book.ipynb', versions: [] }, words)).toBe('What if · book');
  expect(titleOf({ kind: 'versions', path: 'a b.ipynb', versions: [] }, words)).toBe('Versions · a b');
  expect(keyOf(compare)).not.toBe(keyOf({ ...compare, versions: [5, 3] }));
});

test('what a layout holds is taken as it is', () => {
  expect(readArguments({ ...compare, more: 1 })).toEqual(compare);
  expect(readArguments({ id: 't', kind: 'explore', path: 'a', versions: [] })).toEqual({ id: 't', kind: 'explore', path: 'a', versions: [] });
});

test.each([
  [{}],
  [{ ...compare, id: undefined }],
  [{ ...compare, kind: 'other' }],
  [{ ...compare, path: 1 }],
  [{ ...compare, versions: [1] }],
  [{ ...compare, versions: ['1', '2'] }],
  [{ ...compare, versions: 3 }],
  [{ ...compare, kind: 'versions' }]
])('a layout of another shape opens nothing: %j', data => {
  expect(() => readArguments(data)).toThrow('no such tab');
});

test('rows give back both texts', () => {
  const line = (number: number, ...pieces: string[]) => ({ number, changed: true, kinds: '', pieces: pieces.map((text, at): [string, boolean] => [text, at % 2 > 0]) });
  const folded = { skipped: 2, lines: [[1, 1, 'a = 1', ''], [2, 2, '', '']] as [number, number, string, string][] };
  expect(textsOf([folded, { before: line(3, 'b = ', '2'), after: line(3, 'b = ', '3') }, { before: null, after: line(4, 'c') }])).toEqual({
    before: 'a = 1\n\nb = 2',
    after: 'a = 1\n\nb = 3\nc'
  });
  expect(textsOf([{ before: null, after: line(1, 'x') }])).toEqual({ before: null, after: 'x' });
  expect(textsOf([{ before: line(1, 'x'), after: null }])).toEqual({ before: 'x', after: null });
});

test.each([
  [[0, 0.75, 0.25], [0, 0.4, 0.6]],
  [[0.2, 0.6, 0.2], [0.1, 0.3, 0.6]],
  [[0, 0.3, 0.7], null]
])('a tab in a side area gets its share of the width, and the others keep theirs of the rest: %j', (sizes, expected) => {
  const side = { parent: null as unknown };
  const found = vi.fn();
  side.parent = { orientation: 'horizontal', widgets: [{}, {}, side], relativeSizes: () => sizes, setRelativeSizes: found };
  widen({ parent: { parent: side } } as never, 0.6);
  expect(found.mock.calls.map(([given]) => given.map((size: number) => Math.round(size * 1000) / 1000))).toEqual(expected ? [expected] : []);
});
