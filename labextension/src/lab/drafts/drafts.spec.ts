import { Signal } from '@lumino/signaling';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HOSTILE } from '../../views/samples';
import type { RunMessage } from '../../views/types';
import type { LinkState } from '../link';
import { Drafts } from './drafts';
import { row, words } from './samples';
import { told } from './told';
import { readDraft, type Row } from './wire';

const A = '%%helix a\na = 1';
const B = '# helix: b\nb = 1';
const ROW = row('a', { inputs: { x: 'b' } });

const WAITS = '`K` is edited in cell [3]; run that cell';

test('an answer is read', () => {
  expect(readDraft({ whole: true, rows: [ROW, { ...ROW, seconds: null }] })).toEqual({ whole: true, rows: [ROW, { ...ROW, seconds: null }] });
  expect(readDraft({ whole: false, rows: [] }).rows).toEqual([]);
  expect(readDraft({ whole: true, rows: [{ ...ROW, failed: true, interrupted: true }] }).rows[0].interrupted).toBe(true);
});

test.each([
  [null],
  [[]],
  [{ whole: 1, rows: [] }],
  [{ rows: [] }],
  [{ whole: true, rows: {} }],
  [{ whole: true, rows: [null] }],
  [{ whole: true, rows: [{ ...ROW, cell: 1 }] }],
  [{ whole: true, rows: [{ ...ROW, node: null }] }],
  [{ whole: true, rows: [{ ...ROW, outputs: 'a' }] }],
  [{ whole: true, rows: [{ ...ROW, outputs: [1] }] }],
  [{ whole: true, rows: [{ ...ROW, inputs: ['a'] }] }],
  [{ whole: true, rows: [{ ...ROW, inputs: { x: 1 } }] }],
  [{ whole: true, rows: [{ ...ROW, seconds: Number.NaN }] }],
  [{ whole: true, rows: [{ ...ROW, seconds: '2' }] }],
  [{ whole: true, rows: [{ ...ROW, declared: 'yes' }] }],
  [{ whole: true, rows: [{ ...ROW, failed: undefined }] }],
  [{ whole: true, rows: [{ ...ROW, problem: undefined }] }],
  [{ whole: true, rows: [{ ...ROW, waits: 1 }] }],
  [{ whole: true, rows: [{ ...ROW, interrupted: 'yes' }] }]
])('one that is malformed is said to be so: %j', answer => {
  expect(() => readDraft(answer)).toThrow('not understood');
});

test.each<[string, Partial<Row>, string, string]>([
  ['error', { problem: 'line 2: broken', node: '' }, '', 'cannot run as it stands. Line 2: broken.'],
  ['failed', { failed: true }, '', 'failed when it was last run. Line 2 changed.'],
  ['interrupted', { failed: true, interrupted: true }, '', 'interrupted when it was last run. Line 2 changed.'],
  ['loads', { value: 'fresh', state: 'load', seconds: 0.3 }, '0.30 s', 'stored, a run loads it in about 0.30 s.'],
  ['fresh', { value: 'fresh', state: 'load', seconds: 0 }, '', 'up to date.'],
  ['fresh', { value: 'fresh', state: 'prune' }, '', 'needs nothing of it'],
  ['computes', { value: 'fresh', reason: 'volatile' }, '2.0 s', 'a run computes it in about 2.0 s. Volatile.'],
  ['computes', { value: 'none' }, '2.0 s', 'computes it in about 2.0 s'],
  ['never', { value: 'none', seconds: null }, '', 'never run'],
  ['stale', {}, '2.0 s', 'stale, a run computes it in about 2.0 s. Line 2 changed.'],
  ['stale', { seconds: null }, '', 'stale, a run computes it.'],
  ['loads', { state: 'prune' }, '', 'the value at hand is of another text'],
  ['stale', { value: 'stale', state: 'load', reason: 'stored', waits: WAITS }, '', 'stale once a plain cell is run. K is edited in cell [3]; run that cell.'],
  ['stale', { waits: WAITS }, '2.0 s', 'in about 2.0 s. Line 2 changed. K is edited in cell [3]'],
  ['failed', { failed: true, state: 'load', waits: WAITS }, '', 'failed when it was last run. K is edited'],
  ['error', { problem: 'line 2: broken', waits: WAITS }, '', 'cannot run as it stands. Line 2: broken.'],
  ['replaced', { state: 'replaced', reason: 'below', declared: false }, 'below', 'a cell below declares it in the place of this one, which a run leaves alone.'],
  ['replaced', { state: 'replaced', reason: 'above', declared: false }, 'above', 'a cell above'],
  ['stale', { declared: false }, '2.0 s', 'Run the cell to declare it as it stands.']
])('what a badge says: %s %j', (state, given, figure, sentence) => {
  const says = told(row('a', given), undefined, words, 0);
  expect([says.state, says.figure]).toEqual([state, figure]);
  expect(says.sentence).toContain(sentence);
});

test.each([
  ['running', 'running', '3 s'],
  ['queued', 'queued', '4.0 s'],
  ['done', 'fresh', ''],
  ['loaded', 'fresh', ''],
  ['failed', 'failed', ''],
  ['interrupted', 'interrupted', ''],
  ['left', 'stale', '2.0 s']
] as const)('what it says in a run: %s', (phase, state, figure) => {
  const says = told(row('a'), { phase, state: 'compute', predicted: 4, since: 1_000, seconds: 1 }, words, 4_000);
  expect([says.state, says.figure]).toEqual([state, figure]);
  // as it stands it cannot be declared, whatever a run does with what it was
  const broken = told(row('a', { problem: 'no' }), { phase, state: 'compute', predicted: 4, since: 1_000, seconds: 1 }, words, 4_000);
  expect(broken.state).toBe('error');
});

test('of what takes no time none is told', () => {
  const says = (phase: 'queued' | 'loaded' | 'running') => told(row('a'), { phase, state: 'load', predicted: 0, since: 0, seconds: 0 }, words, 0);
  expect(says('queued').figure).toBe('');
  expect(says('loaded').sentence).toMatch(/^loaded\./);
  expect(says('running').sentence).not.toContain('predicted');
  expect(told(row('a', { seconds: 0 }), undefined, words, 0)).toMatchObject({ figure: '', sentence: 'stale, a run computes it. Line 2 changed.' });
});

test('text of others is on one line, with nothing in it that turns it round', () => {
  for (const text of HOSTILE) {
    const { sentence } = told(row('a', { reason: `${text}\n${text}` }), undefined, words, 0);
    // eslint-disable-next-line no-control-regex
    expect(sentence).not.toMatch(/[\n\u202e\u0000]/);
  }
});

class FakeSource {
  state: LinkState = 'loaded';
  changed = new Signal<this, object | null>(this);
  heard = new Signal<this, RunMessage>(this);
  questions: { cells: string[]; texts: Record<string, string> }[] = [];
  answers: ((answer: unknown) => void)[] = [];
  ask(_: string, details: Record<string, unknown>): Promise<never> {
    this.questions.push(details as never);
    return new Promise((resolve, reject) => this.answers.push(answer => (answer instanceof Error ? reject(answer) : resolve(answer as never))));
  }
  async answer(whole: boolean, ...rows: Row[]): Promise<void> {
    this.answers.pop()!({ whole, rows });
    await vi.advanceTimersByTimeAsync(0);
  }
}

let source: FakeSource;
let cells: Map<string, string>;
let drafts: Drafts;
const pause = (): Promise<unknown> => vi.advanceTimersByTimeAsync(150);

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  source = new FakeSource();
  cells = new Map([
    ['1', A],
    ['2', B]
  ]);
  drafts = new Drafts(source as never, () => cells);
});
afterEach(() => {
  drafts.dispose();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('it is asked when typing pauses, of what has changed', async () => {
  await vi.advanceTimersByTimeAsync(100);
  drafts.touch();
  await vi.advanceTimersByTimeAsync(100);
  expect(source.questions).toEqual([]);
  await pause();
  expect(source.questions).toEqual([{ cells: ['1', '2'], texts: { 1: A, 2: B } }]);
  cells.set('2', `${B}0`);
  drafts.touch();
  await pause();
  expect(source.questions).toHaveLength(1);
  await source.answer(true, row('x', { cell: '1' }), row('y', { cell: '' }), row('', { cell: '2', problem: 'no' }));
  expect([...drafts.rows.keys()]).toEqual(['1', '2']);
  expect([...drafts.nodes.keys()]).toEqual(['x', 'y']);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(source.questions[1]).toEqual({ cells: ['1', '2'], texts: { 2: `${B}0` } });
});

test('plain cells are sent beside those that declare a node, where there are such', async () => {
  cells.set('3', 'K = 1');
  await pause();
  await source.answer(true, row('a', { cell: '1' }));
  expect(source.questions).toEqual([{ cells: ['1', '2', '3'], texts: { 1: A, 2: B, 3: 'K = 1' } }]);
  expect([...drafts.cells().keys()]).toEqual(['1', '2']);
  cells.set('3', 'K = 2');
  drafts.touch();
  await pause();
  await source.answer(true);
  expect(source.questions[1]).toEqual({ cells: ['1', '2', '3'], texts: { 3: 'K = 2' } });
  cells = new Map([['3', 'K = 3']]);
  drafts.touch();
  await pause();
  expect(source.questions).toHaveLength(2);
});

test('a slow kernel is asked less often', async () => {
  await pause();
  await vi.advanceTimersByTimeAsync(400);
  await source.answer(true);
  drafts.touch();
  await vi.advanceTimersByTimeAsync(1_900);
  expect(source.questions).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(source.questions).toHaveLength(2);
});

test('one that answered after minutes is asked again within seconds', async () => {
  await pause();
  await vi.advanceTimersByTimeAsync(120_000);
  await source.answer(true);
  drafts.touch();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(source.questions).toHaveLength(2);
});

test('one that runs a cell is asked again later, and then rests', async () => {
  await pause();
  await source.answer(false, row('x', { cell: '1' }));
  await vi.advanceTimersByTimeAsync(900);
  expect(source.questions).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(200);
  await source.answer(true, row('x', { cell: '1' }));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(source.questions).toHaveLength(2);
});

test('a workflow that has changed is asked of, other parts are not', async () => {
  await pause();
  await source.answer(true);
  source.changed.emit({ store: {} });
  await pause();
  expect(source.questions).toHaveLength(1);
  source.changed.emit({ dag: {} });
  await pause();
  expect(source.questions).toHaveLength(2);
});

test('all is forgotten with the kernel, and told anew to the next', async () => {
  await pause();
  await source.answer(true, row('x', { cell: '1' }));
  const changes = vi.fn();
  drafts.changed.connect(changes);
  source.state = 'looking';
  source.changed.emit(null);
  expect([drafts.rows.size, drafts.nodes.size, changes.mock.calls.length]).toEqual([0, 0, 1]);
  drafts.touch();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(source.questions).toHaveLength(1);
  source.state = 'loaded';
  source.changed.emit(null);
  await pause();
  expect(source.questions[1].texts).toEqual({ 1: A, 2: B });
});

test('what an answer that came too late says of a kernel that has gone is not heard', async () => {
  await pause();
  source.state = 'looking';
  source.changed.emit(null);
  await source.answer(true, row('x', { cell: '1' }));
  expect(drafts.rows.size).toBe(0);
});

test('after an answer that is none all texts are sent again', async () => {
  await pause();
  source.answers.pop()!({ whole: true });
  await vi.advanceTimersByTimeAsync(0);
  expect(console.warn).toHaveBeenCalledOnce();
  drafts.touch();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(source.questions[1].texts).toEqual({ 1: A, 2: B });
});

test('a run is followed, and over with the answer to what is asked behind it', async () => {
  await pause();
  await source.answer(true, row('x', { cell: '1' }));
  source.heard.emit({ event: 'begin', nodes: [['x', 'compute', 1]] });
  source.heard.emit({ event: 'changes', nodes: [['x', 'running', 0]] });
  expect(drafts.running('x')?.phase).toBe('running');
  source.heard.emit({ event: 'changes', nodes: [['x', 'done', 1]] });
  source.heard.emit({ event: 'end', status: 'done' });
  expect(drafts.running('x')?.phase).toBe('done');
  await pause();
  await source.answer(false, row('x', { cell: '1' }));
  expect(drafts.running('x')?.phase).toBe('done');
  await vi.advanceTimersByTimeAsync(1_100);
  await source.answer(true, row('x', { cell: '1' }));
  expect(drafts.running('x')).toBeUndefined();
});

test('a notebook that declares nothing costs the kernel nothing', async () => {
  cells.clear();
  drafts.touch();
  await pause();
  expect(source.questions).toEqual([]);
});
