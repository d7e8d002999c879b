/** What the kernel says of a notebook that it would adopt. Pure. */
import type { PartialJSONValue } from '@lumino/coreutils';

export interface CellReport {
  /** Counts code cells from 1. */
  number: number;
  kind: 'node' | 'plain' | 'split' | 'merged' | 'unchanged';
  /** What stands behind `%%helix` on the cells that it became. */
  nodes: string[];
  /** Why, in plain words. */
  notes: string[];
}

/** The answer to `adopt`: see `adopt/document.py`. */
export interface Adopted {
  notebook: PartialJSONValue;
  changed: boolean;
  cells: CellReport[];
  /** Both notebooks as text in `# %%` form. */
  before: string;
  after: string;
}

/** What came from the kernel, if it is of the shape that it should be. */
export function readAdopted(data: unknown): Adopted {
  const { notebook, changed, cells, before, after } = (data ?? {}) as Record<string, unknown>;
  const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(one => typeof one === 'string');
  const isCell = (one: CellReport | null): boolean =>
    typeof one?.number === 'number' && typeof one.kind === 'string' && areTexts(one.nodes) && areTexts(one.notes);
  const fits =
    typeof notebook === 'object' && notebook !== null && typeof changed === 'boolean' && Array.isArray(cells) && cells.every(isCell) && areTexts([before, after]);
  if (!fits) throw new Error('The kernel has another release of helix_jupyter, which does not tell cell by cell: update it.');
  return data as Adopted;
}

/** The question as a Python expression. A text in JSON is one in Python, too. */
export function asExpression(notebook: unknown): string {
  const text = JSON.stringify(JSON.stringify(notebook));
  return `__import__("helix_jupyter.adopt", fromlist=["document"]).document(__import__("json").loads(${text}))`;
}

/** The line, from 1, where each code cell begins in `# %%` form. */
export function linesOfCells(text: string): number[] {
  return text.split('\n').flatMap((line, at) => (line === '# %%' ? [at + 1] : []));
}

/** `book-helix.ipynb`, or with a number the first that nobody has. */
export async function freePath(path: string, isTaken: (path: string) => Promise<boolean>): Promise<string> {
  const stem = `${path.replace(/\.ipynb$/, '')}-helix`;
  for (let number = 1; ; number++) {
    const target = number > 1 ? `${stem}-${number}.ipynb` : `${stem}.ipynb`;
    if (!(await isTaken(target))) return target;
  }
}
