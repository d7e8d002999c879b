/** Seconds and bytes per node as paired bars. */
import { h, type Child } from '../dom';
import { duration, line, size } from '../text';
import { bars } from './bars';
import { finite, NONE } from './numbers';
import { few, key, name, part, table, type Part } from './parts';
import type { DiffDocument, NodeChange, Pair } from './types';

const MOST = 15;

export function costs(document: DiffDocument): Part {
  const nodes = document.nodes;
  const most = (read: (node: NodeChange) => Pair<number | null>): number => Math.max(0, ...nodes.flatMap(read).map(one => one ?? 0));
  const [longest, largest] = [most(seconds), most(node => node.bytes)];
  const draw = (rows: NodeChange[]): HTMLElement =>
    table(
      ['node', 'time', key(), 'size', key()],
      rows.map(node => row(node, longest, largest)),
      [1, 3],
      'time and size'
    );
  const [before, after] = document.seconds.map(finite);
  return part(
    'Time and size',
    null,
    h('p', { class: 'hx-soft' }, `whole run ${duration(before) || NONE} → ${duration(after) || NONE}`),
    nodes.length ? few(nodes, MOST, 'node', draw) : null
  );
}

function seconds(node: NodeChange): Pair<number | null> {
  return [finite(node.seconds[0]), finite(node.seconds[1])];
}

function row(node: NodeChange, longest: number, largest: number): Child[] {
  // one that took no time and gave nothing was not computed there
  const ran = (at: 0 | 1): boolean => Boolean(node.seconds[at] || node.bytes[at]);
  const there: Pair<boolean> = [node.change !== 'added' && ran(0), node.change !== 'removed' && ran(1)];
  const side = (told: (value: number | null) => string, pair: Pair<number | null>, widest: number): Child[] => {
    const [before, after] = pair.map((value, at) => (there[at] ? told(value) || '0' : NONE));
    const drawn = bars(there[0] ? pair[0] : null, there[1] ? pair[1] : null, widest, false, `${line(node.name, 60)}: ${before} before, ${after} after`);
    return [before === after ? after : `${before} → ${after}`, drawn];
  };
  return [name(node.name), ...side(duration, seconds(node), longest), ...side(size, node.bytes, largest)];
}
