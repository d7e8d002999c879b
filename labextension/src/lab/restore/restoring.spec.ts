import { YNotebook } from '@jupyter/ydoc';
import { expect, test } from 'vitest';
import { cellsByNode, readRestoration, withIds, write, type RestoredCell } from './restoring';

const TEXTS = { p: 'import math', a: '%%helix rows\nrows = 1', b: '%%helix total\ntotal = rows', c: '%%helix more\nmore = 1' };

const SHOWN = { output_type: 'stream' as const, name: 'stdout' as const, text: 'shown' };

function notebook(disableDocumentWideUndoRedo = true): YNotebook {
  const cells = Object.entries(TEXTS).map(([id, source]) => ({ id, source, cell_type: 'code' as const, metadata: { tags: ['x'] }, outputs: [SHOWN], execution_count: 4 }));
  const made = YNotebook.create({ disableDocumentWideUndoRedo, data: { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 } });
  made.clearUndoHistory();
  return made;
}
const said = (one: YNotebook): Record<string, string> => Object.fromEntries(one.cells.map(cell => [cell.id, cell.getSource()]));
const cell = (node: string, id: string, text = `%%helix ${node}\n${node} = 2`): RestoredCell => ({ node, cell: id, text });
const restoration = (cells: RestoredCell[], definitions = '') => ({ version: 1, cells, others: {}, definitions });

test.each([true, false])('all that is written is one step, and an edit before it is another (cells apart: %s)', apart => {
  const book = notebook(apart);
  book.getCell(1).setSource('%%helix rows\nrows = "not run yet"');
  book.getCell(0).setSource('import math, os');
  const before = said(book);
  const made = write(book, [cell('rows', 'a'), cell('new', 'n'), cell('total', 'b', TEXTS.b)], new Set(['c']));
  expect(made).toEqual({ updated: 1, inserted: 1, removed: 1 });
  expect(Object.keys(said(book))).toEqual(['p', 'a', 'n', 'b']);
  expect(said(book)).toMatchObject({ a: '%%helix rows\nrows = 2', n: '%%helix new\nnew = 2', b: TEXTS.b });
  // the editor's own undo does not mix what was typed before into it
  if (apart) book.getCell(1).undo();
  expect(book.getCell(1).getSource()).toBe('%%helix rows\nrows = 2');
  expect(book.getCell(1).toJSON()).toMatchObject({ outputs: [{ name: 'stdout' }], execution_count: 4, metadata: { tags: ['x'] } });
  book.undo();
  expect(said(book)).toEqual(before);
  book.redo();
  expect(Object.values(said(book))[1]).toBe('%%helix rows\nrows = 2');
});

test.each([
  ['behind the one before', [cell('rows', 'a'), cell('x', 'n')], ['p', 'a', 'n', 'b', 'c']],
  ['several in their order', [cell('total', 'b'), cell('x', 'n'), cell('y', 'm')], ['p', 'a', 'b', 'n', 'm', 'c']],
  ['the first before the first that is there', [cell('x', 'n'), cell('total', 'b')], ['p', 'a', 'n', 'b', 'c']],
  ['at the end where none is there', [cell('x', 'n'), cell('y', 'm')], ['p', 'a', 'b', 'c', 'n', 'm']],
  ['cells may stand in another order', [cell('total', 'b'), cell('rows', 'a'), cell('x', 'n')], ['p', 'a', 'n', 'b', 'c']]
])('new cells stand where they should: %s', (_, cells, order) => {
  const book = notebook();
  write(book, cells, new Set(['gone']));
  expect(book.cells.map(one => one.id)).toEqual(order);
});

test('cells that say it already are left alone', () => {
  const book = notebook();
  expect(write(book, [cell('rows', 'a', TEXTS.a)], new Set())).toEqual({ updated: 0, inserted: 0, removed: 0 });
  expect(book.canUndo()).toBe(false);
});

test('what is missing gets an id, definitions first', () => {
  let count = 0;
  const cells = withIds(restoration([cell('rows', 'a'), cell('x', ''), cell('y', 'deleted meanwhile')], 'K = 3'), new Set(['a']), () => `new-${++count}`);
  expect(cells.map(one => [one.node, one.cell])).toEqual([
    ['', 'new-1'],
    ['rows', 'a'],
    ['x', 'new-2'],
    ['y', 'new-3']
  ]);
  expect(cellsByNode(cells)).toEqual({ rows: 'a', x: 'new-2', y: 'new-3' });
});

test.each([
  [null],
  [{}],
  [{ ...restoration([]), version: '1' }],
  [{ ...restoration([]), cells: [{ node: 'a', cell: 1, text: '' }] }],
  [{ ...restoration([]), cells: [null] }],
  [{ ...restoration([]), others: { a: 1 } }],
  [{ ...restoration([]), others: null }],
  [{ ...restoration([]), definitions: undefined }]
])('an answer of another shape is refused: %j', data => {
  expect(() => readRestoration(data)).toThrow('not understood');
});

test('an answer that fits is taken', () => {
  expect(readRestoration(restoration([cell('a', '')]))).toEqual(restoration([cell('a', '')]));
});
