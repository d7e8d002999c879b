import { expect, test } from 'vitest';
import { freePath, linesOfCells, readAdopted } from './adopted';

const CELL = { number: 1, kind: 'node', nodes: ['x'], notes: [] };
const ADOPTED = { notebook: {}, changed: true, cells: [CELL], before: '', after: '' };

test('an answer that fits is taken', () => {
  expect(readAdopted(ADOPTED)).toBe(ADOPTED);
});

test.each([[null], [{ ...ADOPTED, cells: undefined }], [{ ...ADOPTED, cells: [null] }], [{ ...ADOPTED, cells: [{ ...CELL, notes: 'x' }] }], [{ ...ADOPTED, after: 1 }], [{ ...ADOPTED, notebook: null }]])(
  'an answer of another shape is refused: %j',
  data => expect(() => readAdopted(data)).toThrow('another release')
);

test('code cells are found in the text', () => {
  expect(linesOfCells('# %%\na\n\n# %% [markdown]\n# words\n\n# %%\nb\n')).toEqual([1, 7]);
});

test.each([
  ['book.ipynb', [], 'book-helix.ipynb'],
  ['a/book.ipynb', ['a/book-helix.ipynb', 'a/book-helix-2.ipynb'], 'a/book-helix-3.ipynb']
])('a name that nobody has is found for %s', async (path, taken, free) => {
  expect(await freePath(path, async one => taken.includes(one))).toBe(free);
});
