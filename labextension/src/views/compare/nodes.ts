/** Each node that differs: what became of it, why, and its code side by side. */
import { h, type Child } from '../dom';
import { line, plural } from '../text';
import { code, isUnchanged } from './code';
import { reason } from '../reason';
import { changeMark, name, part, type Part } from './parts';
import type { DefinitionChange, NodeChange, Row, ValueChange } from './types';

/** Draws code that differs. */
export type DrawCode = (rows: Row[]) => HTMLElement | null;

/** `jump` leads to a value by its label. */
export function nodes(
  listed: NodeChange[],
  definitions: DefinitionChange[],
  values: ValueChange[],
  jump: (label: string) => void,
  draw: DrawCode = code
): Part {
  const cards = listed.map(node => card(node, values.filter(one => one.node === node.name), jump, draw));
  return part('Code', listed.length + definitions.length, ...cards, ...definitions.map(one => definition(one, draw)));
}

/** A helper, below the nodes that reach it. */
function definition({ name: of, nodes: reached, code: rows }: DefinitionChange, draw: DrawCode): HTMLElement {
  const notes = h('span', { class: 'hx-soft hxd-notes' }, `reached by ${line(reached.join(', '), 120)}`);
  return h(
    'article',
    { class: 'hxd-card', 'data-definition': of, 'data-state': 'edited', 'aria-label': `${line(of, 80)}, edited`, tabindex: -1 },
    h('p', { class: 'hxd-card-head' }, name(of), changeMark('edited'), notes),
    draw(rows)
  );
}

function card(node: NodeChange, values: ValueChange[], jump: (label: string) => void, draw: DrawCode): HTMLElement {
  const why = node.change === 'added' || node.change === 'removed' ? [] : node.reasons.flatMap((one, at) => [at ? '; ' : '', ...reason(one)]);
  const told = valueWords(node);
  const links = values.map(one => {
    const link = h('button', { class: 'hxd-link', type: 'button' }, `${line(one.label, 60)} ↓`);
    link.addEventListener('click', () => jump(one.label));
    return link;
  });
  const shown = isUnchanged(node.code) ? code(node.code) : draw(node.code);
  return h(
    'article',
    { class: 'hxd-card', 'data-node': node.name, 'data-state': node.change, 'aria-label': `${line(node.name, 80)}, ${node.change}`, tabindex: -1 },
    h(
      'p',
      { class: 'hxd-card-head' },
      name(node.name),
      changeMark(node.change),
      h('span', { class: 'hx-soft hxd-notes' }, ...why, why.length && told ? ' · ' : '', told),
      ...spaced([...links, shown && isUnchanged(node.code) ? toggle(shown, node.code[0].skipped) : null])
    ),
    shown
  );
}

/** Code that is the same is there for who wants to see it. */
function toggle(shown: HTMLElement, lines: number): HTMLElement {
  const link = h('button', { class: 'hxd-link', type: 'button', 'aria-expanded': 'false' }, `${plural(lines, 'line')} of code`);
  shown.hidden = true;
  link.addEventListener('click', () => {
    shown.hidden = !shown.hidden;
    link.setAttribute('aria-expanded', String(!shown.hidden));
  });
  return link;
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
  return links.flatMap(link => (link ? [' ', link] : []));
}
