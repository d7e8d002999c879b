/** The coming run in words and rows, from the workflow's picture. Pure. */
import { awaited } from '../views/text';
import type { Picture, PictureNode } from '../views/types';
import type { Row } from './drafts/wire';

const UNKNOWN = '?';

export interface Forecast {
  compute: number;
  load: number;
  count: number;
  /** Predicted seconds; null where some node never ran, so that nobody knows. */
  seconds: number | null;
  unknown: number;
}

export function forecast(picture: Picture): Forecast {
  const { nodes } = picture;
  const count = (state: string): number => nodes.filter(node => node.state === state).reduce((sum, node) => sum + weight(node), 0);
  const unknown = picture.plan?.guessed.length ?? 0;
  return {
    compute: count('compute'),
    load: count('load'),
    count: nodes.reduce((sum, node) => sum + weight(node), 0),
    seconds: picture.plan && !unknown ? picture.plan.seconds : null,
    unknown
  };
}

export interface PlanRow {
  name: string;
  state: string;
  /** `1.5 s`; `?` where nobody knows, empty where it is none to speak of. */
  seconds: string;
  reason: string;
}

/** What the run would handle, in the order of the picture. */
export function planRows(picture: Picture): PlanRow[] {
  const guessed = new Set(picture.plan?.guessed);
  return picture.nodes
    .filter(node => node.state === 'compute' || node.state === 'load')
    .map(({ name, state, seconds, reason }) => ({ name, state: state!, seconds: guessed.has(name) ? UNKNOWN : awaited(seconds), reason }));
}

/** The same of cells as they stand, some of them not declared yet. */
export function draftForecast(rows: readonly Row[]): Forecast {
  const handled = rows.filter(isHandled);
  const unknown = handled.filter(row => row.state === 'compute' && row.seconds === null).length;
  const seconds = handled.reduce((sum, row) => sum + (row.seconds ?? 0), 0);
  const compute = handled.filter(row => row.state === 'compute').length;
  return { compute, load: handled.length - compute, count: rows.length, seconds: unknown ? null : seconds, unknown };
}

export function draftRows(rows: readonly Row[]): PlanRow[] {
  return rows.filter(isHandled).map(({ node, state, seconds, reason }) => ({ name: node, state, seconds: seconds === null ? UNKNOWN : awaited(seconds), reason }));
}

function isHandled({ state }: Row): boolean {
  return state === 'compute' || state === 'load';
}

/** A collapsed group stands for its members. */
function weight(node: PictureNode): number {
  return Math.max(node.members.length, 1);
}
