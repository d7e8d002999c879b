/** What stands by the prompt of a cell that declares a node: a mark and a word for its state, seconds below. */
import { fill, h, s } from '../../views/dom';
import { shape } from '../../views/icons';
import type { BadgeState, Told } from '../drafts/told';

const SHAPES: Record<BadgeState, string> = {
  fresh: shape('done'),
  stale: shape('stale'),
  never: shape('none'),
  loads: shape('load'),
  computes: shape('compute'),
  queued: shape('queued'),
  running: shape('running'),
  failed: shape('failed'),
  interrupted: shape('interrupted'),
  replaced: shape('prune'),
  error: shape('error')
};

/** A state's mark, to stand in a line of text. */
export function mark(state: BadgeState): SVGElement {
  return s('svg', { class: 'helix-Badge-mark', viewBox: '0 0 10 10', 'aria-hidden': 'true' }, s('path', { d: SHAPES[state] }));
}

export class Badge {
  readonly element = h('button', { class: 'helix-Badge', type: 'button' });
  private shown = '';

  /** `open` is called with the node when the badge is pressed. */
  constructor(open: (node: string) => void) {
    const { element } = this;
    element.addEventListener('click', () => open(element.dataset.node ?? ''));
    // Enter and Space press it: the notebook's shortcuts for them stay out
    element.setAttribute('data-lm-suppress-shortcuts', 'true');
    // the prompt behind it is where a cell is dragged by
    element.addEventListener('mousedown', event => event.stopPropagation());
  }

  /** Draw it, where it says something else than before. */
  show(node: string, { state, word, figure, sentence }: Told, hint: string): void {
    const title = [node && `${node}:`, sentence, hint].filter(Boolean).join(' ');
    const shown = [node, state, word, figure, title].join('\n');
    if (shown === this.shown) return;
    this.shown = shown;
    const { element } = this;
    Object.assign(element.dataset, { node, state });
    element.title = title;
    element.setAttribute('aria-label', title);
    fill(element, mark(state), h('span', { class: 'helix-Badge-word' }, word), figure ? h('span', { class: 'helix-Badge-figure' }, figure) : null);
  }
}
