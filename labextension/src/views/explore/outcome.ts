/** One line on what became of a question: why it cannot be made so, what was applied, what to confirm first. */
import { button } from '../buttons';
import { fill, h } from '../dom';
import { line, plural, size } from '../text';
import type { Explored } from './types';
import { goingWords, names } from './words';

export class Outcome {
  readonly element = h('div', { class: 'hx-outcome', role: 'status' });
  private isAsking = false;

  constructor() {
    this.element.hidden = true;
  }

  say(text: string, isProblem = false): void {
    this.put(isProblem, h('span', {}, line(text, 400)));
  }

  clear(): void {
    if (this.element.hidden) return;
    this.isAsking = false;
    this.element.hidden = true;
    this.element.replaceChildren();
  }

  /** It was made so; `run` is the line that runs it. */
  applied(run: string, lost: string[]): void {
    const gone = lost.length ? ` Deleted: ${names(lost)}.` : '';
    this.put(false, h('span', {}, `Applied.${gone} This runs it: `), h('code', { class: 'hx-command' }, line(run, 400)));
  }

  /** Ask once more where stored values would be deleted. */
  confirm({ explored }: Explored, act: () => void): void {
    const { gone_before: going } = explored;
    const bytes = size(going.reduce((sum, one) => sum + one.bytes, 0)) || '0 B';
    const yes = button('Delete and apply', 'Make it so', () => {
      this.clear();
      act();
    });
    yes.classList.add('hx-danger');
    this.put(true, h('span', {}, `This deletes ${plural(going.length, 'stored value')}, ${bytes}: ${goingWords(going)}.`), yes, button('Keep them', 'Do not apply', () => this.clear()));
    this.isAsking = true;
    yes.focus();
  }

  get isConfirming(): boolean {
    return this.isAsking;
  }

  private put(isProblem: boolean, ...content: Node[]): void {
    this.isAsking = false;
    this.element.classList.toggle('hx-is-problem', isProblem);
    this.element.hidden = false;
    fill(this.element, isProblem ? h('span', { 'aria-hidden': 'true' }, '⚠') : null, ...content);
  }
}
