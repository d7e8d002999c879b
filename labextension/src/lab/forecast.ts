/** The coming run in words and rows, from the workflow's picture. Pure. */
import { duration } from '../views/text';
import type { Picture, PictureNode } from '../views/types';

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
  /** `1.5 s`; empty where it is not known. */
  seconds: string;
  reason: string;
}

/** What the run would handle, in the order of the picture. */
export function planRows(picture: Picture): PlanRow[] {
  const guessed = new Set(picture.plan?.guessed);
  return picture.nodes
    .filter(node => node.state === 'compute' || node.state === 'load')
    .map(({ name, state, seconds, reason }) => ({ name, state: state!, seconds: guessed.has(name) ? '' : duration(seconds), reason }));
}

/** A collapsed group stands for its members. */
function weight(node: PictureNode): number {
  return Math.max(node.members.length, 1);
}
