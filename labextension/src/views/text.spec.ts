import { describe, expect, test } from 'vitest';
import { clean, clock, duration, line, plural, size } from './text';

describe('figures are said as the kernel says them', () => {
  test.each([
    [0, '0 s'], [0.0004, '0.4 ms'], [0.02, '0.02 s'], [0.996, '1.0 s'], [3.21, '3.2 s'], [59.96, '1 min'], [125, '2 min 5 s'],
    [5400, '1 h 30 min'], [3599.9 * 60, '2 d 12 h'], [Infinity, ''], [null, '']
  ])('%s seconds', (seconds, told) => expect(duration(seconds)).toBe(told));

  test.each([[0, ''], [512, '512 B'], [1500, '1.5 kB'], [999_960, '1 MB'], [12_300_000, '12.3 MB'], [2e9, '2 GB']])(
    '%s bytes', (bytes, told) => expect(size(bytes)).toBe(told)
  );

  test.each([[0.4, '0 s'], [59.4, '59 s'], [125, '2:05'], [3720, '1:02 h'], [-3, '0 s']])(
    'a clock at %s', (seconds, told) => expect(clock(seconds)).toBe(told)
  );

  test('nouns', () => expect([plural(1, 'node'), plural(2000, 'node')]).toEqual(['1 node', '2,000 nodes']));
});

test('what drives a terminal or turns a line round is written out', () => {
  expect(clean('a\u202eb\u0000c\ud800d🎉\n')).toBe('a\\u202eb\\x00c\\ud800d🎉\n');
  expect(line('a\n  b', 3)).toBe('a b');
  expect(line('abcdef', 4)).toBe('abc…');
});
