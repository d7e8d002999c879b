import { expect, test } from 'vitest';
import { editsFor, editsOf, withoutCell, type Known } from './edits';
import { row } from './samples';
import type { Row } from './wire';

function known(...rows: Row[]): Known {
  return {
    rows: new Map(rows.filter(one => one.cell).map(one => [one.cell, one])),
    nodes: new Map(rows.filter(one => one.node && !one.problem && one.state !== 'replaced').map(one => [one.node, one]))
  };
}

const edited = { declared: false };
const broken = { declared: false, problem: 'line 2: never closed' };
const names = (rows: Row[]): string[] => rows.map(one => one.cell);

test.each<[string, Row[], string[], string[]]>([
  ['all is declared', [row('a'), row('b')], [], []],
  ['in the order of the notebook', [row('b', edited), row('a'), row('c', edited)], ['cell-b', 'cell-c'], []],
  ['one that does not parse', [row('a', edited), row('b', broken)], ['cell-a'], ['cell-b']],
  ['a name that nothing defines, declared so', [row('a', { problem: 'It reads x' })], [], []],
  ['a node of no cell', [row('a', { ...edited, cell: '' })], [], []],
  ['a cell that another one replaces', [row('a', { ...edited, cell: 'first', state: 'replaced', reason: 'below' }), row('a')], [], []],
  ['the one that replaces it', [row('a', { ...edited, cell: 'first', state: 'replaced', reason: 'below' }), row('a', edited)], ['cell-a'], []],
  ['a spare cell of the same node', [row('a'), row('a', { cell: 'spare', declared: false, problem: 'Another cell' })], [], []]
])('what a run has to declare first: %s', (_, rows, first, not) => {
  const found = editsOf(known(...rows));
  expect([names(found.edited), names(found.broken)]).toEqual([first, not]);
});

test('a run to a node declares what it rests on alone', () => {
  const cells = known(row('a', edited), row('b', { ...edited, inputs: { x: 'a' } }), row('c', { inputs: { y: 'b' } }), row('d', edited), row('e', { ...broken, inputs: { z: 'a' } }), row('f', { inputs: { v: 'e' } }));
  expect(names(editsFor('c', cells).edited)).toEqual(['cell-a', 'cell-b']);
  expect(editsFor('c', cells).broken).toEqual([]);
  expect(names(editsFor('d', cells).edited)).toEqual(['cell-d']);
  expect(names(editsFor('f', cells).broken)).toEqual(['cell-e']);
});

test('a node is without a cell where nothing here declares it', () => {
  const declared = { 'cell-a': 'a', old: 'b', gone: 'c' };
  const present = new Map([['cell-a', ''], ['cell-b', '']]);
  expect(withoutCell(declared, present, known(row('a'), row('b'), row('c', { cell: '' })))).toEqual(['c']);
});
