import { expect, test } from 'vitest';
import { bars } from './bars';
import { coloured } from '../coloured';
import { code } from './code';
import { histogram, shares, span } from './histogram';
import { valueWords } from './nodes';
import { apart, parallel } from './parallel';
import { few } from './parts';
import { reason } from '../reason';
import { change, ROWS } from './samples';
import { price } from './values';

const texts = (element: Element, selector: string): (string | null)[] => [...element.querySelectorAll(selector)].map(one => one.textContent);

test('changed words are marked and coloured', () => {
  const shown = code(ROWS)!;
  expect(texts(shown, 'del')).toEqual(['0.1']);
  expect(texts(shown, 'ins')).toEqual(['1.0']);
  expect(texts(shown, 'ins .hx-k-n')).toEqual(['1.0']);
  expect(texts(shown, '.hxd-sign')).toEqual(['−', '+', '+']);
  expect(shown.querySelectorAll('.hxd-nothing').length).toBe(1);
});

test('equal lines unfold', () => {
  const shown = code(ROWS)!;
  shown.querySelector('button')!.click();
  expect(shown.querySelector('button')).toBeNull();
  expect(texts(shown, '.hxd-equal:first-child code')).toEqual(['import os', 'import os']);
});

test('code of one side alone stands alone', () => expect(code([ROWS[2]])!.classList.contains('hxd-one')).toBe(true));

test('kinds that are none of ours colour nothing', () => {
  const pieces = coloured('abc', 'k"');
  expect(pieces.map(one => (one instanceof Element ? one.className : one))).toEqual(['hx-k-k', 'b', 'c']);
});

test('histograms are of shares, over the same axis', () => {
  expect(shares([1, 3])).toEqual([0.25, 0.75]);
  expect(shares([0, 0])).toEqual([0, 0]);
  const of = { before: [1, 3], after: [2, 2], edges: [0, 1, 2], labels: [], others: false, bounds: null };
  expect(span(of)).toBe('0 … 2');
  expect(texts(histogram(of, 'age'), 'title')).toEqual(['0 … 1: 25.0 % before, 50.0 % after', '1 … 2: 75.0 % before, 50.0 % after']);
});

test('bars of both signs begin in the middle', () => {
  const [before, after] = bars(-1, 0.5, 1, true, '').querySelectorAll('rect');
  expect([Number(before.getAttribute('x')), Number(before.getAttribute('width'))]).toEqual([2, 68]);
  expect([Number(after.getAttribute('x')), Number(after.getAttribute('width'))]).toEqual([70, 34]);
  expect(bars(null, 0, 0, false, '').querySelectorAll('rect').length).toBe(1);
});

test('labels do not cover each other', () => {
  const placed = apart([50, 50, 230]);
  expect(placed[1] - placed[0]).toBe(13);
  expect(Math.max(...placed)).toBeLessThanOrEqual(232);
});

test('the last axis has its lowest figure to the left of what leads to the versions', () => {
  const axes = ['C', 'auc'].map(name => ({ name, direction: '', values: [1, 2, 1] }));
  const lowest = [...parallel(['1', '2', '3'], axes).querySelectorAll('.hxd-tick')].filter(one => one.textContent === '1');
  expect(lowest.map(one => one.getAttribute('text-anchor'))).toEqual(['middle', 'end']);
});

test('a price is said before it is paid', () => {
  expect(price([{ version: 1, why: 'not stored', seconds: 12, bytes: 5 }])).toEqual({ told: 'No longer stored in version 1: computing it again takes about 12.0 s.', act: 'Compute it again' });
  expect(price([1, 2].map(version => ({ version, why: 'large', seconds: 0, bytes: 5e7 })))).toEqual({ told: 'Large: 100 MB would be read.', act: 'Read it' });
});

test('what is known of values by digest', () => {
  expect(valueWords(change('a'))).toBe('value differs');
  expect(valueWords(change('a', { outputs: { a: true, b: false }, shows: true }))).toBe('value of a differs, so does what it shows');
  expect(valueWords(change('a', { outputs: { a: null } }))).toBe('');
});

test('names in a reason stand as code', () => {
  expect(reason('`rows` has another value').length).toBe(3);
  expect(reason('an odd ` mark')).toEqual(['an odd ` mark']);
  expect(reason('changed: 1 -> 2')).toEqual(['changed: 1 → 2']);
});

test('the rest of many is asked for', () => {
  const shown = few([1, 2, 3, 4, 5], 2, 'row', rows => Object.assign(document.createElement('p'), { textContent: rows.join() }));
  expect(texts(shown, 'p, button')).toEqual(['1,2', 'Show 3 more rows']);
  shown.querySelector('button')!.click();
  expect(shown.textContent).toBe('1,2,3,4,5');
});
