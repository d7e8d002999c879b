/** A run as it goes on, from the kernel's messages; and how far it is. Pure: the time is given. */
import type { Phase, RunMessage } from './types';

export interface RunNode {
  phase: Phase;
  state: string;
  predicted: number | null;
  /** Milliseconds of the browser's clock at which it was first told to be running. */
  since: number;
  /** What it took, once it is over. */
  seconds: number | null;
  /** The run ended before its turn came. */
  unreached?: boolean;
}

export interface Run {
  status: string;
  began: number;
  nodes: Map<string, RunNode>;
}

/** The run after a message. The first `begin` starts one; a further one is a plan that was made again. */
export function after(run: Run | null, message: RunMessage, now: number): Run | null {
  if (message.event === 'begin') return planned(run, message.nodes, now, message.elapsed ?? 0);
  if (run === null) return null;
  const nodes = new Map(run.nodes);
  if (message.event === 'changes') {
    for (const [name, phase, seconds] of message.nodes) {
      const before = nodes.get(name);
      nodes.set(name, {
        state: before?.state ?? (phase === 'loaded' ? 'load' : 'compute'),
        predicted: before?.predicted ?? null,
        phase,
        since: phase === 'running' ? now - 1000 * (seconds ?? 0) : (before?.since ?? now),
        seconds: phase === 'running' ? null : seconds
      });
    }
    return { ...run, nodes };
  }
  for (const [name, node] of nodes) {
    if (node.phase === 'running' && message.status === 'interrupted') nodes.set(name, { ...node, phase: 'interrupted', seconds: (now - node.since) / 1000 });
    else if (node.phase === 'queued' || node.phase === 'running') nodes.set(name, { ...node, phase: 'left', unreached: true });
  }
  return { ...run, nodes, status: message.status };
}

function planned(run: Run | null, listed: [string, string, number | null][], now: number, elapsed: number): Run {
  const before = run?.status === 'running' ? run : null;
  const nodes = new Map<string, RunNode>();
  for (const [name, state, predicted] of listed) {
    const known = before?.nodes.get(name);
    const over = known && known.phase !== 'queued' && known.phase !== 'left';
    if (over) nodes.set(name, { ...known, predicted: predicted ?? known.predicted });
    else nodes.set(name, { phase: state === 'prune' ? 'left' : 'queued', state, predicted, since: now, seconds: null });
  }
  return { status: 'running', began: before?.began ?? now - 1000 * elapsed, nodes };
}

export interface Progress {
  elapsed: number;
  /** Predicted seconds that are left; of nodes that never ran nobody knows. */
  remaining: number;
  unknown: number;
  handled: number;
  count: number;
  /** From 0 to 1: by seconds, or by nodes where some seconds are not known. */
  fraction: number;
}

export function progress(run: Run, now: number): Progress {
  let [spent, remaining, unknown, handled, count] = [0, 0, 0, 0, 0];
  for (const node of run.nodes.values()) {
    if (node.phase === 'left') continue;
    count += 1;
    if (node.phase === 'queued' || node.phase === 'running') {
      const elapsed = node.phase === 'running' ? (now - node.since) / 1000 : 0;
      if (node.predicted === null) unknown += 1;
      else {
        remaining += Math.max(node.predicted - elapsed, 0);
        spent += Math.min(elapsed, node.predicted);
      }
    } else {
      handled += 1;
      spent += node.seconds ?? 0;
    }
  }
  const bySeconds = spent + remaining ? spent / (spent + remaining) : handled / Math.max(count, 1);
  return {
    elapsed: (now - run.began) / 1000,
    remaining,
    unknown,
    handled,
    count,
    fraction: run.status === 'running' ? (unknown ? handled / Math.max(count, 1) : bySeconds) : 1
  };
}
