import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ExploreView } from './explore';
import { NOTHING } from './explore/question';
import { answer, documentOf, totals } from './explore/samples';
import type { Explored, Question } from './explore/types';
import { HOSTILE } from './samples';

const NAMES = ['rows', 'model', 'score'];
let view: ExploreView;
let ask: ReturnType<typeof vi.fn>;
let answers: (question: Question) => Explored;

beforeEach(() => {
  answers = question => answer(NAMES, question);
  ask = vi.fn(async (kind: string, { question }: { question: Question }) => {
    if (kind === 'explore') return answers(question);
    if (kind === 'curve') return [{ budget: 0, used: 0, seconds: 4 }, { budget: 5e6, used: 4e6, seconds: 1 }];
    if (kind === 'look') return documentOf(NAMES, question);
    return { document: documentOf(NAMES, NOTHING, kind === 'apply'), run: '%helix run', gone: [{ node: 'rows', bytes: 2e6, reason: '', current: true }, { node: 'rows', bytes: 1e6, reason: '', current: false }] };
  });
  view = new ExploreView({ ask, stop: vi.fn() } as never);
  document.body.append(view.element);
});

afterEach(() => view.dispose());

const query = (selector: string): HTMLElement => view.element.querySelector<HTMLElement>(selector)!;
const all = (selector: string): Element[] => [...view.element.querySelectorAll(selector)];
const found = (name: string): SVGGElement => all('[data-node]').find(one => one.getAttribute('data-node') === name) as SVGGElement;
const named = (text: string): HTMLButtonElement => all('button').find(one => one.textContent === text) as HTMLButtonElement;
const press = (element: Element, key: string): boolean =>
  element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
const click = (element: Element): boolean => element.dispatchEvent(new MouseEvent('click', { bubbles: true }));
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn++) await new Promise(resolve => setTimeout(resolve));
};
const asked = (kind: string): Question[] => ask.mock.calls.filter(([one]) => one === kind).map(([, { question }]) => question);

describe('a look', () => {
  beforeEach(async () => {
    view.show(documentOf(NAMES));
    await settled();
  });

  test('keys ask for the node that has the focus, and both states are told', async () => {
    expect(query('.hx-choices').textContent).toContain('No node is chosen');
    found('model').focus();
    press(found('model'), 'f');
    await settled();
    expect(asked('explore')).toEqual([{ ...NOTHING, force: ['model'] }]);
    expect(found('model').getAttribute('data-state')).toBe('compute');
    expect(found('model').textContent).toContain('compute 3.0 s');
    expect(found('model').textContent).toContain('was load 0.10 s');
    expect(found('model').textContent).toContain('forced');
    expect(query('.hx-choices').textContent).toContain('load 0.10 s→ compute 3.0 s');
    expect(query('[data-total="seconds"]').textContent).toBe('This run2.0 s5.0 s▲ +3.0 s');
    press(found('model'), 'f');
    await settled();
    expect(found('model').getAttribute('data-state')).toBe('load');
  });

  test('buttons of the panel do the same', async () => {
    click(found('rows'));
    for (const choice of ['pin', 'target']) click(query(`[data-choice="${choice}"]`));
    await settled();
    expect(asked('explore').pop()).toEqual({ ...NOTHING, pin: ['rows'], targets: ['rows'] });
    expect(query('[data-choice="pin"]').getAttribute('aria-pressed')).toBe('true');
    expect(all('.hx-chip-asked').map(chip => chip.textContent)).toEqual(['target rows', 'pin rows']);
    click(all('.hx-chip-asked')[0]);
    await settled();
    expect(asked('explore').pop()).toEqual({ ...NOTHING, pin: ['rows'] });
  });

  test('what goes with a dropped node cannot be chosen for itself', async () => {
    answers = question => {
      const given = answer(NAMES, question);
      return { ...given, nodes: given.nodes.map(node => (question.drop.length && node.name !== 'rows' ? { ...node, dropped: true, explored: null } : node)) };
    };
    click(found('model'));
    click(query('[data-choice="drop"]'));
    await settled();
    click(found('score'));
    expect(all('[data-choice]:not(:disabled)')).toEqual([]);
    press(found('score'), 'p');
    expect(asked('explore').length).toBe(1);
    click(found('model'));
    expect(all('[data-choice]:not(:disabled)').map(one => one.getAttribute('data-choice'))).toEqual(['drop']);
    expect(all('.hx-edge.hx-gone').length).toBe(2);
  });

  test('a slider that is dragged asks one question at a time, and for no other curve', async () => {
    const slider = query('.hx-slider') as HTMLInputElement;
    for (const value of ['100', '200', '300', '400']) {
      slider.value = value;
      slider.dispatchEvent(new Event('input'));
    }
    expect(asked('explore').length).toBe(1);
    await settled();
    expect(asked('explore').length).toBe(2);
    expect(slider.value).toBe('400');
    expect(asked('curve').length).toBe(1);
    expect(query('.hx-chip-asked').textContent).toMatch(/^budget \d/);
  });

  test('a budget in words is understood by the kernel, or stays to be mended', async () => {
    const field = query('.hx-bytes') as HTMLInputElement;
    const write = (text: string): void => {
      field.value = text;
      field.dispatchEvent(new Event('input'));
      field.dispatchEvent(new Event('change'));
    };
    ask.mockRejectedValueOnce(new Error("'lots' is no size"));
    write('lots');
    await settled();
    expect([field.value, field.getAttribute('aria-invalid'), query('.hx-outcome').textContent]).toEqual(['lots', 'true', "⚠'lots' is no size"]);
    expect(all('.hx-chip-asked')).toEqual([]);
    write('5 megs');
    await settled();
    expect([field.value, field.getAttribute('aria-invalid')]).toEqual(['5 MB', 'false']);
    expect(query('.hx-outcome').hidden).toBe(true);
  });

  test('an answer to something else leaves alone what is being written', async () => {
    const field = query('.hx-bytes') as HTMLInputElement;
    click(found('rows'));
    click(query('[data-choice="force"]'));
    field.focus();
    field.value = '1k';
    field.dispatchEvent(new Event('input'));
    await settled();
    expect(asked('explore').length).toBe(1);
    expect(field.value).toBe('1k');
  });

  test('the curve marks both budgets, and a click on it chooses one', async () => {
    expect(all('.hx-step').length).toBe(2);
    expect(all('.hx-now, .hx-then').length).toBe(2);
    vi.spyOn(query('.hx-curve'), 'getBoundingClientRect').mockReturnValue({ left: 0, width: 340 } as DOMRect);
    query('.hx-curve').dispatchEvent(new MouseEvent('click', { clientX: 100 }));
    await settled();
    expect(asked('explore').pop()!.budget).toBeTypeOf('number');
  });

  test('a policy is asked for, and the present one is no question', async () => {
    const policy = query('.hx-policy') as HTMLSelectElement;
    const choose = (name: string): void => {
      policy.value = name;
      policy.dispatchEvent(new Event('change'));
    };
    choose('none');
    await settled();
    choose('adaptive');
    await settled();
    expect(asked('explore').map(question => question.policy)).toEqual(['none', null]);
  });

  test('apply makes it so, take back undoes it, reset forgets', async () => {
    expect([named('Apply').disabled, named('Reset').disabled, named('Take back').disabled]).toEqual([true, true, true]);
    click(found('rows'));
    click(query('[data-choice="pin"]'));
    click(named('Apply'));
    await settled();
    expect(asked('apply')).toEqual([{ ...NOTHING, pin: ['rows'] }]);
    expect(query('.hx-outcome').textContent).toBe('Applied. Deleted: rows (2 MB), rows (earlier version, 1 MB). This runs it: %helix run');
    expect(all('.hx-chip-asked')).toEqual([]);
    click(named('Take back'));
    await settled();
    expect(query('.hx-outcome').textContent).toBe('Taken back, but not what was deleted: rows (2 MB), rows (earlier version, 1 MB). It is computed again when it is needed.');
    expect(named('Take back').disabled).toBe(true);
    click(query('[data-choice="force"]'));
    await settled();
    click(named('Reset'));
    await settled();
    expect(found('rows').getAttribute('data-state')).toBe('load');
  });

  test('where stored values would be deleted it asks once, naming them', async () => {
    const gone_before = [{ node: 'rows', bytes: 2e6, reason: 'beyond the budget', current: true }];
    answers = question => ({ ...answer(NAMES, question), explored: totals({ gone_before }) });
    click(found('rows'));
    click(query('[data-choice="never"]'));
    click(named('Apply'));
    await settled();
    expect(asked('apply')).toEqual([]);
    expect(query('.hx-outcome').textContent).toContain('1 stored value, 2 MB: rows (2 MB)');
    click(named('Keep them'));
    expect(query('.hx-outcome').hidden).toBe(true);
    click(named('Apply'));
    click(named('Delete and apply'));
    await settled();
    expect(asked('apply').length).toBe(1);
  });

  test('it asks with the figure of the totals, what the run deletes included', async () => {
    const going = (node: string, bytes: number) => ({ node, bytes, reason: 'beyond the budget', current: true });
    answers = question => ({ ...answer(NAMES, question), explored: totals({ gone_before: [going('rows', 283e3)], gone_during: [going('model', 28e3)] }) });
    click(found('rows'));
    click(query('[data-choice="never"]'));
    await settled();
    click(named('Apply'));
    expect(query('[data-total="gone"]').textContent).toContain('311 kB');
    expect(query('.hx-outcome').textContent).toContain('2 stored values, 311 kB: rows (283 kB); in the coming run model (28 kB).');
  });

  test('what cannot be made so says why', async () => {
    answers = question => ({ ...answer(NAMES, question), problem: 'It cannot be brought within 1 kB.' });
    click(found('rows'));
    click(query('[data-choice="pin"]'));
    await settled();
    expect(named('Apply').disabled).toBe(true);
    expect(query('.hx-outcome').textContent).toContain('cannot be brought');
  });

  test('another look keeps the question, and the chosen node while it is there', async () => {
    click(found('model'));
    const { picture, explored, ...rest } = documentOf(['rows', 'model'], { ...NOTHING, force: ['model'] });
    view.show({ picture, explored, ...rest });
    await settled();
    expect(all('[data-node]').length).toBe(2);
    expect(found('model').getAttribute('data-state')).toBe('compute');
    expect(query('.hx-choices .hx-title').textContent).toBe('model');
    view.show(documentOf(['rows']));
    expect(query('.hx-choices').textContent).toContain('No node is chosen');
  });

  test('Escape lets go, Enter leads to the choices', () => {
    found('rows').focus();
    press(found('rows'), 'Enter');
    expect(document.activeElement).toBe(query('.hx-choices'));
    press(query('.hx-choices'), 'Escape');
    expect(document.activeElement).toBe(found('rows'));
    expect(query('.hx-choices').textContent).toContain('No node is chosen');
  });
});

test.each(HOSTILE)('%s is text wherever it stands', async hostile => {
  const names = [hostile, `${hostile} child`];
  const gone = [{ node: hostile, bytes: 5, reason: hostile, current: true }];
  answers = question => {
    const given = answer(names, question);
    const explored = totals({ policy: hostile, gone_before: gone, gone_during: gone, guessed: names, unsized: names });
    return { ...given, explored, dropped: names, nodes: given.nodes.map(node => ({ ...node, actual: { ...node.actual, state: hostile, reason: hostile } })) };
  };
  ask.mockImplementation(async (kind: string, { question }: { question: Question }) => {
    if (kind === 'apply') return { document: documentOf(names), run: hostile, gone };
    return kind === 'curve' ? [] : answers(question);
  });
  view.show({ ...documentOf(names), policies: [hostile] });
  click(all('[data-node]')[0]);
  for (const choice of ['pin', 'force', 'target']) click(query(`[data-choice="${choice}"]`));
  await settled();
  click(named('Apply'));
  click(named('Delete and apply'));
  await settled();
  expect(query('.hx-outcome').textContent).toContain('Applied');
  expect(all('script, b, a, img, iframe, object')).toEqual([]);
  for (const element of all('*')) for (const { name } of element.attributes) expect(name.startsWith('on')).toBe(false);
  expect(view.element.textContent).not.toMatch(/[\u0000\u202e]/);
  expect((window as unknown as { hurt?: number }).hurt).toBeUndefined();
});
