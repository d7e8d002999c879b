/** Each node that differs: what became of it, why, and its code side by side. */
import { h, type Child } from '../dom';
import { line } from '../text';
import { code } from './code';
import { changeMark, name, part, type Part } from './parts';
import type { NodeChange, ValueChange } from './types';

/** `jump` leads to a value by its label. */
export function nodes(listed: NodeChange[], values: ValueChange[], jump: (label: string) => void): Part {
  return part('Code', listed.length, ...listed.map(node => card(node, values.filter(one => one.node === node.name), jump)));
}

function card(node: NodeChange, values: ValueChange[], jump: (label: string) => void): HTMLElement {
  const notes = [node.change === 'added' || node.change === 'removed' ? '' : node.reasons.map(one => line(one, 200)).join('; '), valueWords(node)];
  const links = values.map(one => {
    const link = h('button', { class: 'hxd-link', type: 'button' }, `${line(one.label, 60)} ↓`);
    link.addEventListener('click', () => jump(one.label));
    return link;
  });
  return h(
    'article',
    { class: 'hxd-card', 'data-node': node.name, 'data-state': node.change, 'aria-label': `${line(node.name, 80)}, ${node.change}`, tabindex: -1 },
    h(
      'p',
      { class: 'hxd-card-head' },
      name(node.name),
      changeMark(node.change),
      h('span', { class: 'hx-soft hxd-notes' }, notes.filter(Boolean).join(' · ')),
      ...spaced(links)
    ),
    code(node.code)
  );
}

/** What is known of its values, by digest. Pure. */
export function valueWords(node: NodeChange): string {
  const known = Object.entries(node.outputs).filter(([, differs]) => differs !== null);
  const changed = known.filter(([, differs]) => differs).map(([output]) => output);
  if (!known.length) return '';
  if (!changed.length) return node.shows ? 'what it shows differs' : 'value the same';
  const told = changed.length === known.length ? 'value differs' : `value of ${line(changed.join(', '), 120)} differs`;
  return node.shows ? `${told}, so does what it shows` : told;
}

function spaced(links: Child[]): Child[] {
  return links.flatMap(link => [' ', link]);
}
