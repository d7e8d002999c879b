import { expect, test } from 'vitest';
import { after, progress, type Run } from './run';
import type { RunMessage } from './types';

const BEGIN: RunMessage = { event: 'begin', nodes: [['a', 'load', 1], ['b', 'compute', 4], ['c', 'prune', 0]] };

function heard(messages: RunMessage[], now = 0): Run {
  return messages.reduce<Run | null>((run, message) => after(run, message, now), null)!;
}

function phases(run: Run): Record<string, string> {
  return Object.fromEntries([...run.nodes].map(([name, node]) => [name, node.phase]));
}

test('a run goes from queued to done', () => {
  let run = heard([BEGIN]);
  expect(phases(run)).toEqual({ a: 'queued', b: 'queued', c: 'left' });
  run = after(run, { event: 'changes', nodes: [['a', 'loaded', 1], ['b', 'running', 0]] }, 1000)!;
  expect(phases(run)).toEqual({ a: 'loaded', b: 'running', c: 'left' });
  expect(progress(run, 3000)).toMatchObject({ elapsed: 3, remaining: 2, handled: 1, count: 2, fraction: 0.6 });
  run = after(run, { event: 'changes', nodes: [['b', 'done', 4]] }, 5000)!;
  run = after(run, { event: 'end', status: 'done' }, 5000)!;
  expect(progress(run, 9000).fraction).toBe(1);
});

test('to a page that is loaded meanwhile the run began when it did', () => {
  const run = heard([{ ...BEGIN, elapsed: 8 }, { event: 'changes', nodes: [['b', 'running', 7]] }], 9000);
  expect(progress(run, 10_000).elapsed).toBe(9);
});

test('a run that ends early leaves what it did not reach', () => {
  const run = heard([BEGIN, { event: 'changes', nodes: [['a', 'failed', 1]] }, { event: 'end', status: 'failed' }]);
  expect([run.status, phases(run)]).toEqual(['failed', { a: 'failed', b: 'left', c: 'left' }]);
});

test('a node that an interrupt ends is interrupted, whether the kernel still says so or not', () => {
  const running: RunMessage = { event: 'changes', nodes: [['a', 'running', 1]] };
  const end: RunMessage = { event: 'end', status: 'interrupted' };
  const told = heard([BEGIN, running, { event: 'changes', nodes: [['a', 'interrupted', 2]] }, end]);
  for (const run of [told, heard([BEGIN, running, end])]) expect(phases(run)).toEqual({ a: 'interrupted', b: 'left', c: 'left' });
});

test('a plan that is made again keeps what is done', () => {
  const again: RunMessage = { event: 'begin', nodes: [['a', 'load', 1], ['b', 'prune', 0], ['c', 'compute', 2]] };
  const run = heard([BEGIN, { event: 'changes', nodes: [['a', 'loaded', 1]] }, again]);
  expect(phases(run)).toEqual({ a: 'loaded', b: 'left', c: 'queued' });
});

test('a new run forgets the one before', () => {
  const run = heard([BEGIN, { event: 'changes', nodes: [['a', 'loaded', 1]] }, { event: 'end', status: 'done' }, BEGIN]);
  expect(phases(run).a).toBe('queued');
});

test('where a node never ran nobody knows how long it takes', () => {
  const run = heard([{ event: 'begin', nodes: [['a', 'compute', null], ['b', 'compute', 1]] }]);
  expect(progress(run, 0)).toMatchObject({ unknown: 1, fraction: 0 });
});

test('what is told of no run is not heard', () => expect(after(null, { event: 'end', status: 'done' }, 0)).toBeNull());
