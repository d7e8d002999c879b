/** A few words beside what the pointer is over. */
import { fill, h } from './dom';
import { reason } from './reason';
import { line } from './text';
import type { PictureNode } from './types';
import type { Told } from './words';

export class Tooltip {
  readonly element = h('div', { class: 'hx-tooltip', 'aria-hidden': 'true' });

  constructor() {
    this.element.hidden = true;
  }

  show(node: PictureNode, now: Told, at: { x: number; y: number }, width: number): void {
    const outputs = node.outputs.join(', ');
    fill(
      this.element,
      h('strong', {}, line(node.name, 120)),
      outputs && outputs !== node.name && !node.members.length ? h('div', { class: 'hx-soft' }, `gives ${line(outputs, 200)}`) : null,
      now.below ? h('div', { class: 'hx-soft' }, now.below.words) : null,
      now.badge ? h('div', {}, now.badge) : null,
      h('div', {}, now.words, ...(now.reason ? [': ', ...reason(now.reason)] : []))
    );
    this.element.hidden = false;
    const room = Math.max(width - this.element.offsetWidth - 8, 4);
    this.element.style.left = `${Math.min(Math.max(at.x, 4), room)}px`;
    this.element.style.top = `${at.y + 6}px`;
  }

  hide(): void {
    this.element.hidden = true;
  }
}
