import { Signal } from '@lumino/signaling';
import { beforeEach, expect, test } from 'vitest';
import { HOSTILE } from '../views/samples';
import type { RunNode } from '../views/run';
import { LiveCard, readCard } from './card';
import { row, words } from './drafts/samples';
import type { Row } from './drafts/wire';

const CARD = { node: 'a', outputs: ['a'], inputs: ['x', 'y'], note: '' };

class FakeDrafts {
  changed = new Signal<this, void>(this);
  nodes = new Map<string, Row>();
  rows = new Map<string, Row>();
  run: RunNode | undefined;
  running = (): RunNode | undefined => this.run;
  say(...rows: Row[]): void {
    this.rows = new Map(rows.map(one => [one.cell, one]));
    this.nodes = new Map(rows.filter(one => !one.problem).map(one => [one.node, one]));
    this.changed.emit();
  }
}

let drafts: FakeDrafts;
let isTold: boolean;
let cell: string | undefined;
const cardOf = (given: Partial<typeof CARD> = {}): LiveCard => new LiveCard({ ...CARD, ...given }, () => cell, drafts as never, words, told => (isTold = told));

beforeEach(() => {
  drafts = new FakeDrafts();
  cell = undefined;
});

test('a card says how its node is by now, and nothing where nobody knows', () => {
  const card = cardOf();
  expect(isTold).toBe(false);
  drafts.say(row('a', { value: 'none', seconds: null }));
  expect(isTold).toBe(true);
  expect(card.element.textContent).toBe('x, y → a ·  never run');
  drafts.run = { phase: 'running', state: 'compute', predicted: 4, since: 0, seconds: 0 };
  drafts.changed.emit();
  expect(card.element.textContent).toContain('·  running');
  drafts.run = undefined;
  drafts.say(row('a', { value: 'fresh', state: 'prune' }));
  expect([card.element.dataset.state, card.element.textContent]).toEqual(['fresh', 'x, y → a ·  fresh']);
  drafts.say(row('other'));
  expect(isTold).toBe(false);
  card.dispose();
  drafts.say(row('a'));
  expect(isTold).toBe(false);
});

const WAITS = '`K` is edited in cell [3]; run that cell';

test.each<[string, Partial<Row>, string]>([
  ['stale', { reason: 'line 2 changed: `C=1.0 -> C=0.3`', seconds: 0.64 }, ' stale 0.64 s · line 2 changed: C=1.0 → C=0.3'],
  ['computes', { value: 'fresh', reason: 'volatile' }, ' computes 2.0 s · volatile'],
  ['cannot run', { problem: "It reads 'z', which nothing defines." }, " error · It reads 'z', which nothing defines."],
  ['stale once a plain cell runs', { state: 'load', reason: 'stored', waits: WAITS }, ' stale · K is edited in cell [3]; run that cell'],
  ['stale for two reasons', { waits: WAITS }, ' stale 2.0 s · line 2 changed; K is edited in cell [3]; run that cell'],
  ['fresh', { value: 'fresh', state: 'load', seconds: 0, reason: 'stored' }, ' fresh'],
  ['never run', { value: 'none', seconds: null, reason: 'never run before' }, ' never run'],
  ['a long reason', { reason: 'word '.repeat(100) }, ` stale 2.0 s · ${'word '.repeat(100).slice(0, 119)}…`]
])('why it is so is said where something is to be done: %s', (_, given, says) => {
  const card = cardOf();
  drafts.nodes = new Map([['a', row('a', given)]]);
  drafts.changed.emit();
  expect(card.element.textContent).toBe(`x, y → a · ${says}`);
});

test('while a run is with it why is not said', () => {
  const card = cardOf();
  drafts.run = { phase: 'running', state: 'compute', predicted: 4, since: 0, seconds: 0 };
  drafts.say(row('a'));
  expect(card.element.textContent).toBe('x, y → a ·  running');
});

test.each(['a', ''])('a text that cannot be read is said to be so where its node stood (node told: %j)', node => {
  cell = '1';
  const card = cardOf();
  drafts.say(row(node, { cell: '1', problem: 'line 2: broken' }), row('b', { cell: '2', problem: 'line 1: broken' }));
  expect([isTold, card.element.dataset.state, card.element.textContent]).toEqual([true, 'error', 'x, y → a ·  error · line 2: broken']);
  expect(card.element.title).toContain('Line 2: broken');
});

test('of two cells of one node each says how it is itself, as its badge does', () => {
  const given = row('a', { cell: '1', value: 'fresh', state: 'prune' });
  const other = row('a', { cell: '2', state: 'replaced', reason: 'above' });
  const card = cardOf();
  drafts.rows = new Map([['1', given], ['2', other]]);
  drafts.nodes = new Map([['a', given]]);
  drafts.changed.emit();
  // one that stands in no cell yet
  expect(card.element.dataset.state).toBe('fresh');
  cell = '2';
  card.draw();
  expect([card.element.dataset.state, card.element.textContent]).toEqual(['replaced', 'x, y → a ·  replaced above']);
  cell = '1';
  card.draw();
  expect(card.element.dataset.state).toBe('fresh');
});

test('a cell that declares another node by now has the card of what it declared when it ran', () => {
  cell = '1';
  const card = cardOf();
  drafts.say(row('b', { cell: '1' }));
  expect(isTold).toBe(false);
  drafts.say(row('b', { cell: '1' }), row('a', { cell: '2', value: 'fresh', state: 'prune' }));
  expect(card.element.dataset.state).toBe('fresh');
});

test('what it is called and gives is told where they differ, and what is to be noted', () => {
  const card = cardOf({ node: 'split', outputs: ['X', 'y'], inputs: [], note: 'it reads the notebook’s own x' });
  drafts.say(row('split'));
  expect(card.element.textContent).toBe('split: X, y ·  stale 2.0 s · line 2 changed · it reads the notebook’s own x');
});

test('text of others is text', () => {
  for (const text of HOSTILE) {
    const card = cardOf({ node: text, outputs: [text], inputs: [text], note: text });
    drafts.say(row(text));
    expect([...card.element.querySelectorAll('*')].map(one => one.localName).filter(name => !['code', 'b', 'span', 'svg', 'path'].includes(name))).toEqual([]);
  }
});

test.each([[null], [{}], [{ kind: 'dag' }], [{ kind: 'card', ...CARD, node: 1 }], [{ kind: 'card', ...CARD, outputs: 'a' }], [{ kind: 'card', ...CARD, inputs: [1] }]])(
  'what is no card is left alone: %j',
  data => expect(readCard(data)).toBeNull()
);

test('a card is read', () => expect(readCard({ kind: 'card', ...CARD })).toEqual(CARD));
