/** What stands above a difference: its two versions, which others there are, how much is shown, export. */
import { fill, h, type Child } from '../dom';
import { line } from '../text';
import { moment } from './numbers';
import { button, soft } from './parts';
import type { VersionHead } from './types';
import { asking, wordsOf } from './wait';

export interface Choice {
  id: number;
  message: string;
}

export interface HeadActions {
  /** The versions that there are. */
  choices(): Promise<Choice[]>;
  compare(a: number, b: number): void;
  everything(on: boolean): void;
  /** Write it as a file; gives what is to be said. */
  exported(): Promise<Child[]>;
}

export class Head {
  readonly element = h('div', { class: 'hxd-top' });
  private readonly pair = h('div', { class: 'hxd-pair' });
  private readonly said = h('span', { class: 'hx-soft hxd-said', role: 'status' });
  private readonly only = button('Differences', 'Only what differs', () => this.actions.everything(false));
  private readonly all = button('All', 'What is the same, too', () => this.actions.everything(true));
  private readonly exporting: HTMLButtonElement;
  private readonly other: HTMLButtonElement;
  private sides: [VersionHead, VersionHead] | null = null;
  /** They were asked for before there was a comparison. */
  private isWanted = false;

  constructor(private readonly actions: HeadActions) {
    this.exporting = button('Export', 'Write it as one HTML file', () => void this.write());
    this.other = button('Other versions', 'Compare others', () => void this.choose());
    const swap = button('⇄', 'Swap before and after', () => this.sides && actions.compare(this.sides[1].id, this.sides[0].id));
    swap.setAttribute('aria-label', 'Swap before and after');
    const shown = h('div', { class: 'hx-joined', role: 'group', 'aria-label': 'what is shown' }, this.only, this.all);
    fill(this.element, this.pair, h('div', { class: 'hx-tools' }, this.said, shown, swap, this.other, this.exporting));
  }

  show(before: VersionHead, after: VersionHead, everything: boolean): void {
    this.sides = [before, after];
    fill(this.pair, version(before, 'before'), h('span', { class: 'hxd-arrow hx-soft', 'aria-hidden': 'true' }, '→'), version(after, 'after'));
    this.only.setAttribute('aria-pressed', String(!everything));
    this.all.setAttribute('aria-pressed', String(everything));
    if (this.isWanted) void this.choose();
  }

  say(text: string): void {
    fill(this.said, line(text, 300));
  }

  private async write(): Promise<void> {
    this.exporting.disabled = true;
    this.say('Writing…');
    try {
      fill(this.said, ...(await this.actions.exported()));
    } catch (problem) {
      this.say(wordsOf(problem));
    }
    this.exporting.disabled = false;
  }

  /** Two lists in the place of the two versions. */
  private async choose(): Promise<void> {
    this.isWanted = !this.sides;
    if (!this.sides) return this.say('As soon as the comparison is there…');
    try {
      const listed = await asking(text => this.say(text), this.actions.choices());
      this.say('');
      const [before, after] = this.sides.map((side, at) => select(listed, side, at ? 'after' : 'before'));
      const compare = button('Compare', null, () => this.actions.compare(Number(before.value), Number(after.value)));
      fill(this.pair, before, h('span', { class: 'hxd-arrow hx-soft', 'aria-hidden': 'true' }, '→'), after, compare);
      before.focus();
    } catch (problem) {
      this.say(wordsOf(problem));
    }
  }
}

function select(listed: Choice[], side: VersionHead, told: string): HTMLSelectElement {
  const known = listed.some(one => one.id === side.id) ? listed : [side, ...listed];
  const options = known.map(one => h('option', { value: one.id, selected: one.id === side.id }, words(one)));
  return h('select', { class: 'hx-button hxd-select', 'aria-label': `version ${told}` }, ...options);
}

function words({ id, message }: Choice): string {
  return message ? `${id} · ${line(message, 60)}` : String(id);
}

export function version(of: VersionHead, side: string): HTMLElement {
  return h(
    'div',
    { class: 'hxd-version', 'data-version': of.id },
    h('span', { class: `hxd-badge hxd-badge-${side}` }, side),
    h('strong', {}, ` version ${of.id} `),
    of.message ? h('span', { class: 'hxd-message' }, line(of.message, 120)) : null,
    soft(` ${moment(of.created)}`),
    ...of.tags.map(tag => h('span', { class: 'hxd-tag' }, line(tag, 40)))
  );
}
