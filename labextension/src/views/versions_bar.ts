/** What stands above the list: counts, filter, which metrics are shown, what is chosen; and questions before what cannot be undone. */
import { fill, h, type Child } from './dom';
import { line, plural } from './text';
import { metricTitle } from './versions_columns';
import type { Drawable } from './versions_strip';

export interface BarActions {
  filter(text: string): void;
  compare(): void;
  clear(): void;
  /** Show or hide a metric's column or curve. */
  toggle(what: 'column' | 'curve', key: string): void;
}

export interface BarState {
  total: number;
  known: number;
  shown: number;
  current: number | null;
  problem: string;
  chosen: readonly number[];
}

export class VersionBar {
  readonly element: HTMLElement;
  readonly filter = h('input', {
    class: 'hx-search hxv-filter',
    type: 'search',
    placeholder: 'Filter: text, v12, auc>0.8, tag:best',
    'aria-label': 'Filter versions',
    title: 'Text in message, tags, note or status; v12; auc>0.8, time<3; tag:best; status:failed; a minus in front turns a word round',
    spellcheck: 'false'
  });
  private readonly counts = h('div', { class: 'hx-counts' });
  private readonly matches = h('span', { class: 'hx-matches hx-soft', role: 'status' });
  private readonly compare: HTMLButtonElement;
  private readonly clear: HTMLButtonElement;
  private readonly menu = h('div', { class: 'hxv-menu-list', role: 'group', 'aria-label': 'metrics shown' });
  private readonly unfold = h('details', { class: 'hxv-menu' }, h('summary', { class: 'hx-button' }, 'Metrics'), this.menu);

  constructor(private readonly actions: BarActions) {
    this.filter.addEventListener('input', () => actions.filter(this.filter.value));
    this.compare = button('Compare', 'Choose two versions or more: Space, or the boxes on the left', () => actions.compare());
    this.clear = button('×', 'Choose none', () => actions.clear());
    const tools = h('div', { class: 'hx-tools' }, this.matches, this.filter, this.unfold, this.compare, this.clear);
    this.element = h('div', { class: 'hx-toolbar' }, this.counts, tools);
  }

  show(state: BarState): void {
    const { chosen } = state;
    const late = state.known < state.total ? `${state.known.toLocaleString('en')} are here so far` : '';
    fill(
      this.counts,
      h('strong', {}, plural(state.total, 'version')),
      state.current === null ? null : h('span', { class: 'hx-soft' }, `v${state.current} is current`),
      late ? h('span', { class: 'hx-soft' }, late) : null
    );
    fill(this.matches, state.problem || (state.shown === state.known ? '' : `${state.shown.toLocaleString('en')} shown`));
    this.matches.classList.toggle('hxv-problem', Boolean(state.problem));
    this.compare.disabled = chosen.length < 2;
    fill(this.compare, chosen.length ? `Compare ${chosen.slice(0, 3).map(id => `v${id}`).join(', ')}${chosen.length > 3 ? ', …' : ''}` : 'Compare');
    this.clear.hidden = !chosen.length;
  }

  /** What the menu offers; a time has a curve, but its column is always there. */
  offer(drawables: readonly Drawable[], columns: ReadonlySet<string>, curves: ReadonlySet<string>): void {
    const focus = this.menu.contains(document.activeElement) ? document.activeElement!.getAttribute('aria-label') : null;
    const box = (what: 'column' | 'curve', one: Drawable, on: boolean): HTMLElement => {
      const input = h('input', { type: 'checkbox', 'aria-label': `${what} of ${line(one.metric.name, 80)}` });
      input.checked = on;
      input.addEventListener('change', () => this.actions.toggle(what, one.key));
      return h('label', {}, input, ` ${what}`);
    };
    const rows = drawables.map(one =>
      h(
        'div',
        { class: 'hxv-menu-row' },
        h('span', { class: 'hxv-text' }, metricTitle(one.metric)),
        one.key.startsWith('metric:') ? box('column', one, columns.has(one.key)) : h('span', {}),
        box('curve', one, curves.has(one.key))
      )
    );
    fill(this.menu, ...rows);
    if (focus) [...this.menu.querySelectorAll<HTMLElement>('input')].find(one => one.getAttribute('aria-label') === focus)?.focus();
  }

  /** Fold the menu unless `to` is in it. */
  foldUnless(to: EventTarget | null): void {
    if (!(to instanceof Node && this.unfold.contains(to))) this.unfold.open = false;
  }

  /** Fold the menu; whether it was open. */
  fold(): boolean {
    const was = this.unfold.open;
    this.unfold.open = false;
    return was;
  }
}

/** A line between bar and list: news, a problem, a question, or text to copy. */
export class Word {
  readonly element = h('div', { class: 'hxv-word', hidden: true });

  /** `back` is where the focus goes once a question is answered. */
  constructor(private readonly back: () => void) {}

  say(text: string, isProblem = false): void {
    this.put(h('p', { role: isProblem ? 'alert' : 'status', class: isProblem ? 'hxv-problem' : null }, line(text, 600)), this.close('Close'));
  }

  ask(text: string, verb: string, act: () => unknown): void {
    const yes = button(verb, verb, () => {
      this.hide();
      act();
    });
    yes.classList.add('hx-primary');
    this.put(h('p', {}, line(text, 600)), yes, this.close('Cancel'));
    this.element.setAttribute('role', 'group');
    this.element.setAttribute('aria-label', line(text, 600));
    yes.focus();
  }

  /** Text that the clipboard would not take. */
  offer(text: string): void {
    const area = h('textarea', { class: 'hxv-area', readonly: true, rows: 8, 'aria-label': 'code to copy', spellcheck: 'false' });
    area.value = text;
    this.put(h('p', { role: 'status' }, 'The clipboard is not open to this page: copy from here (Ctrl+C).'), this.close('Close'), area);
    area.focus();
    area.select();
  }

  hide(): void {
    const had = this.element.contains(document.activeElement);
    this.element.hidden = true;
    fill(this.element);
    if (had) this.back();
  }

  private put(...content: Child[]): void {
    this.element.removeAttribute('role');
    this.element.removeAttribute('aria-label');
    this.element.hidden = false;
    fill(this.element, ...content);
  }

  private close(word: string): HTMLButtonElement {
    return button(word, `${word} (Esc)`, () => this.hide());
  }
}

export function button(text: string, title: string, act: () => void): HTMLButtonElement {
  const made = h('button', { class: 'hx-button', type: 'button', title, 'aria-label': text.length < 2 ? title : null }, text);
  made.addEventListener('click', act);
  return made;
}
