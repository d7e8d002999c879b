/** Parts below each other in a frame of their own, and above it what there is: a press leads to each. */
import { fill, h, type Child } from '../dom';
import type { Part } from './parts';

// a notebook's output scrolls sideways, so that nothing can stick to the page within it: hence a frame of our own
export class Scrolled {
  readonly overview = h('nav', { class: 'hxd-overview', 'aria-label': 'what differs' });
  readonly body = h('div', { class: 'hxd-body', tabindex: 0, role: 'region', 'aria-label': 'differences' });
  /** Whether the frame was scrolled from here, so that the event that follows says nothing new. */
  private isOurs = false;
  private links: { part: Part; link: HTMLButtonElement }[] = [];

  constructor() {
    this.body.addEventListener('scroll', () => this.scrolled(), { passive: true });
  }

  show(parts: Part[], counts: Child[], nothing: string): void {
    this.links = parts.map(part => {
      const count = part.count === null ? '' : ` ${part.count.toLocaleString('en')}`;
      const link = h('button', { class: 'hxd-jump', type: 'button' }, part.title, count ? h('span', { class: 'hx-soft' }, count) : null);
      link.addEventListener('click', () => this.to(part.element));
      return { part, link };
    });
    fill(this.overview, h('div', { class: 'hxd-counts' }, ...counts), h('div', { class: 'hxd-jumps' }, ...this.links.map(one => one.link)));
    fill(this.body, ...(parts.length ? parts.map(part => part.element) : [h('p', { class: 'hx-soft hx-nothing' }, nothing)]));
    this.mark();
  }

  /** Bring an element to the top of the frame, and the focus to it; the page around stays where it is. */
  to(element: HTMLElement): void {
    const before = this.body.scrollTop;
    this.body.scrollTop += element.getBoundingClientRect().top - this.body.getBoundingClientRect().top - 6;
    this.isOurs = this.body.scrollTop !== before;
    element.focus({ preventScroll: true });
    element.classList.remove('hxd-here');
    void element.offsetWidth; // lets the animation begin anew
    element.classList.add('hxd-here');
    this.mark(element);
  }

  /** The next or the last of what `selector` finds, seen from the top of the frame. */
  step(selector: string, by: 1 | -1): void {
    const top = this.body.getBoundingClientRect().top + 6;
    const found = [...this.body.querySelectorAll<HTMLElement>(selector)];
    const away = (element: HTMLElement): number => element.getBoundingClientRect().top - top;
    const next = by > 0 ? found.find(one => away(one) > 4) : found.reverse().find(one => away(one) < -4);
    if (next) this.to(next);
  }

  private scrolled(): void {
    if (!this.isOurs) this.mark();
    this.isOurs = false;
  }

  /** Say in the overview which part one looks at; the last ones cannot come to the top, so what was chosen counts. */
  private mark(chosen?: HTMLElement): void {
    const top = this.body.getBoundingClientRect().top + 40;
    let at = this.links.findIndex(({ part }) => chosen !== undefined && part.element.contains(chosen));
    if (at < 0) {
      const tops = this.links.map(({ part }) => part.element.getBoundingClientRect().top);
      // of two beside each other the first
      at = tops.reduce((last, one, place) => (one <= top && one > tops[last] ? place : last), 0);
    }
    this.links.forEach(({ link }, place) => (place === at ? link.setAttribute('aria-current', 'true') : link.removeAttribute('aria-current')));
  }
}
