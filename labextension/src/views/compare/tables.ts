/** Metrics, parameters, packages: a row each, before and after. */
import { h, type Child } from '../dom';
import { line } from '../text';
import { NONE, numbers, percent, signed } from './numbers';
import { became, few, name, part, soft, table, was, type Part } from './parts';
import type { DiffDocument, Metric } from './types';

const MOST = 15;

export function metrics(listed: Metric[]): Part {
  const draw = (rows: Metric[]): HTMLElement =>
    table(['metric', 'before', 'after', 'change', 'verdict'], rows.map(metric), [1, 2, 3], 'metrics');
  return part('Metrics', listed.length, few(listed, MOST, 'metric', draw));
}

function metric(one: Metric): Child[] {
  const [before, after] = numbers([one.before, one.after]);
  const share = percent(one.before, one.delta);
  return [
    name(one.name),
    before,
    h('strong', {}, after),
    h('span', {}, signed(one.delta) || NONE, share ? soft(` (${share})`) : null),
    verdict(one)
  ];
}

/** The arrow is the figure's way, the word says whether that is for the better. */
export function verdict({ delta, better, direction }: Metric): HTMLElement {
  const arrow = typeof delta === 'number' && delta ? (delta > 0 ? '▲' : '▼') : '';
  const word = better === null ? (arrow ? '' : 'same') : better ? 'better' : 'worse';
  const kind = better === null ? 'hx-soft' : better ? 'hxd-better' : 'hxd-worse';
  return h(
    'span',
    { class: 'hxd-verdict', 'data-better': better },
    h('span', { class: kind }, [arrow, word].filter(Boolean).join(' ')),
    direction ? soft(` ${direction === 'higher' ? 'higher' : 'lower'} is better`) : arrow ? soft(' which way is better is not declared') : null
  );
}

export function parameters(listed: DiffDocument['parameters']): Part {
  const draw = (rows: DiffDocument['parameters']): HTMLElement =>
    table(
      ['parameter', 'before', 'after', 'node'],
      rows.map(one => [name(one.label), was(one.before, 80), became(one.after, 80), soft(line(one.node, 60))]),
      [],
      'parameters'
    );
  return part('Parameters', listed.length, few(listed, MOST, 'parameter', draw));
}

export function packages(listed: DiffDocument['packages']): Part {
  const draw = (rows: DiffDocument['packages']): HTMLElement =>
    table(['package', 'before', 'after'], rows.map(one => [name(one.name), was(one.before, 40), became(one.after, 40)]), [], 'packages');
  return part('Packages', listed.length, few(listed, MOST, 'package', draw));
}

