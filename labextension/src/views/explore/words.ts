/** What is said of a what-if: in a node's box, in the totals, of what would be deleted. Pure. */
import { awaited, duration, line, plural, size } from '../text';
import { PRUNE, type Told } from '../words';
import { holds } from './question';
import type { Explored, ExploredNode, Going, Outlook, Question, Totals } from './types';

const SAME = 0.00005;
const NAMED = 6;

/** A node's box: how it would be, how it is where that differs, and what was chosen for it. */
export function toldOf(node: ExploredNode, question: Question): Told {
  const badge = badges(node, question);
  const { actual, explored } = node;
  const was = outlookWords(actual);
  if (!explored) {
    return { state: 'dropped', words: 'dropped', reason: 'taken out of the DAG', below: { state: actual.state, words: `was ${was}` }, badge, changed: true };
  }
  const words = outlookWords(explored);
  const told = { state: explored.state, words, reason: explored.reason, badge, changed: node.changed };
  return words === was ? { ...told, words: shown(words) } : { ...told, below: { state: actual.state, words: `was ${was}` } };
}

/** Beside a value that is fresh the bare word sounds like what becomes of it. */
function shown(words: string): string {
  return words === 'prune' ? PRUNE : words;
}

/** `load 0.1 s` */
export function outlookWords({ state, seconds }: Outlook): string {
  const time = state === 'prune' ? '' : awaited(seconds);
  return time ? `${state} ${time}` : state;
}

function badges(node: ExploredNode, question: Question): string {
  const held = holds(question, node);
  return [held.target && 'target', held.pin && 'pinned', held.never && 'never stored', held.force && 'forced'].filter(Boolean).join(' · ');
}

/** A line of the totals. `better`: -1 less than it is, 1 more, 0 the same. */
export interface TotalRow {
  key: string;
  label: string;
  actual: string;
  explored: string;
  difference: string;
  way: -1 | 0 | 1;
}

export function totalRows(actual: Totals, explored: Totals): TotalRow[] {
  return [
    row('seconds', 'This run', actual.seconds, explored.seconds, seconds),
    row('next', 'Next iteration (expected)', actual.next_seconds, explored.next_seconds, seconds),
    row('used', 'Stored after this run', actual.used, explored.used, bytes),
    row('gone', 'Deleted for it', total(actual), total(explored), bytes)
  ];
}

function row(
  key: string,
  label: string,
  actual: number | null,
  explored: number | null,
  words: (value: number | null) => string
): TotalRow {
  const by = actual === null || explored === null ? 0 : explored - actual;
  // what reads the same is the same
  const way = Math.abs(by) < SAME || words(actual) === words(explored) ? 0 : by < 0 ? -1 : 1;
  const difference = way === 0 ? '' : `${way < 0 ? '−' : '+'}${words(Math.abs(by))}`;
  return { key, label, actual: words(actual), explored: words(explored), difference, way };
}

function seconds(value: number | null): string {
  return value === null ? 'unknown' : duration(value);
}

function bytes(value: number | null): string {
  return size(value) || '0 B';
}

/** What the totals leave open: a line each. */
export function notes({ explored, dropped }: Explored): string[] {
  const going = [...explored.gone_before, ...explored.gone_during];
  return [
    going.length ? `Deleted: ${goingWords(going)}.` : '',
    dropped.length ? `Out of the DAG: ${names(dropped)}.` : '',
    explored.guessed.length ? `Without those whose time nobody knows yet: ${names(explored.guessed)}.` : '',
    explored.unsized.length ? `Size not known before they run: ${names(explored.unsized)}.` : ''
  ].filter(Boolean);
}

export function names(nodes: string[]): string {
  const told = nodes.slice(0, NAMED).map(name => line(name, 60));
  return nodes.length > NAMED ? `${told.join(', ')} and ${plural(nodes.length - NAMED, 'more node')}` : told.join(', ');
}

/** Bytes that go, at once and in the run: what the totals say, and the question before it is done. */
export function deletedSize(totals: Totals): string {
  return bytes(total(totals));
}

function total(totals: Totals): number {
  return [...totals.gone_before, ...totals.gone_during].reduce((sum, one) => sum + one.bytes, 0);
}

/** `model (2 MB), rows (earlier version, 1 MB) and 2 more values` */
export function goingWords(values: Going[]): string {
  const told = values.slice(0, NAMED).map(one => {
    const whose = one.node ? line(one.node, 60) : 'a value of another workflow';
    return `${whose} (${one.current || !one.node ? '' : 'earlier version, '}${size(one.bytes) || '0 B'})`;
  });
  const rest = values.length - told.length;
  return rest > 0 ? `${told.join(', ')} and ${plural(rest, 'more value')}` : told.join(', ');
}
