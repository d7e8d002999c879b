/** What differs between two versions, in short. */
import { h } from './dom';
import { duration, line } from './text';
import type { DiffDocument } from './versions_types';
import { figure, signed, valueOf } from './versions_words';

export function comparison(diff: DiffDocument): HTMLElement {
  const counts = ['added', 'removed', 'edited', 'affected', 'same'].filter(name => diff.counts[name]).map(name => `${diff.counts[name]} ${name}`);
  const rows = diff.metrics.map(metric => {
    const verdict = metric.better === null ? '' : metric.better ? ' better' : ' worse';
    return h('tr', {}, h('th', { scope: 'row' }, line(metric.name, 80)), h('td', {}, figure(metric.before)), h('td', {}, figure(metric.after)), h('td', {}, `${signed(metric.delta)}${verdict}`));
  });
  const parameters = diff.parameters.map(one => h('li', {}, line(`${one.node}: ${one.label} ${String(one.before)} → ${String(one.after)}`, 300)));
  const head = ['metric', `v${diff.before.id}`, `v${diff.after.id}`, 'change'].map(name => h('th', { scope: 'col' }, name));
  return h(
    'div',
    { class: 'hxv-diff' },
    h('p', {}, `Nodes: ${counts.join(', ') || 'none'}. Time: ${diff.seconds.map(seconds => duration(valueOf(seconds)) || '0 s').join(' → ')}.`),
    parameters.length ? h('ul', {}, ...parameters) : null,
    rows.length ? h('table', { class: 'hx-frame' }, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rows)) : null
  );
}
