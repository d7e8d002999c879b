import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DagView } from './dag';
import type { Host } from './host';
import { HOSTILE, node, picture } from './samples';
import type { Details, Picture } from './types';

function details(name: string, text = 'x = 1'): Details {
  return {
    node: name,
    code: text,
    runs: [[text, text], ['return', 'k']],
    state: 'compute',
    reasons: [text, `${text} again`],
    outputs: [
      {
        name: text,
        summary: text,
        bytes: 5,
        note: text,
        preview: { kind: 'frame', rows: 2, columns: [{ name: text, type: text }], hidden: 3, head: [[text], [text]] }
      },
      { name: 'figure', summary: '', bytes: 0, note: '', preview: { kind: 'image', source: text, told: text } },
      { name: 'array', summary: '', bytes: 0, note: '', preview: { kind: 'array', shape: [2], type: text, statistics: [[text, text]], head: text } },
      { name: 'fields', summary: '', bytes: 0, note: '', preview: { kind: 'fields', title: text, fields: [[text, text]] } },
      { name: 'text', summary: '', bytes: 0, note: '', preview: { kind: 'text', text } }
    ],
    shown: [{ stream: 'stderr', text, image: '' }, { stream: '', text, image: text }],
    history: [1, 2].map(version => ({ version, state: text, seconds: version, bytes: version })),
    depends: ['file', 'function', 'value', 'module'].map(kind => ({ kind, name: text, detail: text })),
    inputs: [[text, text]]
  };
}

let view: DagView;
let ask: ReturnType<typeof vi.fn>;
let stop: ReturnType<typeof vi.fn>;

beforeEach(() => {
  ask = vi.fn(async (question: string, given: { node: string }) => (question === 'details' ? details(given.node) : picture([])));
  stop = vi.fn(async () => undefined);
  view = new DagView({ ask, stop } as unknown as Host);
  document.body.append(view.element);
});

afterEach(() => view.dispose());

const query = (selector: string): HTMLElement => view.element.querySelector<HTMLElement>(selector)!;
const all = (selector: string): Element[] => [...view.element.querySelectorAll(selector)];
const found = (name: string): SVGGElement => all('[data-node]').find(one => one.getAttribute('data-node') === name) as SVGGElement;
const press = (element: Element, key: string): boolean =>
  element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
const settled = (): Promise<void> => new Promise(resolve => setTimeout(resolve));

const CHAIN: Picture = picture([node('rows', { state: 'load', value: 'fresh' }), node('model'), node('score')], [['rows', 'model'], ['model', 'score']]);

describe('the picture', () => {
  beforeEach(() => view.show(CHAIN));

  test('nodes tell name, state, value and why', () => {
    expect(found('rows').getAttribute('data-state')).toBe('load');
    expect(found('rows').getAttribute('data-value')).toBe('fresh');
    expect(found('model').textContent).toContain('compute 1.5 s');
    expect(found('model').textContent).toContain('stale 2 kB');
    expect(found('model').getAttribute('aria-label')).toBe('model compute 1.5 s stale 2 kB. code edited');
    expect(query('.hx-counts').textContent).toContain('3 nodes');
  });

  test('the last run is another picture', () => {
    all('.hx-button').find(one => one.textContent === 'Last run')!.dispatchEvent(new MouseEvent('click'));
    expect(found('model').getAttribute('data-state')).toBe('done');
    expect(found('model').textContent).toContain('done 2.0 s');
  });

  test('a click opens details and marks what is above and below', async () => {
    found('model').dispatchEvent(new MouseEvent('click', { bubbles: true }));
    await settled();
    expect(ask).toHaveBeenCalledWith('details', { node: 'model' });
    expect(query('.hx-panel .hx-title').textContent).toBe('model');
    expect(query('.hx-panel .hx-code').textContent).toBe('x = 1return');
    expect(all('.hx-panel .hx-code > *').map(one => [one.className, one.textContent])).toEqual([['hx-k-k', 'return']]);
    expect(found('rows').classList.contains('hx-up')).toBe(true);
    expect(found('score').classList.contains('hx-down')).toBe(true);
    expect(all('.hx-edge.hx-up').length).toBe(1);
    press(query('.hx-panel'), 'Escape');
    expect(query('.hx-panel').hidden).toBe(true);
    expect(all('.hx-up').length).toBe(0);
  });

  test('a click is that of the box that was pressed, whatever is drawn before the release', async () => {
    const down = (at: Element): boolean => at.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, button: 0 }));
    const click = (at: Element): boolean => at.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 }));
    const ground = query('.hx-frame-of-picture');
    const title = (): string | undefined => query('.hx-panel .hx-title')?.textContent;
    down(found('model'));
    view.show(picture([node('first'), ...CHAIN.nodes], [['rows', 'model']]));
    click(ground); // where the browser sends it: the box that was pressed is drawn anew
    await settled();
    expect(title()).toBe('model');
    down(found('rows'));
    view.show(picture([node('model')]));
    click(ground);
    await settled();
    expect(title()).toBe('model');
    down(ground);
    click(found('model'));
    expect(query('.hx-panel').hidden).toBe(true);
  });

  test('what is marked stays so while nodes say something else', async () => {
    found('model').dispatchEvent(new MouseEvent('click', { bubbles: true }));
    await settled();
    all('.hx-button').find(one => one.textContent === 'Last run')!.dispatchEvent(new MouseEvent('click'));
    expect(found('model').getAttribute('data-state')).toBe('done');
    expect(['rows', 'model', 'score'].map(name => found(name).classList.item(found(name).classList.length - 1))).toEqual(['hx-up', 'hx-chosen', 'hx-down']);
  });

  test('what is marked stays so in another picture, as far as it is there', async () => {
    const marks = (): string[] => all('.hx-up, .hx-chosen, .hx-down').map(one => one.getAttribute('data-node') ?? 'an edge');
    const pointer = (type: string, element: Element): boolean => element.dispatchEvent(new MouseEvent(type, { bubbles: true }));
    const [rows, model, score] = CHAIN.nodes;
    // what is pointed at
    pointer('pointerover', found('score'));
    view.show(picture([rows, model, score], [['rows', 'score']]));
    expect(marks()).toEqual(['an edge', 'rows', 'score']);
    pointer('pointerleave', query('.hx-frame-of-picture'));
    expect(marks()).toEqual([]);
    // what was chosen, while something else is pointed at, and it itself
    pointer('click', found('score'));
    pointer('pointerover', found('model'));
    view.show(structuredClone(CHAIN));
    expect(marks()).toEqual(['an edge', 'an edge', 'rows', 'model', 'score']);
    view.show(picture([rows, model]));
    expect(marks()).toEqual([]);
  });

  test('a kernel that has no answer says so', async () => {
    ask.mockRejectedValueOnce(new Error('gone'));
    found('model').dispatchEvent(new MouseEvent('click', { bubbles: true }));
    await settled();
    expect(query('.hx-panel [role=alert]').textContent).toBe('gone');
  });

  test('arrows walk, and one node is reached by Tab', () => {
    found('rows').focus();
    press(found('rows'), 'ArrowDown');
    expect(document.activeElement).toBe(found('model'));
    expect(all('[data-node][tabindex="0"]')).toEqual([found('model')]);
    press(found('model'), 'End');
    expect(document.activeElement).toBe(found('score'));
  });

  test('keys stay in here, but for Tab and those with Ctrl', () => {
    const outside = vi.fn();
    document.body.addEventListener('keydown', outside);
    for (const key of ['j', 'Enter', 'ArrowUp', '0']) press(found('rows'), key);
    expect(outside).not.toHaveBeenCalled();
    press(found('rows'), 'Tab');
    found('rows').dispatchEvent(new KeyboardEvent('keydown', { key: 's', ctrlKey: true, bubbles: true }));
    expect(outside).toHaveBeenCalledTimes(2);
    document.body.removeEventListener('keydown', outside);
  });

  test('what has the focus keeps shortcuts of the notebook away', () => {
    found('rows').focus();
    const isKept = (): boolean => found('rows').hasAttribute('data-lm-suppress-shortcuts');
    expect(isKept()).toBe(true);
    found('rows').dispatchEvent(new KeyboardEvent('keydown', { key: 'Control', ctrlKey: true, bubbles: true }));
    expect(isKept()).toBe(false);
    found('rows').dispatchEvent(new KeyboardEvent('keyup', { key: 'Control', bubbles: true }));
    expect(isKept()).toBe(true);
  });

  test('search marks what it finds', () => {
    const input = query('.hx-search') as HTMLInputElement;
    input.value = 'MOD';
    input.dispatchEvent(new Event('input'));
    expect(all('.hx-found')).toEqual([found('model')]);
    expect(query('.hx-matches').textContent).toBe('1 found');
    press(input, 'Escape');
    expect(all('.hx-found')).toEqual([]);
  });

  test('Enter leads to the first of what was found, then on', () => {
    const input = query('.hx-search') as HTMLInputElement;
    const told: (string | null)[] = [];
    input.value = 'o';
    input.dispatchEvent(new Event('input'));
    for (let at = 0; at < 3; at++) {
      told.push(query('.hx-matches').textContent, query('[tabindex="0"][data-node]').dataset.node ?? null);
      press(input, 'Enter');
    }
    expect(told).toEqual(['3 found', 'rows', '1 of 3', 'rows', '2 of 3', 'model']);
  });

  test('what was chosen stays when the picture changes', async () => {
    found('model').dispatchEvent(new MouseEvent('click', { bubbles: true }));
    await settled();
    view.show(picture([node('rows'), node('model', { state: 'prune' })], [['rows', 'model']]));
    expect(query('.hx-panel').hidden).toBe(false);
    view.show(picture([node('rows')]));
    expect(query('.hx-panel').hidden).toBe(true);
  });
});

describe('a run', () => {
  beforeEach(() => {
    view.show(CHAIN);
    view.hear({ event: 'begin', nodes: [['rows', 'load', 0.1], ['model', 'compute', 10], ['score', 'compute', 1]] });
  });

  test('is shown in the boxes and the bar', () => {
    expect(found('rows').getAttribute('data-state')).toBe('queued');
    view.hear({ event: 'changes', nodes: [['rows', 'loaded', 0], ['model', 'running', 0]] });
    expect(found('rows').getAttribute('data-state')).toBe('loaded');
    expect(found('rows').textContent).not.toContain('0 s');
    expect(found('model').textContent).toContain('0 s, 10 s left');
    expect(query('.hx-run').hidden).toBe(false);
    expect(query('[role=progressbar]').hidden).toBe(false);
    view.hear({ event: 'changes', nodes: [['model', 'failed', 2]] });
    view.hear({ event: 'end', status: 'failed' });
    expect(found('model').getAttribute('data-state')).toBe('failed');
    expect(found('score').textContent).toContain('not reached');
    expect(query('.hx-counts').textContent).toBe('3 nodes 1 failed 1 loaded 1 not reached');
    expect(query('.hx-bar-words').textContent).toBe('Run failed · 1 loaded · 1 failed');
    expect(query('.hx-stop').hidden).toBe(true);
  });

  test('is counted as the boxes tell it by the next frame', async () => {
    view.hear({ event: 'changes', nodes: [['rows', 'loaded', 0]] });
    view.hear({ event: 'changes', nodes: [['model', 'running', 0]] });
    await new Promise(requestAnimationFrame);
    expect(query('.hx-counts').textContent).toMatch(/1 running.*1 queued.*1 loaded/);
    expect(query('.hx-bar-words').textContent).toContain('1 of 3 nodes');
  });

  test('can be stopped', async () => {
    query('.hx-stop').click();
    expect(stop).toHaveBeenCalledOnce();
    stop.mockRejectedValueOnce(new Error('no way'));
    (query('.hx-stop') as HTMLButtonElement).disabled = false;
    query('.hx-stop').click();
    await settled();
    expect(query('.hx-bar-words').textContent).toBe('no way');
  });

  test('is told until another version than the one it made is checked out', () => {
    const states = (): (string | null)[] => ['rows', 'model'].map(name => found(name).getAttribute('data-state'));
    const ran = { state: 'compute', seconds: 2, reason: 'never run before' };
    const drawn = (version: number): void => view.show({ ...CHAIN, version, nodes: CHAIN.nodes.map(one => ({ ...one, last: ran })) });
    view.hear({ event: 'changes', nodes: [['rows', 'loaded', 0.1], ['model', 'done', 2]] });
    view.hear({ event: 'end', status: 'done' });
    drawn(8);
    drawn(8);
    view.reveal('model');
    expect(query('.hx-panel').textContent).toMatch(/done 2\.0 s.*it had never run before/i);
    expect(query('.hx-bar-words').textContent).toContain('Run done · 1 computed · 1 loaded');
    const next = CHAIN.nodes.slice(0, 2).map(one => one.state);
    expect(states()).not.toEqual(next);
    drawn(5);
    expect(query('.hx-run').hidden).toBe(true);
    expect(states()).toEqual(next);
  });

  test('of a collapsed group is told by its box', () => {
    const group = node('group g', { members: ['rows', 'model'], group: 'g', lines: ['g'] });
    view.show(picture([group, node('score')]));
    view.hear({ event: 'changes', nodes: [['model', 'running', 0]] });
    expect(found('group g').getAttribute('data-state')).toBe('running');
  });
});

test('a group asks the kernel for another picture', () => {
  const grouped = { ...CHAIN, groups: [{ name: 'g', members: ['rows', 'model'], collapsed: false, problem: '' }] };
  view.show(grouped);
  query('.hx-chip').click();
  expect(ask).toHaveBeenCalledWith('picture', { collapsed: ['g'] });
});

test.each(HOSTILE)('%s is text wherever it stands', async hostile => {
  const other = `${hostile} child`;
  const grouped = {
    ...picture([node(hostile, { reason: hostile, state: hostile, group: hostile, outputs: [hostile, 'b'] }), node(other)], [[hostile, other]]),
    groups: [{ name: hostile, members: [hostile], collapsed: false, problem: hostile }]
  };
  ask.mockImplementation(async () => details(hostile, hostile));
  view.show(grouped as Picture);
  const box = all('[data-node]')[0];
  box.dispatchEvent(new MouseEvent('pointerover', { bubbles: true }));
  box.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  await settled();
  view.hear({ event: 'begin', nodes: [[hostile, hostile, 1]] });
  view.hear({ event: 'end', status: hostile });
  expect(all('script, b, a, iframe, object')).toEqual([]);
  for (const element of all('*')) {
    for (const { name } of element.attributes) expect(name.startsWith('on')).toBe(false);
    expect(element.getAttribute('src') ?? 'data:image/png').toMatch(/^data:image\//);
  }
  expect(view.element.textContent).not.toMatch(/[\u0000\u202e]/);
  expect((window as unknown as { hurt?: number }).hurt).toBeUndefined();
});
