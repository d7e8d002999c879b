import { expect, test } from 'vitest';
import { unpack } from './unpack';

// what `tests/view/test_view_packing.py` packs
test('a document comes out as it went in', () => {
  const text =
    '[["a text that comes twice"],{"nodes":{"":["name","last"],"columns":[["a",{"":0}],{"":["state","reason"],' +
    '"columns":[["load","compute"],[{"":0},null]]}]},"odd":{"":{"names":["","__proto__"],"values":[1,[]]}}}]';
  const found = unpack(text) as Record<string, unknown>;
  expect(found).toEqual({
    nodes: [
      { name: 'a', last: { state: 'load', reason: 'a text that comes twice' } },
      { name: 'a text that comes twice', last: { state: 'compute', reason: null } }
    ],
    odd: Object.fromEntries([['', 1], ['__proto__', []]])
  });
  expect(Object.getPrototypeOf(found.odd)).toBe(Object.prototype);
});
