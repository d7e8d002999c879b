import { Signal } from '@lumino/signaling';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HOSTILE, node, picture } from '../../views/samples';
import { row, words } from '../drafts/samples';
import type { Row } from '../drafts/wire';
import type { Link, LinkState } from '../link';
import type { PanelDocument } from '../wire';
import { Notice } from './notice';
import { Workbench, type Cells } from './workbench';

const deeds = { declaresEdited: true, drop: vi.fn(), run: vi.fn(), stop: vi.fn(), load: vi.fn(async () => undefined), compare: vi.fn(), checkout: vi.fn(), browse: vi.fn(), explore: vi.fn(), link: vi.fn(() => null), visit: vi.fn() };

class FakeLink {
  state: LinkState = 'unloaded';
  told = '';
  document: Partial<PanelDocument> = {};
  isRunning = false;
  isWaiting = false;
  changed = new Signal<this, Partial<PanelDocument> | null>(this);
  heard = new Signal<this, never>(this);
  ask = vi.fn(async (question: string) => (question === 'picture' ? this.document.dag : Promise.reject(new Error('busy'))));
  stop = vi.fn();
  show(parts: Partial<PanelDocument>): void {
    this.state = 'loaded';
    this.document = { ...this.document, ...parts };
    this.changed.emit(parts);
  }
}

const version = (id: number, given = {}) =>
  ({ id, parent: id > 1 ? id - 1 : null, message: `v${id}`, created: 0, status: 'done', seconds: 1, compute: 1, load: 0, metrics: { loss: id }, tags: [], error: '', ...given });
const VERSIONS = { current: 3, total: 3, metrics: [{ name: 'loss', direction: 'lower' }], versions: [version(1), version(2), version(3)] };

class FakeCells {
  rows = new Map<string, Row>();
  nodes = new Map<string, Row>();
  texts = new Map<string, string>();
  cells = (): Map<string, string> => this.texts;
  changed = new Signal<this, void>(this);
  say(...rows: Row[]): void {
    this.rows = new Map(rows.filter(one => one.cell).map(one => [one.cell, one]));
    this.nodes = new Map(rows.filter(one => one.node && !one.problem).map(one => [one.node, one]));
    this.texts = new Map([...this.rows.keys()].map(cell => [cell, '']));
    this.changed.emit();
  }
}

let cells: FakeCells;
let link: FakeLink;
let bench: Workbench;
const text = (): string => bench.element.textContent!;
const button = (name: string): HTMLButtonElement =>
  [...bench.element.querySelectorAll('button')].find(one => one.textContent!.trim() === name && !one.closest('[hidden]'))!;

beforeEach(() => {
  vi.clearAllMocks();
  link = new FakeLink();
  cells = new FakeCells();
  deeds.declaresEdited = true;
  bench = new Workbench(link as unknown as Link, words, deeds, cells as unknown as Cells);
  document.body.append(bench.element);
  bench.awake = true;
});
afterEach(() => bench.dispose());

test.each<[LinkState | null, string]>([
  [null, 'No notebook is open'],
  ['none', 'No kernel runs'],
  ['looking', 'Asking'],
  ['foreign', 'This kernel runs R'],
  ['unfit', 'has helix_jupyter R, which speaks another protocol'],
  ['unloaded', 'Not loaded']
])('without a link it is said why: %s', (state, said) => {
  const notice = new Notice(words, async () => undefined);
  notice.show(state, 'R');
  expect(notice.element.textContent).toContain(said);
  expect(notice.element.querySelector('button') !== null).toBe(state === 'unloaded');
});

test('the offer to load is taken', () => {
  button('Load helix_jupyter').click();
  expect(deeds.load).toHaveBeenCalledOnce();
});

test('what is shown follows the parts that come', () => {
  link.show({ dag: picture([node('a'), node('b', { state: 'load' })]), store: { bytes: 5_000, budget: 10_000 } });
  expect(text()).toContain('computes 1, loads 1 of 2 · about 1.5 s');
  expect(text()).toContain('5 kB of 10 kB');
  expect(bench.element.querySelectorAll('.hx-node')).toHaveLength(2);
  link.show({ dag: picture([node('a', { state: 'prune' })]) });
  expect(text()).toContain('All is up to date.');
  link.show({ store: { bytes: 9_900, budget: 10_000 } });
  expect(bench.element.querySelector('.helix-full')).not.toBeNull();
});

test('cells that were edited are counted, and the forecast is of them', () => {
  link.show({ dag: picture([node('a', { state: 'prune' })]), cells: { 'cell-a': 'a' } });
  cells.say(row('a', { value: 'fresh', state: 'load', seconds: 0 }));
  expect(text()).toContain('All is up to date.');
  cells.say(row('a', { declared: false }), row('b', { declared: false, state: 'load', seconds: 1 }));
  expect(text()).not.toContain('All is up to date.');
  expect(text()).toContain('2 cells edited: the next run declares them.');
  expect(text()).toContain('computes 1, loads 1 of 2 · about 3.0 s');
  button('Plan').click();
  expect([...bench.element.querySelectorAll('.helix-Plan-name')].map(one => one.textContent)).toEqual(['a', 'b']);
  deeds.declaresEdited = false;
  cells.say(row('a', { declared: false }));
  expect(text()).toContain('1 cell edited: run it to declare it.');
  cells.say(row('a', { declared: false, problem: 'line 2: never closed' }));
  expect(text()).toContain('1 cell cannot be declared as it stands. a: line 2: never closed');
  expect(text()).not.toContain('All is up to date.');
});

test.each<[string, Partial<Row>, string]>([
  ['its node', { node: 'b' }, 'b'],
  ['how it begins', { node: '', cell: 'new' }, '%%helix c --']
])('the cell for which nothing runs is named: %s', (_, given, name) => {
  link.show({ dag: picture([node('a')]), cells: { 'cell-a': 'a' } });
  cells.say(row('a', { declared: false, problem: 'an option is missing', ...given }));
  cells.texts.set('new', '\n%%helix c --\nc = 1');
  cells.changed.emit();
  expect(text()).toContain(`1 cell cannot be declared as it stands, so nothing runs. ${name}: an option is missing`);
});

test('the picture is of the cells as they stand while some are edited', () => {
  link.show({ dag: picture([node('a', { state: 'prune', value: 'fresh' })]) });
  const box = (): DOMStringMap => bench.element.querySelector<SVGElement>('.hx-node[data-node="a"]')!.dataset;
  expect([box().state, box().value]).toEqual(['prune', 'fresh']);
  cells.say(row('a', { declared: false }));
  expect([box().state, box().value]).toEqual(['compute', 'stale']);
  cells.say(row('a', { declared: false, problem: 'line 2: never closed' }));
  expect([box().state, box().value]).toEqual(['error', 'stale']);
  cells.say(row('a', { value: 'fresh', state: 'prune' }));
  expect([box().state, box().value]).toEqual(['prune', 'fresh']);
});

test.each([true, false])('what waits for a plain cell is said and drawn as stale, and the forecast is of the run (declares: %s)', declares => {
  deeds.declaresEdited = declares;
  link.show({ dag: picture([node('a', { state: 'prune', value: 'fresh' }), node('b', { state: 'load', value: 'fresh' })]) });
  const boxes = (): unknown[] => [...bench.element.querySelectorAll<SVGElement>('.hx-node')].map(({ dataset }) => [dataset.state, dataset.value]);
  cells.say(row('a', { value: 'stale', state: 'prune', waits: '`K` is edited' }), row('b', { value: 'fresh', state: 'load', seconds: 1 }));
  expect(boxes()).toEqual([['prune', 'stale'], ['load', 'fresh']]);
  expect(text()).toContain('1 node rests on a plain cell that was edited: run that first');
  expect(text()).not.toContain('All is up to date.');
  cells.say(row('a', { value: 'fresh', state: 'prune' }), row('b', { value: 'fresh', state: 'load', seconds: 1 }));
  expect(boxes()).toEqual([['prune', 'fresh'], ['load', 'fresh']]);
  expect(text()).toContain('All is up to date.');
});

test('why there is no node to go to is said', () => {
  link.show({ dag: picture([node('a')]) });
  cells.say(row('a'), row('b', { declared: false }));
  bench.reveal('b');
  expect(text()).toContain("'b' is not declared yet");
  bench.reveal('');
  expect(text()).toContain('declares no node as it stands');
});

test('cells that nobody has declared yet can be run', () => {
  link.show({ dag: picture([]) });
  expect(button('Run').disabled).toBe(true);
  cells.say(row('a', { declared: false, value: 'none', seconds: null }));
  expect(button('Run').disabled).toBe(false);
  expect(text()).toContain('1 cell is not declared yet: the next run declares it.');
  expect(text()).toContain('time unknown (1 never ran)');
});

test('nodes whose cells are gone are said, and dropped when that is asked for', () => {
  link.show({ dag: picture([node('a'), node('b')]), cells: { 'cell-a': 'a', 'cell-b': 'b' } });
  cells.say(row('a'), row('b', { cell: '' }));
  expect(text()).toContain('b is declared in the kernel, but has no cell here.');
  button('Drop').click();
  expect(deeds.drop).toHaveBeenCalledExactlyOnceWith(['b']);
  // moved to another cell
  cells.say(row('a'), row('b', { cell: 'other' }));
  expect(text()).not.toContain('has no cell here');
});

test('of a run of a kernel that has gone nothing is said', () => {
  link.show({ dag: picture([node('a')]) });
  link.heard.emit({ event: 'begin', nodes: [['a', 'compute', 1]] } as never);
  link.heard.emit({ event: 'changes', nodes: [['a', 'done', 1]] } as never);
  link.heard.emit({ event: 'end', status: 'done' } as never);
  const bar = bench.element.querySelector<HTMLElement>('.hx-run')!;
  expect([bar.hidden, bar.textContent]).toEqual([false, expect.stringContaining('Run done · 1 computed')]);
  link.state = 'looking';
  link.changed.emit(null);
  link.show({ dag: picture([node('a')]) });
  expect(bar.hidden).toBe(true);
});

test('nothing is drawn while nobody looks', () => {
  bench.awake = false;
  link.show({ dag: picture([node('a')]) });
  expect(bench.element.querySelectorAll('.hx-node')).toHaveLength(0);
  bench.awake = true;
  expect(bench.element.querySelectorAll('.hx-node')).toHaveLength(1);
});

test('buttons are those that do something now', () => {
  link.show({ dag: picture([]) });
  expect([button('Run').disabled, button('Stop').disabled, button('Plan').disabled]).toEqual([true, true, true]);
  link.show({ dag: picture([node('a')]) });
  button('Run').click();
  expect(deeds.run).toHaveBeenCalledOnce();
  link.isWaiting = true;
  link.changed.emit({});
  expect(text()).toContain('Waiting for the kernel');
  expect([button('Run').disabled, button('Stop').disabled]).toEqual([true, false]);
  button('Stop').click();
  expect(deeds.stop).toHaveBeenCalledOnce();
});

test('the plan is looked up anew and leads to its nodes', async () => {
  link.show({ dag: picture([node('a', { reason: '`C` changed' }), node('b', { state: 'prune' })]) });
  button('Plan').click();
  expect(link.ask).toHaveBeenCalledWith('picture', { collapsed: [] });
  await Promise.resolve();
  const rows = bench.element.querySelectorAll('.helix-Plan li');
  expect([...rows].map(row => row.textContent)).toEqual(['a1.5 sC changed']);
  expect(rows[0].querySelector('.hx-plain')!.textContent).toBe('C');
  (rows[0].querySelector('button') as HTMLButtonElement).click();
  expect(link.ask).toHaveBeenCalledWith('details', { node: 'a' });
  button('What if…').click();
  expect(deeds.explore).toHaveBeenCalledOnce();
  button('Plan').click();
  expect(bench.element.querySelector<HTMLElement>('.helix-Planned')!.hidden).toBe(true);
});

test('a node that was declared just now is gone to once it is shown', () => {
  bench.reveal('b');
  link.show({ dag: picture([node('a')]) });
  expect(link.ask).not.toHaveBeenCalled();
  link.show({ dag: picture([node('a'), node('g', { members: ['b'] })]) });
  expect(bench.element.querySelector('.hx-panel .hx-title')!.textContent).toBe('g');
});

test('a node that is clicked leads to its cell, one that is gone to from there does not', () => {
  link.show({ dag: picture([node('a'), node('b')]) });
  bench.reveal('a');
  expect(deeds.visit).not.toHaveBeenCalled();
  const box = bench.element.querySelector('.hx-node[data-node="b"]')!;
  box.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 }));
  expect(deeds.visit).toHaveBeenCalledExactlyOnceWith('b');
  expect(bench.element.querySelector('.hx-panel .hx-title')!.textContent).toBe('b');
});

test('versions can be compared, checked out and browsed', () => {
  link.show({ dag: picture([node('a')]), versions: VERSIONS });
  const [third, second, first] = bench.element.querySelectorAll('.helix-Versions > li');
  expect(third.getAttribute('aria-current')).toBe('true');
  expect(second.querySelector('.helix-worse')!.textContent).toBe(' +1');
  const names = (item: Element): string[] => [...item.querySelectorAll('button')].map(one => one.textContent!);
  expect([names(third), names(second), names(first)]).toEqual([
    ['Compare with 2'],
    ['Compare with 1', 'Compare with current', 'Check out'],
    ['Compare with current', 'Check out']
  ]);
  const press = (item: Element, at: number): void => item.querySelectorAll('button')[at].click();
  press(third, 0);
  press(second, 1);
  press(first, 1);
  button('Browse all').click();
  expect(deeds.compare.mock.calls).toEqual([
    [2, 3],
    [2, 3]
  ]);
  expect(deeds.checkout).toHaveBeenCalledWith(1);
  expect(deeds.browse).toHaveBeenCalledOnce();
});

test('a version that is opened stays open when the list is drawn anew', () => {
  link.show({ versions: VERSIONS });
  const details = (): HTMLDetailsElement => bench.element.querySelectorAll('details')[1];
  details().open = true;
  details().dispatchEvent(new Event('toggle'));
  link.show({ versions: { ...VERSIONS, total: 4 } });
  expect(details().open).toBe(true);
});

test('what holds no more is not said any more, of a kernel that has gone nothing', () => {
  const said = bench.element.querySelector<HTMLElement>('.helix-Said')!;
  bench.say('checked out', 'more');
  bench.unsay('another');
  expect(said.hidden).toBe(false);
  bench.unsay('checked out');
  expect(said.hidden).toBe(true);
  bench.say('not installed there');
  link.changed.emit(null);
  expect(said.hidden).toBe(false);
  link.show({});
  expect(said.textContent).toContain('not installed there');
  link.state = 'unloaded';
  link.changed.emit(null);
  expect(said.hidden).toBe(true);
});

test('what is said can be put away, and text of others is no markup', () => {
  link.show({
    dag: picture(HOSTILE.map((text, at) => node(`n${at}`, { reason: text }))),
    versions: { ...VERSIONS, versions: HOSTILE.map((text, at) => version(at + 1, { message: text, tags: [text], metrics: { [text]: text } })) }
  });
  bench.say(...HOSTILE);
  button('Plan').click();
  expect(bench.element.querySelectorAll('script, img, b')).toHaveLength(0);
  const said = bench.element.querySelector<HTMLElement>('.helix-Said')!;
  expect(said.textContent).toContain(HOSTILE[0]);
  said.querySelector('button')!.click();
  expect(said.hidden).toBe(true);
});
