/** Values that differ, by kind; what was not kept is there with its price and a button. */
import { fill, h } from '../dom';
import { duration, line, size } from '../text';
import { array, frame } from './frames';
import { entries, model } from './models';
import { button, name, part, soft, type Part } from './parts';
import type { Missing, ValueChange } from './types';
import { busy } from './wait';

const TITLES: [title: string, kinds: string[]][] = [
  ['Data', ['frame', 'array']],
  ['Models', ['model']],
  ['Values', ['plain', '']]
];

/** `have` asks for the values of a node, whatever having them takes. */
export function values(listed: ValueChange[], have: (node: string) => Promise<void>): Part[] {
  return TITLES.flatMap(([title, kinds]) => {
    const found = listed.filter(one => kinds.includes(one.kind));
    return found.length ? [part(title, found.length, h('div', { class: 'hxd-values' }, ...found.map(one => value(one, have))))] : [];
  });
}

function value(of: ValueChange, have: (node: string) => Promise<void>): HTMLElement {
  const [was, now] = of.summaries.map(one => line(one, 80));
  const [before, after] = of.bytes.map(size);
  const kind = was === now ? now : `${was || '–'} → ${now || '–'}`;
  const room = before === after ? after : `${before || '–'} → ${after || '–'}`;
  return h(
    'div',
    { class: 'hxd-value', 'data-value': of.label, tabindex: -1 },
    h('p', { class: 'hxd-head' }, name(of.label), soft([kind, room].filter(Boolean).join(' · '))),
    of.facts.length ? h('ul', { class: 'hxd-facts' }, ...of.facts.map(fact => h('li', {}, line(fact, 400)))) : null,
    of.missing.length ? missing(of, have) : detail(of)
  );
}

function detail(of: ValueChange): HTMLElement | null {
  switch (of.kind) {
    case 'frame':
      return frame(of.detail);
    case 'array':
      return array(of.detail, of.label);
    case 'model':
      return model(of.detail);
    case 'plain':
      return of.detail.entries.length ? entries(of.detail.entries, 'entry') : null;
    default:
      return null;
  }
}

/** What having it takes, in words, and what to press. Pure. */
export function price(missing: Missing[]): { told: string; act: string } {
  const large = missing.filter(one => one.why === 'large');
  if (large.length === missing.length) {
    const read = size(large.reduce((sum, one) => sum + one.bytes, 0)) || 'many bytes';
    return { told: `Large: ${read} would be read.`, act: 'Read it' };
  }
  const gone = missing.filter(one => one.why !== 'large');
  const seconds = gone.reduce((sum, one) => sum + one.seconds, 0);
  const versions = `version${gone.length > 1 ? 's' : ''} ${gone.map(one => one.version).join(' and ')}`;
  const took = seconds ? `about ${duration(seconds)}` : 'next to no time';
  return { told: `No longer stored in ${versions}: computing it again takes ${took}.`, act: 'Compute it again' };
}

function missing(of: ValueChange, have: (node: string) => Promise<void>): HTMLElement {
  const { told, act } = price(of.missing);
  const element = h('p', { class: 'hxd-missing' });
  const offer = button(act, null, () => {
    const expected = of.missing.reduce((sum, one) => sum + one.seconds, 0);
    busy(element, `${act === 'Read it' ? 'Reading' : 'Computing'} ${line(of.label, 60)}`, expected, have(of.node), problem =>
      fill(element, h('span', { role: 'alert' }, problem), offer)
    );
  });
  fill(element, h('span', {}, told), offer);
  return element;
}
