import { expect, test } from 'vitest';
import { neighbour, reach, relations } from './graph';
import type { Layout } from './types';

const RELATED = relations(['a', 'b', 'c', 'd'], [
  { parent: 'a', child: 'b' },
  { parent: 'a', child: 'c' },
  { parent: 'b', child: 'd' },
  { parent: 'c', child: 'd' }
]);
const LAYOUT: Layout = {
  width: 300,
  height: 300,
  nodes: { a: [100, 0, 50, 40], b: [40, 80, 50, 40], c: [110, 80, 50, 40], d: [100, 160, 50, 40] },
  edges: []
};

test('what is above and below', () => {
  expect([...reach('d', RELATED.parents)].sort()).toEqual(['a', 'b', 'c']);
  expect([...reach('b', RELATED.children)]).toEqual(['d']);
});

test.each([
  ['a', 'down', 'c'],
  ['d', 'up', 'c'],
  ['b', 'right', 'c'],
  ['c', 'left', 'b'],
  ['a', 'up', null],
  ['a', 'left', null],
  ['nobody', 'up', null]
] as const)('from %s %s', (name, direction, found) => expect(neighbour(name, direction, LAYOUT, RELATED)).toBe(found));
