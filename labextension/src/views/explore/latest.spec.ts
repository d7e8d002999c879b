import { expect, test, vi } from 'vitest';
import { Latest } from './latest';

const settled = (): Promise<void> => new Promise(resolve => setTimeout(resolve));

function setUp() {
  const open: { question: number; resolve(answer: number): void; reject(problem: Error): void }[] = [];
  const answered = vi.fn();
  const failed = vi.fn();
  const ask = (question: number): Promise<number> => new Promise((resolve, reject) => open.push({ question, resolve, reject }));
  return { open, answered, failed, latest: new Latest<number, number>(ask, answered, failed) };
}

test('one question at a time, and of those that wait the newest', async () => {
  const { open, answered, latest } = setUp();
  for (const question of [1, 2, 3, 4]) latest.put(question);
  expect(open.map(one => one.question)).toEqual([1]);
  open[0].resolve(10);
  await settled();
  expect(open.map(one => one.question)).toEqual([1, 4]);
  expect(answered).toHaveBeenLastCalledWith(10, false);
  open[1].resolve(40);
  await settled();
  expect(answered.mock.calls).toEqual([[10, false], [40, true]]);
});

test('an answer that another question waits behind is not the last', async () => {
  const { open, answered, failed, latest } = setUp();
  latest.put(1);
  latest.put(2);
  open[0].reject(new Error('no'));
  await settled();
  expect(failed).toHaveBeenCalledWith(new Error('no'), false);
  open[1].resolve(20);
  await settled();
  expect(answered).toHaveBeenCalledWith(20, true);
  latest.put(3);
  await settled();
  expect(open.length).toBe(3);
});

test('what is cleared is not answered', async () => {
  const { open, answered, latest } = setUp();
  latest.put(1);
  latest.put(2);
  latest.clear();
  open[0].resolve(10);
  await settled();
  expect(answered).not.toHaveBeenCalled();
  expect(open.length).toBe(1);
});
