/** Two estimators: parameters, and coefficients or importances as paired bars, the largest change first. */
import { h, type Child } from '../dom';
import { line, plural } from '../text';
import { bars } from './bars';
import { finite, NONE, number, numbers, signed } from './numbers';
import { became, few, key, name, soft, table, was } from './parts';
import type { Entry, ModelChange, Weight } from './types';

const MOST = 12;

export function model(of: ModelChange): HTMLElement {
  const known = of.weights.flatMap(one => [finite(one.before), finite(one.after)]).filter(one => one !== null);
  const widest = Math.max(0, ...known.map(Math.abs));
  const isSigned = known.some(one => one < 0);
  const draw = (rows: Weight[]): HTMLElement =>
    table([of.weight, 'before', 'after', 'change', key()], rows.map(one => weight(one, widest, isSigned)), [1, 2, 3], `${of.weight}s`);
  const same = of.same_parameters ? h('p', { class: 'hx-soft' }, `${plural(of.same_parameters, 'parameter')} the same`) : null;
  return h(
    'div',
    { class: 'hxd-columns' },
    of.parameters.length ? h('div', {}, entries(of.parameters, 'parameter'), same) : null,
    of.weights.length ? few(of.weights, MOST, of.weight, draw) : null
  );
}

/** Parameters, or entries of one of Python's own values. */
export function entries(listed: Entry[], noun: string): HTMLElement {
  const draw = (rows: Entry[]): HTMLElement =>
    table([noun, 'before', 'after'], rows.map(one => [name((one.name ?? one.path) || 'the value'), was(one.before), became(one.after)]), [], noun);
  return few(listed, MOST, noun === 'entry' ? 'row' : noun, draw);
}

function weight(of: Weight, widest: number, isSigned: boolean): Child[] {
  const [before, after] = numbers([of.before, of.after]);
  const [old, now] = [finite(of.before), finite(of.after)];
  const novelty = of.before === null ? ' new feature' : of.after === null ? ' feature gone' : '';
  return [
    h('span', {}, name(of.feature), novelty ? soft(novelty) : null),
    before,
    after,
    signed((now ?? 0) - (old ?? 0)) || NONE,
    bars(old, now, widest, isSigned, `${line(of.feature, 60)}: ${number(of.before)} before, ${number(of.after)} after`)
  ];
}
