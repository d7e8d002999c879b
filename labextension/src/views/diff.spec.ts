import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ComparisonView } from './comparison';
import { change, comparison, diff, head, values } from './compare/samples';
import { DiffView } from './diff';
import { HOSTILE } from './samples';
import type { View } from './view';

let view: View;
let ask: ReturnType<typeof vi.fn>;

beforeEach(() => {
  ask = vi.fn();
  view = new DiffView({ ask, stop: vi.fn() } as never);
  document.body.append(view.element);
});

afterEach(() => view.dispose());

const query = (selector: string): HTMLElement => view.element.querySelector<HTMLElement>(selector)!;
const all = (selector: string): HTMLElement[] => [...view.element.querySelectorAll<HTMLElement>(selector)];
const texts = (selector: string): (string | null)[] => all(selector).map(one => one.textContent);
const press = (text: string): void => all('button').find(one => one.textContent === text)!.click();
const settled = (): Promise<void> => new Promise(resolve => setTimeout(resolve));

describe('a difference', () => {
  beforeEach(() => view.show(diff() as never));

  test('has an overview of what there is', () => {
    expect(texts('.hxd-jump')).toEqual(['Metrics 3', 'Parameters 1', 'Graph', 'Code 3', 'Data 2', 'Models 1', 'Values 2', 'Figures 1', 'Time and size', 'Packages 1']);
    expect(texts('.hxd-counts > *')).toEqual([' 1 added', ' 1 edited', ' 3 same']);
    expect(all('[data-version]').map(one => one.dataset.version)).toEqual(['1', '2']);
    press('Models 1');
    expect(document.activeElement).toBe(query('[data-part=Models]'));
    expect(texts('[aria-current]')).toEqual(['Models 1']);
  });

  test('metrics say in words which way is better', () => {
    expect(texts('.hxd-verdict')).toEqual(['▲ better higher is better', '▲ worse lower is better', 'same']);
  });

  test('a node of the graph leads to its code', () => {
    const nodes = all('.hx-node');
    expect(nodes.map(one => one.dataset.state)).toEqual(['edited', 'added']);
    nodes[1].dispatchEvent(new MouseEvent('click', { bubbles: true }));
    expect(document.activeElement).toBe(query('.hxd-card[data-node="v new"]'));
    nodes[0].focus();
    nodes[0].dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
    expect(document.activeElement).toBe(nodes[1]);
  });

  test('helpers that differ stand below the nodes that reach them', () => {
    const card = query('.hxd-card[data-definition=v]');
    expect(card.textContent).toContain('reached by v');
    expect(card.querySelector('ins, del')).not.toBeNull();
    expect(all('.hxd-card').at(-1)).toBe(card);
  });

  test('values by kind', () => {
    expect(texts('[data-part=Data] .hxd-chip')).toEqual(['+ v new v', '− v old v']);
    expect(all('[data-part=Data] .hxd-histogram').length).toBe(3);
    expect(texts('[data-part=Data] .hxd-shift')).toEqual(['0.250 clear', '0.001 slight']);
    expect(texts('[data-part=Models] .hxd-columns > .hxd-scroll tbody th')).toEqual(['v age', 'v new new feature', 'v odd']);
    expect(all('[data-part=Models] .hxd-bars-pair').map(one => one.querySelectorAll('rect').length)).toEqual([2, 1, 1]);
    expect(texts('[data-part=Figures] .hxd-shot')).toEqual(['before', 'aftertoo large to be shown here, or no picture']);
  });

  test('what is gone is computed on request', async () => {
    const found = { ...values()[3], label: 'v.gone' };
    ask.mockResolvedValueOnce([found]);
    expect(query('.hxd-missing').textContent).toContain('about 12.0 s');
    press('Compute it again');
    expect(ask).toHaveBeenCalledWith('values', { a: 1, b: 2, node: 'v' });
    expect(query('.hxd-missing').textContent).toContain('Computing v.gone… 0 s of about 12.0 s');
    await settled();
    expect(query('.hxd-missing')).toBeNull();
    expect(document.activeElement).toBe(query('.hxd-value[data-value="v.gone"]'));
    view.show(diff() as never);
    expect(query('.hxd-missing')).toBeNull();
  });

  test('a kernel that cannot says so, and is asked again', async () => {
    ask.mockRejectedValueOnce(new Error('no'));
    press('Compute it again');
    await settled();
    expect(query('[role=alert]').textContent).toBe('no');
    expect(query('.hxd-missing button').textContent).toBe('Compute it again');
  });

  test('all of it, other versions, the other way round', async () => {
    ask.mockResolvedValueOnce(diff('v', { everything: true, nodes: [change('v', { change: 'same' })] }));
    press('All');
    expect(ask).toHaveBeenCalledWith('diff', { a: 1, b: 2, everything: true });
    await settled();
    expect(all('.hxd-card[data-node]').map(one => one.dataset.state)).toEqual(['same']);
    press('⇄');
    expect(ask).toHaveBeenLastCalledWith('diff', { a: 2, b: 1 });
    ask.mockResolvedValueOnce([{ id: 3, message: 'm' }, { id: 1, message: '' }]);
    press('Other versions');
    await settled();
    const [before, after] = all('select') as HTMLSelectElement[];
    expect([before.value, after.value, before.options[0].text]).toEqual(['1', '2', '3 · m']);
    before.value = '3';
    press('Compare');
    expect(ask).toHaveBeenLastCalledWith('diff', { a: 3, b: 2 });
  });

  test('a page of its own says where it is', async () => {
    ask.mockResolvedValueOnce({ path: 'here.html', bytes: 2e5 });
    press('Export');
    await settled();
    expect(ask).toHaveBeenCalledWith('export', { versions: [1, 2] });
    expect(query('.hxd-said').textContent).toBe('Written to here.html (200 kB)');
    expect(query('.hxd-said a')).toBeNull();
  });

  test('figures are laid over each other', () => {
    const source = 'data:image/png;base64,AAAA';
    const pair = { before: { kind: 'image/png', source }, after: { kind: 'image/png', source } };
    view.show(diff('v', { figures: [{ node: 'v', pairs: [pair] }] }) as never);
    press('Swipe');
    const slider = query('.hxd-slider') as HTMLInputElement;
    slider.value = '30';
    slider.dispatchEvent(new Event('input'));
    expect(query('.hxd-over').style.clipPath).toBe('inset(0 0 0 30%)');
  });
});

test('what was too large to be saved is asked for', async () => {
  ask.mockResolvedValueOnce(diff());
  view.show({ format: 1, before: head(1), after: head(2), left: true } as never);
  expect(ask).toHaveBeenCalledWith('whole');
  await settled();
  expect(all('.hxd-card[data-node]').length).toBe(2);
});

test('where nothing differs that is said', () => {
  const nothing = { nodes: [], metrics: [], parameters: [], values: [], figures: [], packages: [], graph: { ...diff().graph, nodes: [] } };
  view.show(diff('v', nothing) as never);
  expect(query('.hxd-body').textContent).toBe('Nothing differs.');
});

describe('several versions', () => {
  beforeEach(() => {
    view.dispose();
    view = new ComparisonView({ ask, stop: vi.fn() } as never);
    document.body.append(view.element);
    view.show(comparison() as never);
  });

  test('the best is marked, what differs from the first too', () => {
    expect(texts('[data-best]')).toEqual(['★ 0.7500 best']);
    expect(texts('ins')).toEqual(['v']);
    expect(all('.hxd-curve').map(one => one.dataset.version)).toEqual(['1', '2', '3']);
    expect(all('td[data-at="2"] [data-state]').map(one => one.dataset.state)).toEqual(['affected']);
  });

  test('a version stands out where it is pointed at', () => {
    query('td[data-at="1"]').dispatchEvent(new MouseEvent('pointerover', { bubbles: true }));
    expect(query('.hxd-curve.hxd-on').dataset.version).toBe('2');
  });

  test('one is set against the first, and back', async () => {
    ask.mockResolvedValueOnce(diff());
    press('version 3');
    expect(ask).toHaveBeenCalledWith('diff', { a: 1, b: 3 });
    await settled();
    expect(query('[data-view=diff] .hxd-card')).not.toBeNull();
    press('← All versions');
    expect(query('[data-view=diff]')).toBeNull();
    expect(query('.hxd-several').hidden).toBe(false);
  });
});

test.each(HOSTILE)('%s is text wherever it stands', async hostile => {
  const unfold = (): void => all('.hxd-fold button, .hxd-more, .hxd-link').forEach(one => one.click());
  const check = (): void => {
    expect(all('script, b, a, iframe, object')).toEqual([]);
    for (const element of all('*')) {
      for (const { name } of element.attributes) expect(name.startsWith('on')).toBe(false);
      expect(element.getAttribute('src') ?? 'data:image/png').toMatch(/^data:image\//);
    }
    expect(view.element.textContent).not.toMatch(/[\u0000\u202e]/);
    expect((window as unknown as { hurt?: number }).hurt).toBeUndefined();
  };
  const row = { skipped: 1, lines: [[1, 1, hostile, hostile]] };
  const line = { number: 1, changed: true, pieces: [[hostile, true]], kinds: hostile };
  const code = [row, { before: line, after: line }] as never;
  view.show(diff(hostile, { nodes: [change(hostile, { code, reasons: [`\`${hostile}\``] })] }) as never);
  query('.hx-node').dispatchEvent(new MouseEvent('pointerover', { bubbles: true }));
  query('.hx-node').dispatchEvent(new MouseEvent('click', { bubbles: true }));
  expect(document.activeElement).toBe(query('.hxd-card'));
  unfold();
  check();
  ask.mockRejectedValue(new Error(hostile));
  press('Compute it again');
  press('Export');
  press('Other versions');
  await settled();
  check();
  view.dispose();
  view = new ComparisonView({ ask, stop: vi.fn() } as never);
  view.show(comparison(hostile) as never);
  unfold();
  check();
});
