/** How much of its budget the store holds. */
import { fill, h } from '../../views/dom';
import { size } from '../../views/text';
import type { PanelDocument } from '../wire';
import type { Words } from './words';

// beyond this share values are likely to be evicted for others
const NEARLY_FULL = 0.9;

export class StoreMeter {
  readonly element: HTMLElement;
  private readonly words = h('span', { class: 'helix-Store-words' });
  private readonly bar = h('div', { class: 'helix-Store-bar' });
  private readonly track = h('div', { class: 'helix-Store-track', role: 'meter', 'aria-valuemin': 0 }, this.bar);

  constructor(private readonly text: Words) {
    this.track.setAttribute('aria-label', text.__('store'));
    this.element = h('div', { class: 'helix-Store' }, h('span', { class: 'helix-Label' }, text.__('Store')), this.track, this.words);
  }

  show({ bytes, budget }: PanelDocument['store']): void {
    const share = budget ? Math.min(bytes / budget, 1) : 1;
    const told = this.text.__('%1 of %2', size(bytes) || '0 B', size(budget) || '0 B');
    this.bar.style.width = `${share * 100}%`;
    this.bar.classList.toggle('helix-full', share >= NEARLY_FULL);
    this.track.setAttribute('aria-valuemax', String(budget));
    this.track.setAttribute('aria-valuenow', String(Math.min(bytes, budget)));
    this.track.setAttribute('aria-valuetext', told);
    fill(this.words, told);
  }
}
