/** Who gives a name that is read in a cell, by what the kernel says of the cells as they stand. Pure. */
import type { Row } from '../drafts/wire';

/** The row of the node whose value a name stands for in a cell; a plain cell sees the last link of a chain. */
export function makerOf(name: string, cell: string, rows: ReadonlyMap<string, Row>, nodes: ReadonlyMap<string, Row>): Row | undefined {
  const own = rows.get(cell);
  if (own) {
    const giver = own.inputs[name];
    if (giver !== undefined) return nodes.get(giver);
    // what it assigns itself and gives to nobody is no node's
    return own.outputs.includes(name) ? own : undefined;
  }
  return [...nodes.values()].reverse().find(row => row.outputs.includes(name));
}

export interface Candidate {
  name: string;
  row: Row;
}

/** All names that nodes give, each with the last of its makers. */
export function outputNames(nodes: ReadonlyMap<string, Row>): Candidate[] {
  const found = new Map<string, Row>();
  for (const row of nodes.values()) for (const name of row.outputs) found.set(name, row);
  return [...found].map(([name, row]) => ({ name, row }));
}

const VERB = /^\s*(?:[\w, ]+=\s*)?%helix\s+\w+\s.*$/u;
const DECLARES = /^\s*(?:%%helix\s|#\s*helix:)/;
const IDENTIFIER = /[\p{L}_][\p{L}\p{N}_]*$/u;
const NODE = /[^\s=,]*$/;

export type Place = { kind: 'code' | 'nodes'; start: number } | null;

/** What can be completed at `offset` of a cell's text: a name in code, a node behind a verb; null: nothing of ours. */
export function placeIn(text: string, offset: number): Place {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  if (VERB.test(line)) {
    const word = NODE.exec(line)![0];
    return word.startsWith('-') ? null : { kind: 'nodes', start: offset - word.length };
  }
  if (/^\s*[%!]/.test(line) && !DECLARES.test(line)) return null;
  const name = IDENTIFIER.exec(line)?.[0];
  const before = line.slice(0, line.length - (name?.length ?? 0));
  // an attribute, a number's tail, an option, or nothing that was begun
  if (!name || /[.\w-]$/u.test(before)) return null;
  return { kind: 'code', start: offset - name.length };
}
