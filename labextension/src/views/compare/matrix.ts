/** Several versions as one table: a column each; metrics with the best marked, parameters, what became of nodes. */
import { h, type Child } from '../dom';
import { icon } from '../icons';
import { duration, line } from '../text';
import { finite, moment, NONE, told } from './numbers';
import { TONES } from './parallel';
import { became, name, soft } from './parts';
import type { Change, ComparisonDocument, Figure } from './types';

const MOST = 40;

/** `open` sets a version against the first. */
export function matrix(of: ComparisonDocument, open: (at: number) => void): HTMLElement {
  const versions = of.versions.slice(0, MOST);
  const several = new Set(of.parameters.map(one => one.node)).size > 1;
  const left = of.versions.length - versions.length;
  const row = (head: Child[], cells: Child[]): HTMLElement =>
    h('tr', {}, h('th', { scope: 'row' }, ...head), ...cells.slice(0, MOST).map((cell, at) => h('td', { 'data-at': at }, cell)));
  const group = (title: string, rows: HTMLElement[]): HTMLElement | null =>
    rows.length ? h('tbody', {}, h('tr', { class: 'hxd-group' }, h('th', { colspan: versions.length + 1, scope: 'colgroup' }, title)), ...rows) : null;
  const heads = versions.map((one, at) =>
    h(
      'th',
      { scope: 'col', 'data-at': at, 'data-version': one.id },
      h('span', { class: `hxd-swatch hxd-tone-${TONES[at % TONES.length]}`, 'aria-hidden': 'true' }),
      at ? link(`version ${one.id}`, `Compare with version ${versions[0].id}`, () => open(at)) : h('strong', {}, `version ${one.id}`)
    )
  );
  return h(
    'div',
    {},
    h(
      'div',
      { class: 'hxd-scroll', tabindex: 0, role: 'group', 'aria-label': 'versions' },
      h(
        'table',
        { class: 'hxd-table hxd-matrix' },
        h('thead', {}, h('tr', {}, h('td', {}), ...heads)),
        h(
          'tbody',
          {},
          row(['message'], versions.map(one => line(one.message, 80))),
          row(['when'], versions.map(one => soft(moment(one.created)))),
          row(['time'], versions.map(one => duration(finite(one.seconds)) || NONE))
        ),
        group('Metrics', of.metrics.map(one => row([name(one.name, 60), one.direction ? soft(` ${line(one.direction, 10)} is better`) : null], metrics(one.values, one.best)))),
        group('Parameters', of.parameters.map(one => row([name(one.label, 60), several ? soft(` ${line(one.node, 60)}`) : null], one.values.map(value => parameter(value, one.values[0]))))),
        group('Nodes', of.nodes.map(one => row([name(one.name, 60)], one.changes.map((change, at) => (at ? changed(change) : first(one.changes))))))
      )
    ),
    left > 0 ? soft(`${left.toLocaleString('en')} further versions are drawn above alone`) : null
  );
}

function metrics(values: Figure[], best: Figure): HTMLElement[] {
  const words = told(values);
  return values.map((value, at) =>
    value !== null && value === best
      ? h('strong', { class: 'hxd-best', 'data-best': true }, `★ ${words[at]}`, h('span', { class: 'hx-hidden' }, ' best'))
      : h('span', {}, words[at])
  );
}

function parameter(value: string | null, first: string | null): HTMLElement {
  if (value === null) return soft(NONE);
  return value === first ? h('span', { class: 'hxd-plain' }, line(value, 60)) : became(value, 60);
}

/** What stands for the version that the others are set against: a node that they have added was not in it. */
function first([, ...others]: (Change | null)[]): HTMLElement {
  return soft(others.every(one => one === 'added' || one === null) ? NONE : 'as it was');
}

function changed(change: Change | null): HTMLElement {
  return change === null ? soft(NONE) : h('span', { class: 'hxd-mark', 'data-state': change }, icon(change), ` ${change}`);
}

function link(text: string, title: string, act: () => void): HTMLElement {
  const made = h('button', { class: 'hxd-link', type: 'button', title }, text);
  made.addEventListener('click', act);
  return made;
}
