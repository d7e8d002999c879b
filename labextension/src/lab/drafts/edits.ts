/** Cells that stand otherwise than the kernel has them, what waits for them, and nodes that have no cell any more. Pure. */
import type { Row } from './wire';

export interface Edits {
  /** Cells that a run has to declare first, in the notebook's order; new ones among them. */
  edited: Row[];
  /** Of those the ones that cannot be declared as they stand. */
  broken: Row[];
}

/** As much of what is known of a notebook's cells as is needed. */
export interface Known {
  rows: ReadonlyMap<string, Row>;
  nodes: ReadonlyMap<string, Row>;
}

/** A cell whose node another cell gives already is a spare one: that is the user's to settle, where it is not replaced. */
export function editsOf({ rows, nodes }: Known): Edits {
  const others = [...rows.values()].filter(row => !row.declared && row.state !== 'replaced' && !(row.problem && nodes.has(row.node)));
  return { edited: others.filter(row => !row.problem), broken: others.filter(row => row.problem) };
}

/** What a cell is to be called: its node, or how it begins. `texts`: by cell. */
export function called({ cell, node }: Row, texts: ReadonlyMap<string, string>): string {
  return node || (texts.get(cell) ?? '').trim().split('\n', 1)[0];
}

/** Nodes whose values are stale once a plain cell is run that was edited. */
export function waiting(nodes: Known['nodes']): Map<string, Row> {
  return new Map([...nodes].filter(([, row]) => row.waits));
}

/** The cells to be declared of what a node rests on, as the cells stand. */
export function editsFor(node: string, known: Known): Edits {
  const needed = ancestry(node, known.nodes);
  const { edited, broken } = editsOf(known);
  return { edited: edited.filter(row => needed.has(row.node)), broken: broken.filter(row => needed.has(row.node)) };
}

/** A node and all that it rests on. */
function ancestry(node: string, nodes: Known['nodes']): Set<string> {
  const found = new Set<string>();
  const waiting = [node];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    if (found.has(one)) continue;
    found.add(one);
    waiting.push(...Object.values(nodes.get(one)?.inputs ?? {}));
  }
  return found;
}

/** Nodes that the kernel has of cells which do not declare anything here any more. */
export function withoutCell(declared: Readonly<Record<string, string>>, present: ReadonlyMap<string, string>, { nodes }: Known): string[] {
  const gone = Object.entries(declared).filter(([cell, node]) => !present.has(cell) && !nodes.get(node)?.cell);
  return gone.map(([, node]) => node);
}
