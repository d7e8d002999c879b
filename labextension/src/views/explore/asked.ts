/** What is asked, as chips that take a choice back; and what can be done with it. */
import { button } from '../buttons';
import { fill, h } from '../dom';
import { line } from '../text';
import { asked } from './question';
import type { Question } from './types';

export interface AskedActions {
  ask(question: Question): void;
  apply(): void;
  reset(): void;
  undo(): void;
}

export class AskedBar {
  readonly element: HTMLElement;
  private readonly chips = h('div', { class: 'hx-asked', role: 'group', 'aria-label': 'what if' });
  private readonly apply: HTMLButtonElement;
  private readonly reset: HTMLButtonElement;
  private readonly undo: HTMLButtonElement;

  constructor(private readonly actions: AskedActions) {
    this.apply = button('Apply', 'Make it so', () => actions.apply());
    this.apply.classList.add('hx-primary');
    this.reset = button('Reset', 'Forget this what-if', () => actions.reset());
    this.undo = button('Take back', 'Undo what was applied last', () => actions.undo());
    const buttons = h('div', { class: 'hx-tools' }, this.apply, this.reset, this.undo);
    // chips come and go: what is pressed stays where it is
    this.element = h('div', { class: 'hx-what-if' }, buttons, this.chips);
  }

  /** `canApply`: an answer is there, and it can be made so. */
  show(question: Question, canApply: boolean, canUndo: boolean): void {
    const listed = asked(question);
    const focus = this.chips.contains(document.activeElement);
    fill(
      this.chips,
      h('strong', {}, 'What if'),
      ...(listed.length
        ? listed.map(({ words, without }) => {
            const chip = button(line(words, 60), 'Take this out', () => this.actions.ask(without));
            chip.classList.add('hx-chip-asked');
            return chip;
          })
        : [h('span', { class: 'hx-soft' }, 'choose a node, or a budget')])
    );
    if (focus) (this.chips.querySelector('button') ?? this.reset).focus();
    this.apply.disabled = !listed.length || !canApply;
    this.reset.disabled = !listed.length;
    this.undo.disabled = !canUndo;
  }
}
