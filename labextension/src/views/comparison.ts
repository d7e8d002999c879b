/** More than two versions: curves over all of them, one table, and each against the first. */
import { keepKeys } from './compare/keys';
import { matrix } from './compare/matrix';
import { parallel } from './compare/parallel';
import { button, part } from './compare/parts';
import { COMPARE_STYLE } from './compare/style';
import type { ComparisonDocument, DiffDocument } from './compare/types';
import { asking, wordsOf } from './compare/wait';
import { DiffView } from './diff';
import { fill, h } from './dom';
import { exported } from './exported';
import type { Host } from './host';
import { styled } from './style';
import { line, plural } from './text';
import type { View } from './view';

export class ComparisonView implements View {
  readonly element: HTMLElement;
  private document: ComparisonDocument | null = null;
  private pair: DiffView | null = null;
  private readonly said = h('span', { class: 'hx-soft hxd-said', role: 'status' });
  private readonly count = h('strong', {});
  private readonly top = h('div', { class: 'hxd-top' });
  private readonly body = h('div', { class: 'hxd-several' });

  constructor(private readonly host: Host) {
    fill(
      this.top,
      h('div', {}, this.count, h('span', { class: 'hx-soft' }, ' only what differs, set against the first')),
      h('div', { class: 'hx-tools' }, this.said, button('Export', 'Write it as one HTML file', () => void this.write()))
    );
    this.element = h('div', { class: 'hx hxd', 'data-view': 'comparison' }, styled(COMPARE_STYLE), this.top, this.body);
    keepKeys(this.element, key => key === 'Escape' && this.back());
    for (const event of ['pointerover', 'focusin']) this.body.addEventListener(event, one => this.highlight(one));
    this.body.addEventListener('pointerleave', () => this.choose(null));
  }

  show(document: ComparisonDocument): void {
    this.document = document;
    fill(this.count, plural(document.versions.length, 'version'));
    if (document.left) return this.rest();
    const labels = document.versions.map(one => String(one.id));
    const curves = document.axes.length > 1 ? h('div', { class: 'hxd-scroll', tabindex: 0, role: 'group', 'aria-label': 'curves' }, parallel(labels, document.axes)) : null;
    fill(
      this.body,
      curves ? part('Curves', null, curves).element : null,
      part('Versions', document.versions.length, matrix(document, at => void this.open(at))).element
    );
  }

  dispose(): void {
    this.pair?.dispose();
    this.element.remove();
  }

  /** What is pointed at, or has the focus, stands out in curves and table. */
  private highlight(event: Event): void {
    const at = event.target instanceof Element ? event.target.closest('[data-at]')?.getAttribute('data-at') : null;
    this.choose(at ?? null);
  }

  private choose(at: string | null): void {
    this.body.classList.toggle('hxd-choosing', at !== null);
    for (const one of this.body.querySelectorAll('[data-at]')) one.classList.toggle('hxd-on', one.getAttribute('data-at') === at);
  }

  // one against the first

  private async open(at: number): Promise<void> {
    const [first, other] = [this.document!.versions[0].id, this.document!.versions[at].id];
    try {
      const document = await asking(text => this.say(text), this.host.ask<DiffDocument>('diff', { a: first, b: other }));
      this.say('');
      this.back();
      this.pair = new DiffView(this.host);
      const back = button('← All versions', 'Back to all of them (Esc)', () => this.back());
      this.top.hidden = this.body.hidden = true;
      this.element.append(h('div', { class: 'hxd-one-of' }, back, this.pair.element));
      this.pair.show(document);
      back.focus();
    } catch (problem) {
      this.say(wordsOf(problem));
    }
  }

  private back(): boolean {
    if (!this.pair) return false;
    this.pair.element.parentElement!.remove();
    this.pair.dispose();
    this.pair = null;
    this.top.hidden = this.body.hidden = false;
    return true;
  }

  private say(text: string): void {
    fill(this.said, line(text, 300));
  }

  private async write(): Promise<void> {
    this.say('Writing…');
    try {
      fill(this.said, ...(await exported(this.host, this.document!.versions.map(one => one.id))));
    } catch (problem) {
      this.say(wordsOf(problem));
    }
  }

  private rest(): void {
    const waiting = h('p', { class: 'hx-nothing', role: 'status' });
    fill(this.body, waiting);
    const whole = asking(text => fill(waiting, text), this.host.ask<ComparisonDocument>('whole'));
    whole.then(all => this.show(all), problem => fill(waiting, wordsOf(problem)));
  }
}
