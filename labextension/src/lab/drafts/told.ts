/** What a cell's badge says of its node, as the cell stands and as a run is with it. Pure: the time is given. */
import type { RunNode } from '../../views/run';
import { awaited, clock, line } from '../../views/text';
import type { Words } from '../sidebar/words';
import type { Row } from './wire';

export type BadgeState = 'fresh' | 'stale' | 'never' | 'loads' | 'computes' | 'queued' | 'running' | 'failed' | 'interrupted' | 'error' | 'replaced';

/** What a state is by itself. */
type Found = Omit<Told, 'why'>;

export interface Told {
  state: BadgeState;
  word: string;
  /** Below the word: predicted or passed seconds; empty where there are none. */
  figure: string;
  /** Why it is so, or cannot run; empty where nothing is to be said beside the word. */
  why: string;
  /** All of it in a sentence or two, to stand behind the node's name. */
  sentence: string;
}

export function told(row: Row, running: RunNode | undefined, words: Words, now: number): Told {
  const found = row.problem ? broken(row, words) : row.state === 'replaced' ? replaced(row, words) : (underway(running, words, now) ?? standing(row, words));
  const isEdited = !row.declared && !row.problem && row.state !== 'replaced';
  // the kernel says so, too
  const isSaid = found.state === 'replaced' || awaitsCell(row) || (found.state === 'never' && row.reason === 'never run before');
  const reasons = [row.problem || (isSaid ? '' : row.reason), row.waits ?? ''];
  const notes = [...reasons, isEdited ? words.__('Run the cell to declare it as it stands') : ''];
  return { ...found, why: reasons.filter(Boolean).join('; '), sentence: [found.sentence, ...notes.map(capital)].filter(Boolean).map(ended).join(' ') };
}

function ended(text: string): string {
  return `${line(text.replaceAll('`', ''), 300).replace(/\.$/, '')}.`;
}

/** What begins with a name in code stays as it is. */
function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Whether a plain cell alone makes it stale, which no run knows of. */
function awaitsCell({ waits, state }: Row): boolean {
  return Boolean(waits) && state !== 'compute';
}

function broken(_: Row, words: Words): Found {
  return { state: 'error', word: words.__('error'), figure: '', sentence: words.__('cannot run as it stands') };
}

function replaced({ reason }: Row, words: Words): Found {
  const isAbove = reason === 'above';
  const sentence = isAbove
    ? words.__('a cell above declares it in the place of this one, which a run leaves alone')
    : words.__('a cell below declares it in the place of this one, which a run leaves alone');
  return { state: 'replaced', word: words.__('replaced'), figure: isAbove ? words.__('above') : words.__('below'), sentence };
}

function underway(running: RunNode | undefined, words: Words, now: number): Found | null {
  if (!running || running.unreached) return null;
  const { phase, predicted } = running;
  const passed = clock((now - running.since) / 1000);
  if (phase === 'running') {
    const of = awaited(predicted) && words.__(', predicted were %1', awaited(predicted));
    return { state: 'running', word: words.__('running'), figure: passed, sentence: words.__('running for %1', passed) + of };
  }
  if (phase === 'queued') {
    return { state: 'queued', word: words.__('queued'), figure: awaited(predicted), sentence: words.__('waits for its turn in the run') };
  }
  if (phase === 'interrupted') return { state: 'interrupted', word: words.__('interrupted'), figure: '', sentence: words.__('interrupted') };
  if (phase === 'failed') return { state: 'failed', word: words.__('failed'), figure: '', sentence: words.__('failed') };
  if (phase === 'left') return null;
  const took = awaited(running.seconds);
  const done = phase === 'loaded' ? words.__('loaded') : words.__('computed');
  const sentence = took ? words.__('%1 in %2', done, took) : done;
  return { state: 'fresh', word: words.__('fresh'), figure: '', sentence };
}

function standing(row: Row, words: Words): Found {
  const figure = awaited(row.seconds);
  const another = row.value === 'stale' && row.state !== 'compute';
  const unknown = row.seconds === null ? words.__('a run computes it, nobody knows how long that takes') : words.__('a run computes it');
  const about = figure ? words.__('a run computes it in about %1', figure) : unknown;
  if (row.interrupted) return { state: 'interrupted', word: words.__('interrupted'), figure: '', sentence: words.__('interrupted when it was last run') };
  if (row.failed) return { state: 'failed', word: words.__('failed'), figure: '', sentence: words.__('failed when it was last run') };
  if (awaitsCell(row)) return { state: 'stale', word: words.__('stale'), figure: '', sentence: words.__('stale once a plain cell is run') };
  if (row.value === 'fresh' && row.state === 'load' && row.seconds) {
    return { state: 'loads', word: words.__('loads'), figure, sentence: words.__('stored, a run loads it in about %1', figure) };
  }
  if (row.value === 'fresh' && row.state !== 'compute') {
    const why = row.state === 'prune' ? words.__('up to date, the next run needs nothing of it') : words.__('up to date');
    return { state: 'fresh', word: words.__('fresh'), figure: '', sentence: why };
  }
  if (another) {
    return { state: 'loads', word: words.__('loads'), figure: '', sentence: words.__('the value at hand is of another text, a run brings the one stored for this') };
  }
  if (row.value === 'stale' && row.seconds === null) {
    return { state: 'stale', word: words.__('stale'), figure: '', sentence: words.__('stale, a run computes it') };
  }
  if (row.value === 'stale') return { state: 'stale', word: words.__('stale'), figure, sentence: words.__('stale, %1', about) };
  if (row.seconds === null) return { state: 'never', word: words.__('never run'), figure: '', sentence: words.__('never run') };
  return { state: 'computes', word: words.__('computes'), figure, sentence: about };
}
