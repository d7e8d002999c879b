import { expect, test } from 'vitest';
import { node, picture } from '../views/samples';
import { argument, declaresNode } from './cells';
import { evaluate, execute, type Runs } from './execute';
import { forecast, planRows } from './forecast';
import { ago, figure, rowLine, versionRows } from './history';
import type { VersionEntry } from './wire';

test('cells that declare a node', () => {
  for (const source of ['%%helix rows\n1', '\n  %%helix rows', '# helix: rows', '#helix: rows', '%%helix']) expect(declaresNode(source)).toBe(true);
  for (const source of ['', '%helix run', '%%helixir x', 'x = 1\n%%helix rows', '# about helix: rows']) expect(declaresNode(source)).toBe(false);
});

test('names as arguments of a magic line', () => {
  expect(argument('X_train')).toBe('X_train');
  expect(argument('größe')).toBe('"größe"');
  expect(argument('two words')).toBe('"two words"');
});

test('a forecast counts what is inside of a collapsed group', () => {
  const nodes = [node('a'), node('g', { members: ['b', 'c'] }), node('d', { state: 'load', seconds: 0 }), node('e', { state: 'prune' })];
  expect(forecast(picture(nodes))).toEqual({ compute: 3, load: 1, count: 5, seconds: 1.5, unknown: 0 });
  const guessed = { ...picture(nodes), plan: { seconds: 9, targets: [], guessed: ['a'] } };
  expect(forecast(guessed)).toMatchObject({ seconds: null, unknown: 1 });
  expect(planRows(guessed).map(row => [row.name, row.state, row.seconds])).toEqual([
    ['a', 'compute', '?'],
    ['g', 'compute', '1.5 s'],
    ['d', 'load', '']
  ]);
});

const entry = (id: number, given: Partial<VersionEntry> = {}): VersionEntry => ({
  id,
  parent: id > 1 ? id - 1 : null,
  message: '',
  created: 0,
  status: 'done',
  seconds: 2,
  compute: 1,
  load: 2,
  metrics: {},
  tags: [],
  error: '',
  ...given
});

test('versions are told newest first, against those that they were made from', () => {
  const metrics = [
    { name: 'accuracy', direction: 'higher' },
    { name: 'loss', direction: 'lower' },
    { name: 'size', direction: '' }
  ];
  const versions = [
    entry(1, { metrics: { accuracy: 0.5, loss: 1, size: 3 } }),
    entry(2, { metrics: { accuracy: 0.75, loss: 1.25, size: 4 }, message: 'more', status: 'failed' }),
    entry(3, { parent: 1, metrics: { accuracy: 'nan', loss: 1 }, compute: 0, load: 0 })
  ];
  const rows = versionRows({ current: 2, total: 3, metrics, versions });
  expect(rows.map(row => [row.id, row.isCurrent, row.mark, row.title, row.did])).toEqual([
    [3, false, 'done', '', 'nothing to do · 2.0 s'],
    [2, true, 'failed', 'more', '1 computed, 2 loaded · 2.0 s'],
    [1, false, 'done', '', '1 computed, 2 loaded · 2.0 s']
  ]);
  expect(rows[1].metrics).toEqual([
    { name: 'accuracy', value: '0.75', delta: '+0.25', better: true },
    { name: 'loss', value: '1.25', delta: '+0.25', better: false },
    { name: 'size', value: '4', delta: '+1', better: null }
  ]);
  expect(rows[0].metrics).toEqual([
    { name: 'accuracy', value: 'nan', delta: '', better: null },
    { name: 'loss', value: '1', delta: '', better: null }
  ]);
  expect(rowLine(rows[1], rows[1].created + 300)).toBe('2 · more · accuracy 0.75 · loss 1.25 · 1 computed, 2 loaded · 2.0 s · 5 min');
});

test('figures and ages are short', () => {
  expect([figure(0.123456), figure(12345.6), figure('inf')]).toEqual(['0.1235', '12,346', 'inf']);
  expect([5, 90, 7_200, 200_000, -5].map(seconds => ago(1_000_000 - seconds, 1_000_000))).toEqual(['now', '1 min', '2 h', '2 d', 'now']);
});

function kernel(messages: unknown[], reply: unknown): Runs & { asked: unknown[] } {
  const asked: unknown[] = [];
  return {
    asked,
    requestExecute(content) {
      asked.push(content);
      const future = { onIOPub: undefined as unknown, done: Promise.resolve() as Promise<unknown> };
      future.done = Promise.resolve().then(() => {
        for (const message of messages) (future.onIOPub as (one: unknown) => void)(message);
        return { content: reply };
      });
      return future;
    }
  };
}

test('what a run said and how it failed is gathered', async () => {
  const stream = (name: string, text: string): unknown => ({ header: { msg_type: 'stream' }, content: { name, text } });
  const error = { header: { msg_type: 'error' }, content: { ename: 'NodeFailed', evalue: "\u001b[31mNode 'a' failed\u001b[0m" } };
  const talked = kernel([stream('stdout', 'rows read'), stream('stderr', 'helix: one\nhelix: '), stream('stderr', 'two\n\n'), error], { status: 'error' });
  expect(await execute(talked, '%helix run')).toEqual({ said: ['helix: one', 'helix: two'], error: { name: 'NodeFailed', words: "Node 'a' failed" } });
  expect(talked.asked).toEqual([{ code: '%helix run', silent: false, store_history: false, allow_stdin: false, stop_on_error: false }]);
  expect(await execute(kernel([], { status: 'ok' }), '1')).toEqual({ said: [], error: null });
  // a silent one sends no message of its error
  const silent = kernel([], { status: 'error', ename: 'ModuleNotFoundError', evalue: 'none' });
  expect((await execute(silent, '%load_ext x', true)).error).toEqual({ name: 'ModuleNotFoundError', words: 'none' });
});

test('an expression is asked for without a cell, and what it raised is said', async () => {
  const answers = (shown: unknown): Runs & { asked: unknown[] } => kernel([], { user_expressions: { shown } });
  const told = answers({ status: 'ok', data: { 'application/json': { a: 1 } } });
  expect(await evaluate(told, 'x')).toEqual({ a: 1 });
  expect(told.asked).toEqual([expect.objectContaining({ code: '', silent: true, store_history: false })]);
  const raised = evaluate(answers({ status: 'error', ename: 'CannotAdopt', evalue: 'no work' }), 'x');
  await expect(raised).rejects.toMatchObject({ message: 'no work', cause: 'CannotAdopt' });
});
