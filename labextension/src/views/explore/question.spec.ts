import { expect, test } from 'vitest';
import { apartFromBudget, asked, holds, NOTHING, toggled, type Choice } from './question';
import { exploredNode, outlook } from './samples';
import type { Question } from './types';

const node = exploredNode('a');
const pinned = exploredNode('a', { actual: outlook({ keeping: 'pinned' }) });
const never = exploredNode('a', { actual: outlook({ keeping: 'never stored' }) });

test.each<[string, typeof node, Partial<Question>, Choice, Partial<Question>]>([
  ['pin', node, {}, 'pin', { pin: ['a'] }],
  ['pin taken back', node, { pin: ['a'] }, 'pin', {}],
  ['unpin what is pinned', pinned, {}, 'pin', { unpin: ['a'] }],
  ['leave it pinned after all', pinned, { unpin: ['a'] }, 'pin', {}],
  ['never in the place of a pin', node, { pin: ['a'] }, 'never', { never: ['a'] }],
  ['never for what is pinned', pinned, {}, 'never', { never: ['a'] }],
  ['back to never as it is', never, { pin: ['a'] }, 'never', {}],
  ['store again what is never stored', never, {}, 'never', { unpin: ['a'] }],
  ['force', node, { force: ['b'] }, 'force', { force: ['b', 'a'] }],
  ['force taken back', node, { force: ['a'] }, 'force', {}],
  ['drop', node, {}, 'drop', { drop: ['a'] }],
  ['target', node, {}, 'target', { targets: ['a'] }],
  ['the last target taken out', node, { targets: ['a'] }, 'target', {}],
  ['one target more', node, { targets: ['b'] }, 'target', { targets: ['b', 'a'] }]
])('%s', (_, given, before, choice, after) => {
  const question = toggled({ ...NOTHING, ...before }, given, choice);
  expect(question).toEqual({ ...NOTHING, ...after });
});

test('what holds is what is asked, else what is so anyway', () => {
  expect(holds(NOTHING, pinned).pin).toBe(true);
  expect(holds({ ...NOTHING, unpin: ['a'] }, pinned).pin).toBe(false);
  expect(holds({ ...NOTHING, never: ['a'] }, pinned)).toMatchObject({ pin: false, never: true });
  expect(holds({ ...NOTHING, force: ['a'], targets: ['a'] }, node)).toMatchObject({ force: true, target: true, drop: false });
});

test('each choice is one chip that takes it out', () => {
  const question = { ...NOTHING, targets: ['t'], pin: ['a', 'b'], drop: ['c'], budget: 2e9, policy: 'none' };
  const chips = asked(question);
  expect(chips.map(chip => chip.words)).toEqual(['target t', 'pin a', 'pin b', 'drop c', 'budget 2 GB', 'policy none']);
  expect(chips[0].without.targets).toBeNull();
  expect(chips[1].without.pin).toEqual(['b']);
  expect(chips[4].without.budget).toBeNull();
});

test('a budget alone asks for no other curve', () => {
  expect(apartFromBudget({ ...NOTHING, budget: 5 })).toBe(apartFromBudget(NOTHING));
  expect(apartFromBudget({ ...NOTHING, pin: ['a'] })).not.toBe(apartFromBudget(NOTHING));
});
