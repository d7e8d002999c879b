/** What stands in a node's box and what is said of it, in the coming run, the last one, or the one underway. Pure. */
import { plainReason } from './reason';
import type { RunNode } from './run';
import { awaited, clock, line, plural, size } from './text';
import type { PictureNode } from './types';

export type Mode = 'next' | 'last';

export interface Told {
  state: string;
  /** Behind the state's mark: `compute 3.2 s`. */
  words: string;
  reason: string;
  /** What stands below, where it is not whether the node has a value. */
  below?: { state: string; words: string };
  /** What was chosen for it: stands on the edge of its box. */
  badge?: string;
  /** Whether it would be otherwise. */
  changed?: boolean;
}

const LAST: Record<string, string> = { compute: 'done', load: 'loaded', prune: 'left' };
// beside a value that is fresh the bare word sounds like what becomes of it
export const PRUNE = 'prune, not needed';
export const UNREACHED = 'not reached';
const PHASES: Record<string, string> = { left: 'pruned, not needed' };

export function told(node: PictureNode, mode: Mode, running: RunNode | undefined, now: number): Told {
  if (running) return underway(node, running, now);
  if (mode === 'last') {
    if (!node.last) return { state: 'none', words: 'not run', reason: 'no part of the last run' };
    if (node.last.state === 'unreached') return { state: 'unreached', words: UNREACHED, reason: node.last.reason };
    const state = LAST[node.last.state] ?? node.last.state;
    const seconds = node.last.state === 'prune' ? '' : awaited(node.last.seconds);
    return { state, words: joined(PHASES[state] ?? state, seconds), reason: past(node.last.reason) };
  }
  if (node.state === null) return { state: 'none', words: 'not run', reason: node.reason };
  const seconds = node.state === 'compute' || node.state === 'load' ? awaited(node.seconds) : '';
  if (node.state === 'error') return { state: 'error', words: 'cannot run', reason: node.reason };
  return { state: node.state, words: node.state === 'prune' ? PRUNE : joined(node.state, seconds), reason: node.reason };
}

function underway(node: PictureNode, running: RunNode, now: number): Told {
  const { phase, predicted } = running;
  if (phase === 'running') {
    const elapsed = (now - running.since) / 1000;
    const words = predicted === null ? `running ${clock(elapsed)}` : `${clock(elapsed)}, ${clock(predicted - elapsed)} left`;
    return { state: phase, words, reason: node.reason };
  }
  if (phase === 'queued') return { state: phase, words: joined('queued', awaited(predicted)), reason: node.reason };
  if (running.unreached) return { state: 'unreached', words: UNREACHED, reason: 'the run ended before' };
  const seconds = phase === 'left' ? '' : awaited(running.seconds);
  return { state: phase, words: joined(PHASES[phase] ?? phase, seconds), reason: past(node.reason) };
}

/** Why a node ran, once it has. */
function past(reason: string): string {
  return reason === 'never run before' ? 'it had never run before' : reason;
}

/** What stands there: what is told, else whether the node has a value. */
export function belowWords(node: PictureNode, now: Told): string {
  return now.below ? now.below.words : valueWords(node);
}

/** The line below: whether there is a value, and how large it is. */
export function valueWords(node: PictureNode): string {
  if (node.members.length) return plural(node.members.length, 'node');
  if (node.value === null || node.value === 'none') return node.value === null ? size(node.bytes) : '';
  return joined(node.value, size(node.bytes));
}

/** All of it, for those who do not see the picture. First what can be read in the box, as it is there: who speaks to the page says that. */
export function spoken(node: PictureNode, now: Told): string {
  const shown = joined(...node.lines.map(text => line(text, 80)), now.words, belowWords(node, now), now.badge ?? '');
  return `${shown}${node.members.length ? ', a group' : ''}${now.reason ? `. ${plainReason(now.reason, 200)}` : ''}`;
}

function joined(...words: string[]): string {
  return words.filter(Boolean).join(' ');
}
