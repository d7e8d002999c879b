/** What nodes showed as pictures: side by side, or over each other with an edge that one moves. */
import { fill, h } from '../dom';
import { isImage } from '../preview';
import { line } from '../text';
import { button, name, part, soft, type Part } from './parts';
import type { DiffDocument, Shot } from './types';

export function figures(listed: DiffDocument['figures']): Part {
  const count = listed.reduce((sum, one) => sum + one.pairs.length, 0);
  const shown = listed.flatMap(({ node, pairs }) => pairs.map(pair => figure(node, pair.before, pair.after)));
  return part('Figures', count, ...shown);
}

function figure(node: string, before: Shot, after: Shot): HTMLElement {
  const [old, now] = [source(before), source(after)];
  const stage = h('div', {});
  const head = h('p', { class: 'hxd-head' }, name(node));
  const beside = (): void => fill(stage, h('div', { class: 'hxd-beside' }, shot(before, `${node} before`, 'before'), shot(after, `${node} after`, 'after')));
  beside();
  if (old && now) {
    const swipe = button('Swipe', 'Lay the one over the other', () => {
      const isOn = swipe.getAttribute('aria-pressed') !== 'true';
      swipe.setAttribute('aria-pressed', String(isOn));
      if (isOn) fill(stage, over(old, now, node));
      else beside();
    });
    swipe.setAttribute('aria-pressed', 'false');
    head.append(swipe);
  }
  return h('div', { class: 'hxd-figures', 'data-node': node }, head, stage);
}

function source(shot: Shot): string | null {
  return shot?.source && isImage(shot.source) ? shot.source : null;
}

function shot(of: Shot, told: string, side: string): HTMLElement {
  const image = source(of);
  const shown = image
    ? h('img', { class: 'hxd-image', src: image, alt: `figure of ${line(told, 120)}` })
    : soft(of === null ? 'not shown in this version' : 'too large to be shown here, or no picture');
  return h('div', { class: 'hxd-shot' }, soft(side), shown);
}

function over(before: string, after: string, node: string): HTMLElement {
  const top = h('img', { class: 'hxd-image hxd-over', src: after, alt: `figure of ${line(node, 80)} after` });
  const slider = h('input', { type: 'range', min: 0, max: 100, value: 50, class: 'hxd-slider', 'aria-label': 'how much of it is shown as before' });
  const move = (): void => {
    top.style.clipPath = `inset(0 0 0 ${slider.value}%)`;
    top.parentElement?.style.setProperty('--hxd-at', `${slider.value}%`);
  };
  slider.addEventListener('input', move);
  const stack = h('div', { class: 'hxd-stack' }, h('img', { class: 'hxd-image', src: before, alt: `figure of ${line(node, 80)} before` }), top);
  move();
  return h('div', { class: 'hxd-swipe' }, stack, h('div', { class: 'hxd-ends' }, soft('before'), slider, soft('after')));
}
