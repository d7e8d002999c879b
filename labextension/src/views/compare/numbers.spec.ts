import { expect, test } from 'vitest';
import { number, numbers, percent, shiftWord, signed, told } from './numbers';

test.each([
  [0.5, '0.5000'],
  [12345, '12,345'],
  [-3, '−3'],
  [123.456, '123.5'],
  [12345.678, '12,345.7'],
  [0.00001234, '0.00001234'],
  ['nan', 'nan'],
  [null, '–']
])('%s is written %s', (value, text) => expect(number(value)).toBe(text));

test('figures that differ are seen to differ', () => {
  expect(numbers([0.12345678, 0.12345999])).toEqual(['0.123457', '0.123460']);
  expect(numbers([0.5, 0.5])).toEqual(['0.5000', '0.5000']);
  expect(told([0.51141, 0.51142, 0.6, null])).toEqual(['0.51141', '0.51142', '0.60000', '–']);
});

test('a difference has its sign', () => {
  expect(signed(0.25)).toBe('+0.2500');
  expect(signed(-0.0000012)).toBe('−0.0000012');
  expect(signed('nan')).toBe('');
  expect(percent(0.5, -0.25)).toBe('−50 %');
  expect(percent(0, 1)).toBe('');
});

test('shifts in words', () => expect([0, 0.05, 0.2, 0.5].map(shiftWord)).toEqual(['none', 'slight', 'clear', 'strong']));
