/** A version's cells written into a notebook: which text goes where, as one step that can be taken back. */
import type { ISharedCell, ISharedNotebook } from '@jupyter/ydoc';

/** A cell as a version has it; `cell` is the id of the notebook's, empty where it has none. */
export interface RestoredCell {
  node: string;
  cell: string;
  text: string;
}

/** The kernel's answer to `restore`: see `version/restoring.py`. */
export interface Restoration {
  version: number;
  /** In the version's order. */
  cells: RestoredCell[];
  /** {id of a cell: its node} of nodes that the version does not have. */
  others: Record<string, string>;
  /** What the version used and no cell makes. */
  definitions: string;
}

export interface Written {
  updated: number;
  inserted: number;
  removed: number;
}

/** As much of a shared notebook as is needed. */
export type Shared = Pick<ISharedNotebook, 'cells' | 'insertCell' | 'deleteCell' | 'transact'>;

/** What came from the kernel, if it is of the shape that it should be. */
export function readRestoration(data: unknown): Restoration {
  const { version, cells, others, definitions } = (data ?? {}) as Record<string, unknown>;
  const isText = (value: unknown): value is string => typeof value === 'string';
  const isCell = (one: Record<string, unknown> | null): boolean => [one?.node, one?.cell, one?.text].every(isText);
  const fits =
    typeof version === 'number' &&
    Array.isArray(cells) &&
    cells.every(isCell) &&
    typeof others === 'object' &&
    others !== null &&
    Object.values(others).every(isText) &&
    isText(definitions);
  if (!fits) throw new Error('A message of the kernel was not understood (restore).');
  return data as Restoration;
}

/** The cells with an id for each that is yet to be made, what they rest on first. */
export function withIds(restoration: Restoration, present: ReadonlySet<string>, newId: () => string): RestoredCell[] {
  const { cells, definitions } = restoration;
  const all = definitions ? [{ node: '', cell: '', text: definitions }, ...cells] : cells;
  return all.map(cell => (present.has(cell.cell) ? cell : { ...cell, cell: newId() }));
}

/** Which cell is which node's, as the kernel is told it. */
export function cellsByNode(cells: readonly RestoredCell[]): Record<string, string> {
  return Object.fromEntries(cells.filter(({ node }) => node).map(({ node, cell }) => [node, cell]));
}

/**
 * Write the cells and take out those in `removed`. A new cell stands behind the one that comes before it in the version;
 * the first of all before the first that is there. One step of the notebook's undo.
 *
 * A cell that is to say something else gives way to one of its id: were its text changed, the editor's own undo, which
 * knows nothing of that step, would mix what was typed before into it.
 */
export function write(notebook: Shared, cells: readonly RestoredCell[], removed: ReadonlySet<string>): Written {
  const made: Written = { updated: 0, inserted: 0, removed: 0 };
  asOneStep(notebook, () => {
    // the notebook's own list follows only when the step is over
    const present: ISharedCell[] = [...notebook.cells];
    const ids = present.map(cell => cell.id);
    let behind = cells.map(({ cell }) => ids.indexOf(cell)).find(at => at >= 0) ?? ids.length;
    for (const { cell, text } of cells) {
      const at = ids.indexOf(cell);
      if (at >= 0) {
        behind = at + 1;
        if (present[at].getSource() === text) continue;
        const was = present[at].toJSON();
        notebook.deleteCell(at);
        present[at] = notebook.insertCell(at, { ...was, source: text });
        made.updated += 1;
      } else {
        const added = notebook.insertCell(behind, { id: cell, cell_type: 'code', source: text, metadata: { trusted: true } });
        present.splice(behind, 0, added);
        ids.splice(behind, 0, cell);
        behind += 1;
        made.inserted += 1;
      }
    }
    for (const id of removed) {
      const at = ids.indexOf(id);
      if (at < 0) continue;
      notebook.deleteCell(at);
      ids.splice(at, 1);
      made.removed += 1;
    }
  });
  return made;
}

/** What is written soon before or after would else be taken back along with it. */
function asOneStep(notebook: Shared, act: () => void): void {
  const { undoManager } = notebook as { undoManager?: { stopCapturing(): void } };
  undoManager?.stopCapturing();
  notebook.transact(act);
  undoManager?.stopCapturing();
}
