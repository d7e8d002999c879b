/** The answer to the question `draft`: what the kernel says of cells as they stand; `session/typed.py` is the other end. Pure. */

/** What is said of one cell, or of a node that stands in none (its `cell` is empty). */
export interface Row {
  cell: string;
  /** That of its declaration where the cell cannot be read; empty where there is none either. */
  node: string;
  outputs: string[];
  /** {name that it reads: the node that gives it}. */
  inputs: Record<string, string>;
  /** What the coming run would do: `load`, `compute`, `prune`; `replaced` where another cell is the node's, by its `reason` `above` or `below`; empty where it cannot be told. */
  state: string;
  /** Whether there is a value of the code as it stands (`fresh`), of an earlier one (`stale`), or `none`. */
  value: string;
  reason: string;
  /** Predicted; null where nobody knows. */
  seconds: number | null;
  /** Whether the kernel's workflow has it just so. */
  declared: boolean;
  /** Whether it failed when it was last run just so. */
  failed: boolean;
  /** Whether that was an interrupt. */
  interrupted?: boolean;
  /** Why it cannot be declared. */
  problem: string;
  /** Which plain cell was edited, so that the value is stale although a run does not compute it: it leaves plain cells alone. */
  waits?: string;
}

export interface Draft {
  /** False where a cell runs: the texts alone were read. */
  whole: boolean;
  rows: Row[];
}

/**
 * An answer, checked.
 *
 * @throws where it is malformed
 */
export function readDraft(data: unknown): Draft {
  if (isObject(data) && typeof data.whole === 'boolean' && Array.isArray(data.rows) && data.rows.every(isRow)) {
    return { whole: data.whole, rows: data.rows };
  }
  throw new Error('An answer of the kernel was not understood (draft).');
}

function isRow(row: unknown): row is Row {
  return (
    isObject(row) &&
    [row.cell, row.node, row.state, row.value, row.reason, row.problem, row.waits ?? ''].every(isText) &&
    Array.isArray(row.outputs) &&
    row.outputs.every(isText) &&
    isObject(row.inputs) &&
    Object.values(row.inputs).every(isText) &&
    (row.seconds === null || (typeof row.seconds === 'number' && Number.isFinite(row.seconds))) &&
    typeof row.declared === 'boolean' &&
    typeof row.failed === 'boolean' &&
    typeof (row.interrupted ?? false) === 'boolean'
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
