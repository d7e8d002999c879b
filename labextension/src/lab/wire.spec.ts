import { expect, test } from 'vitest';
import { node, picture } from '../views/samples';
import { read } from './wire';

const VERSION = { id: 2, parent: 1, message: '', created: 1, status: 'done', seconds: 1, compute: 1, load: 0, metrics: { a: 1, b: 'nan' }, tags: ['x'], error: '' };
const PARTS = {
  workflow: 'main',
  dag: picture([node('a'), node('b')], [['a', 'b']]),
  cells: { 'cell-1': 'a' },
  store: { bytes: 5, budget: 10 },
  versions: { current: 2, total: 2, metrics: [{ name: 'a', direction: 'higher' }], versions: [VERSION, { ...VERSION, parent: null }] }
};

test('what a kernel says is read', () => {
  expect(read({ hello: { protocol: 1, package: '0.1.0' } })).toEqual({ kind: 'hello', protocol: 1, package: '0.1.0' });
  expect(read({ show: PARTS })).toEqual({ kind: 'show', parts: PARTS });
  expect(read({ show: { dag: { ...PARTS.dag, plan: null } } }).kind).toBe('show');
  expect(read({ event: 'begin', nodes: [['a', 'compute', null]] }).kind).toBe('run');
  expect(read({ event: 'changes', nodes: [['a', 'running', 0.5]] }).kind).toBe('run');
  expect(read({ event: 'end', status: 'done' }).kind).toBe('run');
  expect(read({ answer: 3, data: [1] })).toEqual({ kind: 'answer', message: { answer: 3, data: [1], problem: undefined } });
});

test('parts of a newer kernel are left out', () => {
  expect(read({ show: { store: PARTS.store, weather: 'fine', __proto__: null } })).toEqual({ kind: 'show', parts: { store: PARTS.store } });
  expect(read({ show: JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 1}') })).toEqual({ kind: 'show', parts: {} });
});

test.each([
  [null],
  ['hello'],
  [[]],
  [{}],
  [{ hello: { protocol: '1', package: '0.1.0' } }],
  [{ hello: { protocol: Number.NaN, package: '0.1.0' } }],
  [{ hello: null }],
  [{ show: [] }],
  [{ show: { store: { bytes: '5', budget: 10 } } }],
  [{ show: { cells: { a: 1 } } }],
  [{ show: { dag: { ...PARTS.dag, nodes: [{ name: 1 }] } } }],
  [{ show: { dag: { ...PARTS.dag, layout: null } } }],
  [{ show: { dag: { ...PARTS.dag, plan: {} } } }],
  [{ show: { dag: { ...PARTS.dag, edges: [{ parent: 'a' }] } } }],
  [{ show: { versions: { ...PARTS.versions, versions: [{ ...VERSION, id: '2' }] } } }],
  [{ show: { versions: { ...PARTS.versions, total: undefined } } }],
  [{ event: 'begin', nodes: [['a', 'compute']] }],
  [{ event: 'changes', nodes: 'a' }],
  [{ event: 'end' }],
  [{ event: 'else', nodes: [] }],
  [{ answer: null, problem: 'why' }],
  [{ answer: 1, problem: 5 }]
])('what is malformed is said to be so: %j', message => {
  expect(read(message)).toMatchObject({ kind: 'malformed', problem: expect.stringContaining('not understood') });
});
