/** One line on what became of a question: why it cannot be made so, what was applied, what to confirm first. */
import { button } from '../buttons';
import { fill, h } from '../dom';
import { line, plural } from '../text';
import type { Explored, Going } from './types';
import { deletedSize, goingWords } from './words';

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
  applied(run: string, gone: Going[]): void {
    const deleted = gone.length ? ` Deleted: ${goingWords(gone)}.` : '';
    this.put(false, h('span', {}, `Applied.${deleted} This runs it: `), h('code', { class: 'hx-command' }, line(run, 400)));
  }

  /** It was taken back, but for what is gone. */
  takenBack(gone: Going[]): void {
    const deleted = gone.length ? `, but not what was deleted: ${goingWords(gone)}. It is computed again when it is needed` : '';
    this.put(false, h('span', {}, `Taken back${deleted}.`));
  }

  /** Ask once more where stored values would be deleted. */
  confirm({ explored }: Explored, act: () => void): void {
    const { gone_before: now, gone_during: then } = explored;
    const all = [...now, ...then];
    const later = then.length ? `; in the coming run ${goingWords(then)}` : '';
    const yes = button('Delete and apply', 'Make it so', () => {
      this.clear();
      act();
    });
    yes.classList.add('hx-danger');
    this.put(true, h('span', {}, `This deletes ${plural(all.length, 'stored value')}, ${deletedSize(explored)}: ${goingWords(now)}${later}.`), yes, button('Keep them', 'Do not apply', () => this.clear()));
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
