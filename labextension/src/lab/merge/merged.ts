/** Places for merge views: each is filled when it comes into sight, and emptied when it is gone. */
import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import type { Row } from '../../views/compare/types';
import { h } from '../../views/dom';
import type { Words } from '../sidebar/words';
import type { Drawn } from './merge';
import { textsOf, type Texts } from './texts';

// pixels of a line, so that what is not drawn yet takes about the room that it will
const LINE = 18;
const MOST_LINES = 24;
// drawn this far before it is seen
const AHEAD = '400px';

export class Merged {
  private readonly waiting = new Map<Element, Texts>();
  private readonly drawn = new Map<Element, Drawn>();
  private readonly observer = new IntersectionObserver(entries => entries.forEach(one => one.isIntersecting && void this.draw(one.target)), {
    rootMargin: AHEAD,
    // within a frame that scrolls; where it is not known, places are drawn as they are seen
    scrollMargin: AHEAD
  } as IntersectionObserverInit);

  constructor(
    private readonly languages: IEditorLanguageRegistry | null,
    private readonly words: Words
  ) {}

  /** A place for rows of a difference. */
  ofRows(rows: Row[]): HTMLElement | null {
    return rows.length ? this.of(textsOf(rows)) : null;
  }

  of(texts: Texts): HTMLElement {
    this.sweep();
    const lines = Math.max(...[texts.before, texts.after].map(text => text?.split('\n').length ?? 0));
    const place = h('div', { class: 'helix-Merge', dir: 'ltr', style: `min-height: ${Math.min(lines, MOST_LINES) * LINE}px` });
    this.waiting.set(place, texts);
    this.observer.observe(place);
    return place;
  }

  /** Bring a line of the earlier text of a place into sight. */
  reveal(place: Element, line: number): void {
    this.drawn.get(place)?.reveal(line);
  }

  dispose(): void {
    this.observer.disconnect();
    this.waiting.clear();
    for (const view of this.drawn.values()) view.destroy();
    this.drawn.clear();
  }

  private async draw(place: Element): Promise<void> {
    const texts = this.waiting.get(place);
    if (!texts) return;
    this.waiting.delete(place);
    this.observer.unobserve(place);
    const { merge } = await import('./merge');
    const labels: [string, string] = [this.words.__('before'), this.words.__('after')];
    const view = await merge(place as HTMLElement, texts, { labels, languages: this.languages });
    (place as HTMLElement).style.minHeight = '';
    this.drawn.set(place, view);
  }

  /** Take away what belongs to pages that were drawn anew since. */
  private sweep(): void {
    for (const [place, view] of this.drawn) {
      if (place.isConnected) continue;
      view.destroy();
      this.drawn.delete(place);
    }
  }
}
