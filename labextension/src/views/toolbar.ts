/** What stands above the picture: counts, search, which run is shown, zoom. */
import { fill, h } from './dom';
import { icon } from './icons';
import { duration, plural } from './text';
import type { Group, Picture } from './types';
import type { Mode } from './words';

export interface ToolbarActions {
  search(text: string): void;
  found(forward: boolean): void;
  mode(mode: Mode): void;
  zoom(factor: number): void;
  fit(): void;
  refresh(): void;
  toggle(group: Group): void;
}

export class Toolbar {
  readonly element: HTMLElement;
  readonly search = h('input', {
    class: 'hx-search',
    type: 'search',
    placeholder: 'Find a node',
    'aria-label': 'Find a node',
    spellcheck: 'false'
  });
  private readonly counts = h('div', { class: 'hx-counts' });
  private readonly matches = h('span', { class: 'hx-matches hx-soft', role: 'status' });
  private readonly groups = h('div', { class: 'hx-groups', role: 'group', 'aria-label': 'groups' });
  private readonly next = this.button('Next run', 'What the next run would do', () => this.actions.mode('next'));
  private readonly last = this.button('Last run', 'What the last run did', () => this.actions.mode('last'));
  private readonly scale = h('span', { class: 'hx-scale' });

  constructor(private readonly actions: ToolbarActions) {
    this.search.addEventListener('input', () => actions.search(this.search.value));
    this.search.addEventListener('keydown', event => {
      if (event.key === 'Enter') actions.found(!event.shiftKey);
    });
    const modes = h('div', { class: 'hx-joined', role: 'group', 'aria-label': 'which run is shown' }, this.next, this.last);
    const zoom = h(
      'div',
      { class: 'hx-joined', role: 'group', 'aria-label': 'zoom' },
      this.button('−', 'Zoom out (−)', () => actions.zoom(1 / 1.25)),
      this.scale,
      this.button('+', 'Zoom in (+, Ctrl and wheel)', () => actions.zoom(1.25)),
      this.button('Fit', 'Show all of it (0)', () => actions.fit())
    );
    const refresh = this.button('Refresh', 'Look at the notebook, files and store anew', () => actions.refresh());
    this.element = h(
      'div',
      { class: 'hx-toolbar' },
      this.counts,
      h('div', { class: 'hx-tools' }, this.matches, this.search, modes, refresh, zoom),
      this.groups
    );
  }

  /** `states` are what the nodes are in now. */
  show(picture: Picture, states: Iterable<string>, mode: Mode): void {
    const found = new Map<string, number>();
    for (const state of states) found.set(state, (found.get(state) ?? 0) + 1);
    const order = ['failed', 'running', 'queued', 'compute', 'load', 'prune', 'done', 'loaded', 'left', 'none'];
    const chips = order
      .filter(state => found.get(state))
      .map(state => h('span', { class: 'hx-count' }, icon(state), ` ${found.get(state)!.toLocaleString('en')} ${NAMES[state] ?? state}`));
    const seconds = mode === 'next' && picture.plan && !picture.plan.guessed.length ? duration(picture.plan.seconds) : '';
    fill(
      this.counts,
      h('strong', {}, plural(picture.nodes.length, 'node')),
      ...chips,
      seconds ? h('span', { class: 'hx-soft' }, `about ${seconds}`) : null
    );
    this.next.setAttribute('aria-pressed', String(mode === 'next'));
    this.last.setAttribute('aria-pressed', String(mode === 'last'));
    this.last.disabled = picture.version === null;
    fill(this.groups, ...picture.groups.map(group => this.chip(group)));
    this.groups.hidden = !picture.groups.length;
  }

  zoomed(scale: number): void {
    fill(this.scale, `${Math.round(scale * 100)}%`);
  }

  matched(count: number | null, at: number): void {
    fill(this.matches, count === null ? '' : count ? `${at + 1} of ${count}` : 'none');
  }

  /** Say something in the place of the matches. */
  say(text: string): void {
    fill(this.matches, text);
  }

  private chip(group: Group): HTMLElement {
    const words = `${group.name} (${group.members.length})`;
    const chip = this.button(words, group.problem || (group.collapsed ? 'Expand this group' : 'Collapse this group'), () =>
      this.actions.toggle(group)
    );
    chip.classList.add('hx-chip');
    chip.disabled = Boolean(group.problem);
    chip.setAttribute('aria-expanded', String(!group.collapsed));
    return chip;
  }

  private button(text: string, title: string, act: () => void): HTMLButtonElement {
    const button = h('button', { class: 'hx-button', type: 'button', title }, text);
    if (text.length < 2) button.setAttribute('aria-label', title);
    button.addEventListener('click', act);
    return button;
  }
}

const NAMES: Record<string, string> = { left: 'not needed', none: 'not run' };
