/** What stands above the picture: counts, search, which run is shown, zoom. */
import { button, ZoomButtons } from './buttons';
import { fill, h } from './dom';
import type { Finder } from './finder';
import { icon } from './icons';
import { awaited, plural } from './text';
import type { Group, Picture } from './types';
import { UNREACHED, type Mode } from './words';

export interface ToolbarActions {
  mode(mode: Mode): void;
  zoom(factor: number): void;
  fit(): void;
  refresh(): void;
  toggle(group: Group): void;
  /** Ask what would be. */
  whatIf(): void;
}

export class Toolbar {
  readonly element: HTMLElement;
  private readonly counts = h('div', { class: 'hx-counts' });
  private readonly groups = h('div', { class: 'hx-groups', role: 'group', 'aria-label': 'groups' });
  private readonly next = button('Next run', 'What the next run would do', () => this.actions.mode('next'));
  private readonly last = button('Last run', 'What the last run did', () => this.actions.mode('last'));
  private readonly zoom: ZoomButtons;

  constructor(private readonly actions: ToolbarActions, finder: Finder) {
    this.zoom = new ZoomButtons(actions.zoom, actions.fit);
    const modes = h('div', { class: 'hx-joined', role: 'group', 'aria-label': 'which run is shown' }, this.next, this.last);
    const whatIf = button('What if…', 'Try other choices on this picture: pin, force, drop, budget, policy', () => actions.whatIf());
    const refresh = button('Refresh', 'Look at the notebook, files and store anew', () => actions.refresh());
    this.element = h(
      'div',
      { class: 'hx-toolbar' },
      this.counts,
      h('div', { class: 'hx-tools' }, finder.matches, finder.field, modes, whatIf, refresh, this.zoom.element),
      this.groups
    );
  }

  /** `states` are what the nodes are in now. */
  count(picture: Picture, states: Iterable<string>, mode: Mode): void {
    const found = new Map<string, number>();
    for (const state of states) found.set(state, (found.get(state) ?? 0) + 1);
    const order = ['failed', 'interrupted', 'running', 'queued', 'compute', 'load', 'prune', 'done', 'loaded', 'left', 'unreached', 'none'];
    const chips = order
      .filter(state => found.get(state))
      .map(state => h('span', { class: 'hx-count' }, icon(state), ` ${found.get(state)!.toLocaleString('en')} ${NAMES[state] ?? state}`));
    const seconds = mode === 'next' && picture.plan && !picture.plan.guessed.length ? awaited(picture.plan.seconds) : '';
    fill(
      this.counts,
      h('strong', {}, plural(picture.nodes.length, 'node')),
      ...chips,
      seconds ? h('span', { class: 'hx-soft' }, `about ${seconds}`) : null
    );
  }

  show(picture: Picture, mode: Mode): void {
    this.next.setAttribute('aria-pressed', String(mode === 'next'));
    this.last.setAttribute('aria-pressed', String(mode === 'last'));
    this.last.disabled = picture.version === null;
    fill(this.groups, ...picture.groups.map(group => this.chip(group)));
    this.groups.hidden = !picture.groups.length;
    this.element.classList.toggle('hx-few', picture.nodes.length < FEW);
  }

  zoomed(scale: number): void {
    this.zoom.zoomed(scale);
  }

  private chip(group: Group): HTMLElement {
    const words = `${group.name} (${group.members.length})`;
    const chip = button(words, group.problem || (group.collapsed ? 'Expand this group' : 'Collapse this group'), () =>
      this.actions.toggle(group)
    );
    chip.classList.add('hx-chip');
    chip.disabled = Boolean(group.problem);
    chip.setAttribute('aria-expanded', String(!group.collapsed));
    return chip;
  }
}

// nodes that are found at a glance: where room is short there is no search for them
const FEW = 10;
const NAMES: Record<string, string> = { left: 'pruned', unreached: UNREACHED, none: 'not run' };
