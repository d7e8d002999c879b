/** The top of the sidebar: what the next run would do, the buttons, and the plan where one asks for it. */
import { fill, h } from '../../views/dom';
import { icon } from '../../views/icons';
import { duration, line } from '../../views/text';
import type { Picture } from '../../views/types';
import { forecast, planRows } from '../forecast';
import type { Words } from './words';

export interface HeadActions {
  run(): void;
  stop(): void;
  /** Look anew; the plan is shown meanwhile. */
  plan(): void;
  /** What other choices would change of it. */
  explore(): void;
  reveal(node: string): void;
}

export class Head {
  readonly element: HTMLElement;
  private readonly run: HTMLButtonElement;
  private readonly stop: HTMLButtonElement;
  private readonly plan: HTMLButtonElement;
  private readonly forecast = h('p', { class: 'helix-Forecast' });
  private readonly rows = h('ol', { class: 'helix-Plan' });
  private readonly planned: HTMLElement;
  private picture: Picture | null = null;

  constructor(
    private readonly words: Words,
    private readonly actions: HeadActions
  ) {
    this.run = this.button('compute', words.__('Run'), words.__('Bring the workflow up to date'), () => actions.run());
    this.stop = this.button('failed', words.__('Stop'), words.__('Stop the run that is underway'), () => actions.stop());
    this.plan = this.button('queued', words.__('Plan'), words.__('What the next run would do, and why'), () => this.toggle());
    this.run.classList.add('helix-primary');
    this.plan.setAttribute('aria-expanded', 'false');
    const explore = h('button', { class: 'helix-Link', type: 'button', title: words.__('What another budget, policy or choice would change') }, words.__('What if…'));
    explore.addEventListener('click', () => actions.explore());
    this.planned = h('div', { class: 'helix-Planned', hidden: true }, this.rows, explore);
    const buttons = h('div', { class: 'helix-Buttons' }, this.run, this.stop, this.plan);
    this.element = h('div', { class: 'helix-Head' }, buttons, this.forecast, this.planned);
  }

  /** `isWaiting`: a run was asked for, and the kernel has not begun with it. */
  show(picture: Picture | null, isRunning: boolean, isWaiting: boolean): void {
    this.picture = picture;
    const isEmpty = !picture?.nodes.length;
    this.run.disabled = isEmpty || isRunning || isWaiting;
    this.stop.disabled = !(isRunning || isWaiting);
    this.plan.disabled = isEmpty;
    fill(this.forecast, ...this.told(picture, isRunning, isWaiting));
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
    if (!picture?.nodes.length) return [words.__('No node is declared yet. Put %1 on top of a cell and run it.', '%%helix NAME')];
    if (isRunning) return [words.__('A run is underway.')];
    if (isWaiting) return [words.__('Waiting for the kernel…')];
    const coming = forecast(picture);
    if (!coming.compute) return [icon('done'), ` ${words.__('All is up to date.')}`];
    const seconds = coming.seconds === null ? words.__('time unknown (%1 never ran)', coming.unknown) : words.__('about %1', duration(coming.seconds));
    const parts = [
      coming.compute ? words.__('computes %1', coming.compute) : '',
      coming.load ? words.__('loads %1', coming.load) : ''
    ].filter(Boolean);
    return [h('strong', {}, words.__('Next run:')), ` ${parts.join(', ')} ${words.__('of %1', coming.count)} · ${seconds}`];
  }

  private list(): void {
    const rows = this.picture ? planRows(this.picture) : [];
    const items = rows.map(row => {
      const name = h('button', { class: 'helix-Plan-name', type: 'button' }, line(row.name, 80));
      name.addEventListener('click', () => this.actions.reveal(row.name));
      return h(
        'li',
        {},
        icon(row.state),
        name,
        h('span', { class: 'helix-Plan-seconds hx-soft' }, row.seconds || '?'),
        h('span', { class: 'helix-Plan-reason hx-soft' }, ...withCode(line(row.reason, 200)))
      );
    });
    fill(this.rows, ...(items.length ? items : [h('li', { class: 'hx-soft' }, this.words.__('Nothing: all is up to date.'))]));
  }

  private button(mark: string, text: string, title: string, act: () => void): HTMLButtonElement {
    const button = h('button', { class: 'hx-button', type: 'button', title }, icon(mark), ` ${text}`);
    button.addEventListener('click', act);
    return button;
  }
}

/** What stands between backticks is code. */
function withCode(text: string): (Node | string)[] {
  return text.split('`').map((part, at) => (at % 2 ? h('code', {}, part) : part));
}
