import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { comparison, diff } from './compare/samples';
import type { Host } from './host';
import { HOSTILE } from './samples';
import { VersionsView } from './versions';
import { detailsOf, listOf, row } from './versions_samples';
import type { Row } from './versions_types';

const ROWS = [
  row(1, { metrics: { auc: 0.5, loss: 3 } }),
  row(2, { metrics: { auc: 0.9, loss: 2 }, tags: ['best'] }),
  row(3, { parent: 1, lane: 1, metrics: { auc: 0.7, loss: 1 }, status: 'failed', error: 'no' }),
  row(4, { parent: 2, metrics: { loss: 5 } })
];

let view: VersionsView;
let rows: Row[];
let ask: ReturnType<typeof vi.fn>;

const answer = async (question: string, given: Record<string, number>): Promise<unknown> => {
  if (question === 'version') return detailsOf(rows.find(one => one.id === given.version)!);
  if (question === 'rows') return { metrics: [], versions: rows.filter(one => one.id < given.before).slice(-3) };
  if (question === 'code') return { text: '%%helix rows' };
  if (question === 'checkout') return { nodes: 3, lines: ['mind this'] };
  if (question === 'comparison') return comparison();
  return question === 'diff' ? diff() : {};
};

beforeEach(() => {
  rows = ROWS;
  ask = vi.fn(answer);
  view = new VersionsView({ ask } as unknown as Host);
  document.body.append(view.element);
  view.show(listOf(rows));
});

afterEach(() => view.dispose());

const all = (selector: string): HTMLElement[] => [...view.element.querySelectorAll<HTMLElement>(selector)];
const query = (selector: string): HTMLElement => all(selector)[0];
const grid = (): HTMLElement => query('[role=grid]');
const shown = (): string[] => all('[data-version]').map(one => one.dataset.version!);
const found = (id: number): HTMLElement => query(`[data-version="${id}"]`);
const settled = (): Promise<void> => new Promise(resolve => setTimeout(resolve));
const press = (element: Element, key: string): boolean => element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
const named = (name: string): HTMLButtonElement => all('button').find(one => one.textContent === name) as HTMLButtonElement;
const write = (selector: string, text: string): void => {
  const input = query(selector) as HTMLInputElement;
  input.value = text;
  input.dispatchEvent(new Event('input'));
};

describe('the list', () => {
  test('a click is that of the row that was pressed, though the rows were drawn anew before the release', async () => {
    const down = (at: Element): boolean => at.dispatchEvent(new MouseEvent('pointerdown', { bubbles: true }));
    const body = query('.hxv-body');
    down(found(2).lastElementChild!);
    view.show(listOf([...rows, row(5, { parent: 4 })]));
    body.click(); // where the browser sends it
    await settled();
    expect(query('.hx-panel .hx-title').textContent).toContain('2');
    down(found(5).querySelector('.hxv-choose')!);
    view.show(listOf([...rows, row(5, { parent: 4 })]));
    body.click();
    expect(found(5).getAttribute('aria-selected')).toBe('true');
    down(found(5).lastElementChild!);
    view.show(listOf(rows));
    body.click();
    expect(query('.hx-panel .hx-title').textContent).toContain('2');
  });

  test('tells each version, the newest first', () => {
    expect(shown()).toEqual(['4', '3', '2', '1']);
    expect(found(4).textContent).toContain('current');
    expect(found(4).getAttribute('aria-current')).toBe('true');
    expect(found(3).textContent).toContain('failed');
    expect(found(2).textContent).toContain('best');
    expect(found(2).querySelector('.hxv-best')!.textContent).toContain('★ best 0.9000');
    expect(found(3).querySelector('.hxv-best')!.textContent).toContain('★ best 1');
    expect(query('.hx-counts').textContent).toContain('4 versions');
    expect(grid().getAttribute('aria-rowcount')).toBe('5');
  });

  test('the graph is drawn for the history as it is, and for nothing else', () => {
    expect(all('.hxv-way').length).toBeGreaterThan(3);
    named('Time').click();
    expect(shown()).toEqual(['4', '3', '2', '1']);
    expect(all('.hxv-row .hxv-way')).toEqual([]);
    expect(all('[aria-sort=descending]').length).toBe(1);
  });

  test('a click on a metric puts the best on top, two more the history', () => {
    named('loss ↓').click();
    expect(shown()).toEqual(['3', '2', '1', '4']);
    all('[data-key="metric:loss"]')[0].click();
    expect(shown()).toEqual(['4', '1', '2', '3']);
    all('[data-key="metric:loss"]')[0].click();
    expect(shown()).toEqual(['4', '3', '2', '1']);
  });

  test('is filtered', () => {
    write('.hxv-filter', 'auc>0.6');
    expect(shown()).toEqual(['3', '2']);
    expect(query('.hx-matches').textContent).toBe('2 shown');
    write('.hxv-filter', 'roc>1');
    expect(query('.hx-matches').textContent).toBe('No metric is called roc');
    press(query('.hxv-filter'), 'Escape');
    expect(shown().length).toBe(4);
    expect(document.activeElement).toBe(grid());
  });

  test('a long history is there in part, and the kernel is asked for the rest', async () => {
    rows = Array.from({ length: 500 }, (_, at) => row(at + 1));
    view.show(listOf([]));
    view.show(listOf(rows, {}, 494));
    expect(query('.hx-counts').textContent).toContain('494 are here so far');
    await settled();
    expect(ask.mock.calls.filter(([question]) => question === 'rows').map(([, given]) => given)).toEqual([{ before: 7 }, { before: 4 }]);
    expect(query('.hx-counts').textContent).not.toContain('so far');
    expect(all('[data-version]').length).toBeLessThan(50);
    grid().focus();
    press(grid(), 'End');
    expect(found(1).id).toBe(grid().getAttribute('aria-activedescendant'));
    view.show(listOf([...rows, row(501)], {}, 3));
    await settled();
    expect(ask.mock.calls.filter(([question]) => question === 'rows').length).toBe(2);
  });

  test('none is told', () => {
    view.show(listOf([]));
    expect(view.element.textContent).toContain('No versions yet');
  });
});

describe('curves', () => {
  test('are drawn of the metrics, with the best marked', () => {
    expect(all('.hxv-chart').length).toBe(2);
    expect(query('.hxv-curve').getAttribute('aria-label')).toBe('auc: higher is better. 3 of 4 versions have it, 0.5000 to 0.9000, best in version 2.');
    expect(all('.hxv-star').length).toBe(2);
  });

  test('tell the version that is pointed at, or that it has no value', () => {
    found(2).dispatchEvent(new MouseEvent('pointerover', { bubbles: true }));
    expect(all('.hxv-told').map(one => one.textContent)).toEqual(['v2 · 0.9000', 'v2 · 2']);
    found(4).dispatchEvent(new MouseEvent('pointerover', { bubbles: true }));
    expect(all('.hxv-told').map(one => one.textContent)).toEqual(['v4 · no value', 'v4 · 5']);
  });

  test('are chosen, and columns too', () => {
    (query('[aria-label="curve of auc"]') as HTMLInputElement).click();
    expect(all('.hxv-chart').length).toBe(1);
    (query('[aria-label="column of loss"]') as HTMLInputElement).click();
    expect(all('[data-key="metric:loss"]')).toEqual([]);
    (query('[aria-label="curve of time (s)"]') as HTMLInputElement).click();
    expect(all('.hxv-chart strong').map(one => one.textContent)).toEqual(['loss ↓', 'time (s) ↓']);
    const menu = query('.hxv-menu') as HTMLDetailsElement;
    menu.open = true;
    query('.hxv-menu-list').dispatchEvent(new MouseEvent('pointerdown', { bubbles: true }));
    expect(menu.open).toBe(true);
    grid().dispatchEvent(new MouseEvent('pointerdown', { bubbles: true }));
    expect(menu.open).toBe(false);
  });
});

describe('one version', () => {
  const open = async (id: number): Promise<void> => {
    found(id).click();
    await settled();
  };

  test('is opened by click and key, and told in full', async () => {
    await open(2);
    expect(query('.hx-panel .hx-title').textContent).toBe('v2');
    expect(query('.hx-panel').textContent).toContain('+0.1000 better');
    press(grid(), 'Escape');
    expect(query('.hx-panel').hidden).toBe(true);
    grid().focus();
    press(grid(), 'ArrowDown');
    press(grid(), 'Enter');
    await settled();
    expect(query('.hx-panel .hx-title').textContent).toBe('v1');
    expect(document.activeElement).toBe(query('.hx-panel'));
  });

  test('is renamed, tagged, noted', async () => {
    await open(2);
    write('[aria-label=message]', 'better');
    press(query('[aria-label=message]'), 'Enter');
    await settled();
    expect(ask).toHaveBeenCalledWith('annotate', { version: 2, message: 'better' });
    write('[aria-label="another tag"]', ' paper ');
    named('Add').click();
    expect(ask).toHaveBeenCalledWith('annotate', { version: 2, tags: ['paper'] });
    query('[aria-label="Take off the tag best"]').click();
    expect(ask).toHaveBeenCalledWith('annotate', { version: 2, untag: ['best'] });
    await settled();
    write('[aria-label=note]', 'why');
    named('Keep').click();
    expect(ask).toHaveBeenCalledWith('annotate', { version: 2, note: 'why' });
  });

  test('what is being written stays when a run ends', async () => {
    await open(2);
    write('[aria-label=note]', 'half a sent');
    view.show(listOf([...ROWS, row(5)]));
    await settled();
    expect((query('[aria-label=note]') as HTMLTextAreaElement).value).toBe('half a sent');
    expect(shown()[0]).toBe('5');
  });

  test('what is written in one field stays when another is saved', async () => {
    await open(2);
    write('[aria-label=message]', 'better');
    named('Rename').click();
    write('[aria-label="another tag"]', 'pap');
    query('[aria-label="another tag"]').focus();
    await settled();
    expect((query('[aria-label="another tag"]') as HTMLInputElement).value).toBe('pap');
    named('Add').click();
    await settled();
    expect((query('[aria-label="another tag"]') as HTMLInputElement).value).toBe('');
    expect(document.activeElement).toBe(query('[aria-label="another tag"]'));
  });

  test('is deleted after a question only, and a refusal is told in its words', async () => {
    await open(4);
    named('Delete').click();
    expect(query('.hxv-word').textContent).toContain('Delete v4 “try 4”?');
    named('Cancel').click();
    expect(ask.mock.calls.some(([question]) => question === 'delete')).toBe(false);
    named('Delete').click();
    ask.mockRejectedValueOnce(new Error('Version 4 is the current one.'));
    query('.hx-primary').click();
    await settled();
    expect(query('.hxv-word [role=alert]').textContent).toBe('Version 4 is the current one.');
    named('Delete').click();
    query('.hx-primary').click();
    await settled();
    expect(ask).toHaveBeenLastCalledWith('delete', { versions: [4] });
    expect(query('.hx-panel').hidden).toBe(true);
  });

  test('another one that was opened before the answer came stays open', async () => {
    await open(4);
    named('Delete').click();
    let answered = (): void => undefined;
    ask.mockImplementationOnce(() => new Promise<void>(resolve => (answered = resolve)));
    query('.hx-primary').click();
    await open(3);
    answered();
    await settled();
    expect(query('.hx-panel .hx-title').textContent).toBe('v3');
    expect(query('.hxv-word').textContent).toContain('v4 is deleted.');
  });

  test('is checked out after a question that says what happens', async () => {
    await open(1);
    named('Check out').click();
    expect(query('.hxv-word').textContent).toContain('The cells keep their text');
    query('.hx-primary').click();
    await settled();
    expect(ask).toHaveBeenCalledWith('checkout', { version: 1 });
    expect(query('.hxv-word').textContent).toContain('mind this');
  });

  test('gives its code to the clipboard, or to a text area where there is none', async () => {
    await open(1);
    named('Copy code').click();
    await settled();
    expect((query('.hxv-word textarea') as HTMLTextAreaElement).value).toBe('%%helix rows');
    const writeText = vi.fn(async () => undefined);
    Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
    named('Copy code').click();
    await settled();
    expect(writeText).toHaveBeenCalledWith('%%helix rows');
    expect(query('.hxv-word').textContent).toContain('in the clipboard');
    Reflect.deleteProperty(navigator, 'clipboard');
  });
});

test('two are chosen by key and box, and compared', async () => {
  expect(named('Compare').disabled).toBe(true);
  grid().focus();
  press(grid(), ' ');
  expect(found(4).getAttribute('aria-selected')).toBe('true');
  (found(2).querySelector('input') as HTMLInputElement).click();
  named('Compare v4, v2').click();
  await settled();
  expect(ask).toHaveBeenCalledWith('diff', { a: 2, b: 4 });
  expect(query('.hxv-below [data-view=diff]')).toBeTruthy();
  (found(1).querySelector('input') as HTMLInputElement).click();
  named('Compare v4, v2, v1').click();
  await settled();
  expect(ask).toHaveBeenCalledWith('comparison', { versions: [1, 2, 4] });
  expect(all('.hxv-below [data-view]').map(one => one.dataset.view)).toEqual(['comparison']);
  view.show(listOf(ROWS.slice(0, 3)));
  expect(named('Compare v2, v1').disabled).toBe(false);
  view.show(listOf(ROWS.slice(0, 1)));
  expect(named('Compare v1').disabled).toBe(true);
});

test('keys stay in here', () => {
  const outside = vi.fn();
  document.body.addEventListener('keydown', outside);
  for (const key of ['j', 'Enter', 'ArrowUp', 'x']) press(grid(), key);
  expect(outside).not.toHaveBeenCalled();
  press(grid(), 'Tab');
  expect(outside).toHaveBeenCalledOnce();
  press(grid(), '/');
  expect(document.activeElement).toBe(query('.hxv-filter'));
  document.body.removeEventListener('keydown', outside);
});

test.each(HOSTILE)('%s is text wherever it stands', async hostile => {
  const given = { message: hostile, tags: [hostile], note: hostile, error: hostile, status: hostile };
  rows = [row(1, { ...given, metrics: { [hostile]: 1 } }), row(2, { ...given, metrics: { [hostile]: hostile } }), row(3, { metrics: { [hostile]: 2 } })];
  ask.mockImplementation(async (question: string) => {
    if (question === 'version') return { ...detailsOf(rows[0]), nodes: [{ name: hostile, state: hostile, seconds: 1, bytes: 1, reason: hostile }] };
    if (question === 'code') return { text: hostile };
    if (question === 'checkout') throw new Error(hostile);
    return diff(hostile);
  });
  view.show(listOf(rows));
  found(1).click();
  await settled();
  write('.hxv-filter', `${hostile}>1`);
  write('.hxv-filter', '');
  for (const id of [1, 2]) (found(id).querySelector('input') as HTMLInputElement).click();
  named('Compare v1, v2').click();
  named('Check out').click();
  query('.hx-primary').click();
  named('Copy code').click();
  await settled();
  expect(all('script, b, a, img:not([src^="data:image/"]), iframe, object')).toEqual([]);
  for (const element of all('*')) for (const { name } of element.attributes) expect(name.startsWith('on')).toBe(false);
  expect(view.element.textContent).not.toMatch(/[\u0000\u202e]/);
  expect((window as unknown as { hurt?: number }).hurt).toBeUndefined();
});
