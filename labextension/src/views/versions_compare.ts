/** What differs between versions, in short. */
import { h } from './dom';
import { duration, line } from './text';
import type { ComparisonDocument, DiffDocument } from './versions_types';
import { figure, signed, valueOf } from './versions_words';

/** Two versions: how many nodes differ, parameters, metrics with their change. */
export function comparison(diff: DiffDocument): HTMLElement {
  const counts = ['added', 'removed', 'edited', 'affected', 'same'].filter(name => diff.counts[name]).map(name => `${diff.counts[name]} ${name}`);
  const rows = diff.metrics.map(metric => {
    const verdict = metric.better === null ? '' : metric.better ? ' better' : ' worse';
    return [metric.name, figure(metric.before), figure(metric.after), `${signed(metric.delta)}${verdict}`];
  });
  const parameters = diff.parameters.map(one => h('li', {}, line(`${one.node}: ${one.label} ${String(one.before)} → ${String(one.after)}`, 300)));
  return h(
    'div',
    { class: 'hxv-diff' },
    h('p', {}, `Nodes: ${counts.join(', ') || 'none'}. Time: ${diff.seconds.map(seconds => duration(valueOf(seconds)) || '0 s').join(' → ')}.`),
    parameters.length ? h('ul', {}, ...parameters) : null,
    rows.length ? table(['metric', `v${diff.before.id}`, `v${diff.after.id}`, 'change'], rows) : null
  );
}

/** Several versions: their parameters and metrics in columns. */
export function comparisonOfMany(found: ComparisonDocument): HTMLElement {
  const head = found.versions.map(version => `v${version.id}`);
  const parameters = found.parameters.map(row => [`${row.node}: ${row.label}`, ...row.values.map(value => String(value ?? ''))]);
  const metrics = found.metrics.map(row => [row.name, ...row.values.map(value => figure(value) + (value !== null && value === row.best ? ' ★' : ''))]);
  return h(
    'div',
    { class: 'hxv-diff' },
    parameters.length ? table(['parameter', ...head], parameters) : null,
    metrics.length ? table(['metric', ...head], metrics) : null
  );
}

function table(head: string[], rows: string[][]): HTMLElement {
  const body = rows.map(([name, ...values]) => h('tr', {}, h('th', { scope: 'row' }, line(name, 80)), ...values.map(value => h('td', {}, line(value, 80)))));
  return h(
    'div',
    { class: 'hx-scroll', tabindex: 0, role: 'group', 'aria-label': head[0] },
    h('table', { class: 'hx-frame' }, h('thead', {}, h('tr', {}, ...head.map(name => h('th', { scope: 'col' }, name)))), h('tbody', {}, ...body))
  );
}
