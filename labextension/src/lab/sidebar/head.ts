/** The top of the sidebar: what the next run would do, the buttons, and the plan where one asks for it. */
import { fill, h } from '../../views/dom';
import { icon } from '../../views/icons';
import { plainReason, reason } from '../../views/reason';
import { duration, line } from '../../views/text';
import type { Picture } from '../../views/types';
import type { Edits } from '../drafts/edits';
import type { Row } from '../drafts/wire';
import { draftForecast, draftRows, forecast, planRows } from '../forecast';
import type { Words } from './words';

export interface HeadActions {
  run(): void;
  stop(): void;
  /** Look anew; the plan is shown meanwhile. */
  plan(): void;
  /** What other choices would change of it. */
  explore(): void;
  reveal(node: string): void;
  /** Take nodes out of the workflow. */
  drop(nodes: string[]): void;
}

/** What stands beside what is declared. */
export interface Standing extends Edits {
  /** What the cells as they stand would make, by nodes. */
  rows: readonly Row[];
  /** What the first cell that cannot be declared is called. */
  blocker: string;
  /** How many values are stale once a plain cell runs that was edited. */
  waiting: number;
  /** Nodes that no cell here declares. */
  gone: readonly string[];
  /** Whether the kernel has declared none of those that a run declares first. */
  areNew: boolean;
  /** Whether a run declares first what was edited. */
  declares: boolean;
}

const NOTHING: Standing = { edited: [], broken: [], blocker: '', rows: [], waiting: 0, gone: [], areNew: false, declares: false };
// rows of a plan; all of it is what the picture tells
const MOST = 15;
// names that are listed one by one
const LISTED = 3;

export class Head {
  readonly element: HTMLElement;
  private readonly run: HTMLButtonElement;
  private readonly stop: HTMLButtonElement;
  private readonly plan: HTMLButtonElement;
  private readonly forecast = h('p', { class: 'helix-Forecast' });
  private readonly rows = h('ol', { class: 'helix-Plan' });
  private readonly planned: HTMLElement;
  private readonly notes = h('div', { class: 'helix-Notes' });
  private picture: Picture | null = null;
  private standing = NOTHING;

  constructor(
    private readonly words: Words,
    private readonly actions: HeadActions
  ) {
    this.run = this.button('compute', words.__('Run'), words.__('Bring the workflow up to date'), () => actions.run());
    this.stop = this.button('failed', words.__('Stop'), words.__('Stop the run that is underway'), () => actions.stop());
    this.plan = this.button('queued', words.__('Plan'), words.__('What the next run would do, and why'), () => this.toggle());
    this.run.classList.add('hx-primary');
    this.plan.setAttribute('aria-expanded', 'false');
    const explore = h('button', { class: 'helix-Link', type: 'button', title: words.__('What another budget, policy or choice would change') }, words.__('What if…'));
    explore.addEventListener('click', () => actions.explore());
    this.planned = h('div', { class: 'helix-Planned', hidden: true }, this.rows, explore);
    const buttons = h('div', { class: 'helix-Buttons' }, this.run, this.stop, this.plan);
    this.element = h('div', { class: 'helix-Head' }, buttons, this.forecast, this.notes, this.planned);
  }

  /** `isWaiting`: a run was asked for, and the kernel has not begun with it. */
  show(picture: Picture | null, isRunning: boolean, isWaiting: boolean, standing = NOTHING): void {
    this.picture = picture;
    this.standing = standing;
    const isEmpty = !picture?.nodes.length && !this.takesEdits;
    this.run.disabled = isEmpty || isRunning || isWaiting;
    this.stop.disabled = !(isRunning || isWaiting);
    this.plan.disabled = isEmpty;
    fill(this.forecast, ...this.told(picture, isRunning, isWaiting));
    // what a run has declared is not told yet while it is underway
    fill(this.notes, ...(isRunning ? [] : this.noted()));
    if (!this.planned.hidden) this.list();
  }

  /** Show the plan, and look anew; or put it away. */
  toggle(open = this.planned.hidden): void {
    this.planned.hidden = !open;
    this.plan.setAttribute('aria-expanded', String(open));
    if (!open) return;
    this.list();
    this.actions.plan();
  }

  private told(picture: Picture | null, isRunning: boolean, isWaiting: boolean): (Node | string)[] {
    const { words } = this;
    if (!picture?.nodes.length && !this.takesEdits) return [words.__('No node is declared yet. Put %1 on top of a cell and run it.', '%%helix NAME')];
    if (isRunning) return [words.__('A run is underway.')];
    if (isWaiting) return [words.__('Waiting for the kernel…')];
    const coming = this.takesEdits || !picture ? draftForecast(this.standing.rows) : forecast(picture);
    const { edited, broken, waiting, declares } = this.standing;
    if ((declares && broken.length) || (!coming.compute && edited.length + broken.length + waiting)) return [];
    if (!coming.compute) return [icon('done'), ` ${words.__('All is up to date.')}`];
    const seconds = coming.seconds === null ? words.__('time unknown (%1 never ran)', coming.unknown) : words.__('about %1', duration(coming.seconds));
    const parts = [
      coming.compute ? words.__('computes %1', coming.compute) : '',
      coming.load ? words.__('loads %1', coming.load) : ''
    ].filter(Boolean);
    return [h('strong', {}, words.__('Next run:')), ` ${parts.join(', ')} ${words.__('of %1', coming.count)} · ${seconds}`];
  }

  /** Whether the coming run is one of the cells as they stand. */
  private get takesEdits(): boolean {
    return this.standing.declares && this.standing.edited.length > 0;
  }

  private noted(): Node[] {
    const { words } = this;
    const { edited, broken, blocker, waiting, gone, areNew, declares } = this.standing;
    const count = edited.length;
    const then = declares ? words._n('the next run declares it.', 'the next run declares them.', count) : words._n('run it to declare it.', 'run them to declare them.', count);
    const note = (mark: string, ...told: (Node | string)[]): HTMLElement => h('p', { class: 'helix-Note' }, icon(mark), h('span', {}, ...told));
    const notes: HTMLElement[] = [];
    const counted = areNew
      ? words._n('%1 cell is not declared yet:', '%1 cells are not declared yet:', count)
      : words._n('%1 cell edited:', '%1 cells edited:', count);
    if (count) notes.push(note('stale', `${counted} ${then}`));
    if (broken.length) {
      const says = words._n('%1 cell cannot be declared as it stands', '%1 cells cannot be declared as they stand', broken.length);
      const then = declares ? words.__(', so nothing runs') : '';
      notes.push(note('failed', `${says}${then}. `, h('code', {}, line(blocker, 60)), `: ${plainReason(broken[0].problem, 200)}`));
    }
    if (waiting) {
      const rest = words._n('%1 node rests on a plain cell that was edited: run that first,', '%1 nodes rest on plain cells that were edited: run those first,', waiting);
      notes.push(note('stale', `${rest} ${words.__('a run leaves plain cells alone.')}`));
    }
    if (gone.length) notes.push(note('none', ...this.forgotten(gone)));
    return notes;
  }

  private forgotten(gone: readonly string[]): (Node | string)[] {
    const { words } = this;
    const names = gone.slice(0, LISTED).flatMap((name, at) => [at ? ', ' : '', h('code', {}, line(name, 60))]);
    const more = gone.length > LISTED ? ` ${words.__('and %1 more', gone.length - LISTED)}` : '';
    const says = words._n('is declared in the kernel, but has no cell here.', 'are declared in the kernel, but have no cells here.', gone.length);
    const drop = h('button', { class: 'helix-Link', type: 'button', title: words.__('Take out of the workflow what no cell here declares; its values stay in the store') }, words.__('Drop'));
    drop.addEventListener('click', () => this.actions.drop([...gone]));
    return [...names, `${more} ${says} `, drop];
  }

  private list(): void {
    const rows = this.takesEdits ? draftRows(this.standing.rows) : this.picture ? planRows(this.picture) : [];
    const items = rows.slice(0, MOST).map(row => {
      const name = h('button', { class: 'helix-Plan-name', type: 'button' }, line(row.name, 80));
      name.addEventListener('click', () => this.actions.reveal(row.name));
      return h(
        'li',
        {},
        icon(row.state),
        name,
        h('span', { class: 'helix-Plan-seconds hx-soft' }, row.seconds),
        h('span', { class: 'helix-Plan-reason hx-soft' }, ...reason(row.reason, 200))
      );
    });
    if (rows.length > items.length) items.push(h('li', { class: 'hx-soft' }, this.words.__('and %1 more', rows.length - items.length)));
    fill(this.rows, ...(items.length ? items : [h('li', { class: 'hx-soft' }, this.words.__('Nothing: all is up to date.'))]));
  }

  private button(mark: string, text: string, title: string, act: () => void): HTMLButtonElement {
    const button = h('button', { class: 'hx-button', type: 'button', title }, icon(mark), ` ${text}`);
    button.addEventListener('click', act);
    return button;
  }
}
