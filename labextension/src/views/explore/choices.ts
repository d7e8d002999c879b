/** The chosen node: how it is and how it would be, why, and what can be chosen for it. */
import { breakable, fill, h } from '../dom';
import { icon } from '../icons';
import { reason } from '../reason';
import { line, size } from '../text';
import { holds, type Choice } from './question';
import type { ExploredNode, Question } from './types';
import { outlookWords } from './words';

const CHOICES: [choice: Choice, label: string, key: string, title: string][] = [
  ['pin', 'Pin', 'p', 'Keep its value stored, whatever the policy says'],
  ['force', 'Force', 'f', 'Compute it in the coming run, whatever is stored'],
  ['never', 'Never store', 'n', 'Never write its value to disk'],
  ['drop', 'Drop', 'd', 'Take it out of the DAG, with all that rests on it'],
  ['target', 'Target', 't', 'Make it the target: bring this node up to date, and not what only others need']
];
/** The choice that a key stands for. */
export const KEYS: Record<string, Choice> = Object.fromEntries(CHOICES.map(([choice, , key]) => [key, choice]));

export class ChoicesPanel {
  readonly element = h('section', { class: 'hx-choices', 'aria-label': 'the chosen node', tabindex: -1 });
  private shown: string | null | undefined;
  private readonly buttons = new Map<Choice, HTMLButtonElement>();
  private readonly head = h('div', {});

  constructor(private readonly toggle: (choice: Choice) => void) {
    for (const [choice, label, key, title] of CHOICES) {
      const made = h('button', { class: 'hx-button', type: 'button', title, 'data-choice': choice, 'aria-keyshortcuts': key }, label, h('kbd', {}, key));
      made.addEventListener('click', () => this.toggle(choice));
      this.buttons.set(choice, made);
    }
  }

  /** Null: no node is chosen. */
  show(node: ExploredNode | null, question: Question): void {
    if ((node?.name ?? null) !== this.shown) {
      this.shown = node?.name ?? null;
      fill(
        this.element,
        ...(node
          ? [this.head, h('div', { class: 'hx-choice-buttons', role: 'group', 'aria-label': 'choices' }, ...this.buttons.values())]
          : [h('p', { class: 'hx-heading' }, 'No node is chosen'), h('p', { class: 'hx-soft' }, 'Click one to pin, force, drop it or make it the target.')])
      );
    }
    if (!node) return;
    const held = holds(question, node);
    // a node that goes with one that it rests on cannot be chosen for itself
    const goes = node.dropped && !held.drop;
    for (const [choice, made] of this.buttons) {
      made.setAttribute('aria-pressed', String(held[choice]));
      made.disabled = goes || (held.drop && choice !== 'drop');
    }
    fill(this.head, ...this.words(node, goes));
  }

  private words(node: ExploredNode, goes: boolean): HTMLElement[] {
    const { actual, explored } = node;
    const then = explored ? outlookWords(explored) : 'dropped';
    const was = outlookWords(actual);
    const states = [h('span', {}, icon(actual.state), ` ${was}`)];
    if (then !== was) states.push(h('span', {}, '→'), h('strong', {}, icon(explored?.state ?? 'dropped'), ` ${then}`));
    const why = goes ? 'goes with a node that it rests on' : (explored?.reason ?? 'taken out of the DAG');
    const kept = explored?.kept ? `its value is written: ${size(explored.kept)}` : '';
    return [
      h('p', { class: 'hx-title' }, ...breakable(line(node.name, 120))),
      h('p', { class: 'hx-states' }, ...states),
      h('p', { class: 'hx-soft' }, ...reason(why), why && kept ? '; ' : '', kept)
    ];
  }
}
