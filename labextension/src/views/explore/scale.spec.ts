import { expect, test } from 'vitest';
import { bytesAt, labelled, merged, place, scaleOf } from './scale';

test.each([
  [4e6, 2e9],
  [0, 2e9],
  [0, 0],
  [700, 500]
])('%d used of %d lie on it', (used, budget) => {
  const scale = scaleOf(used, budget);
  expect(scale.high).toBeGreaterThan(scale.low);
  for (const bytes of [used, budget].filter(Boolean)) {
    expect(place(bytes, scale)).toBeGreaterThan(0);
    expect(place(bytes, scale)).toBeLessThan(1);
  }
});

test('places and bytes are each other’s way back, but for rounding', () => {
  const scale = { low: 1e3, high: 1e9 };
  expect(place(1e6, scale)).toBeCloseTo(0.5);
  expect(bytesAt(0.5, scale)).toBe(1e6);
  expect(bytesAt(0, scale)).toBe(1e3);
  expect(bytesAt(1.5, scale)).toBe(1e9);
  expect(place(0, scale)).toBe(0);
  expect(place(1e12, scale)).toBe(1);
  expect(String(bytesAt(0.4321, scale)).replace(/0+$/, '').length).toBeLessThanOrEqual(2);
});

test('a mark draws what is near to it', () => {
  const scale = { low: 1e3, high: 1e9 };
  expect(bytesAt(0.505, scale, [1_234_567])).toBe(1_234_567);
  expect(bytesAt(0.6, scale, [1_234_567])).not.toBe(1_234_567);
});

test('equal rows of the curve are one', () => {
  const point = (budget: number, used: number, seconds: number) => ({ budget, used, seconds });
  expect(merged([point(0, 0, 5), point(1, 0, 5), point(2, 2, 5), point(3, 3, 1), point(4, 3, 1)]).map(one => one.budget)).toEqual([0, 2, 3]);
});

test.each([
  [0.1, 0.9, [false, false]],
  [0.5, 0.55, [false, true]],
  [0.55, 0.5, [true, false]],
  [0.05, 0.15, [false, true]],
  [0.9, 0.95, [false, true]]
])('words of marks at %d and %d do not lie over each other', (used, budget, low) => {
  const found = labelled([{ where: used, words: 'used 283 kB' }, { where: budget, words: 'budget 300 kB' }]);
  expect(found.map(one => one.isLow)).toEqual(low);
});
