/** Before a run: cells that were edited are declared as they stand, as if the user had run them. */
import { NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import type { Drafts } from './drafts/drafts';
import { editsFor, editsOf, type Edits } from './drafts/edits';
import type { Row } from './drafts/wire';
import type { Link } from './link';
import type { Words } from './sidebar/words';

/**
 * Declare the edited cells of a notebook, or those that one cell's node rests on; plain cells are left alone. Gives what
 * is to be said of it.
 *
 * @throws where one cannot be declared as it stands, before any is
 */
export async function declareEdited(panel: NotebookPanel, link: Link, drafts: Drafts, words: Words, cell?: string): Promise<string[]> {
  await drafts.now();
  const { edited, broken } = cell === undefined ? editsOf(drafts) : editsTo(cell, drafts, link);
  if (broken.length) {
    panel.content.activeCellIndex = panel.content.widgets.findIndex(one => one.model.id === broken[0].cell);
    throw new Error(refusal(broken[0], words));
  }
  if (!edited.length) return [];
  // after a restart none was edited
  const areNew = edited.every(row => link.document.cells?.[row.cell] === undefined);
  const ids = new Set(edited.map(row => row.cell));
  const { content, sessionContext } = panel;
  const { mode } = content;
  const isDone = await NotebookActions.runCells(content, content.widgets.filter(one => ids.has(one.model.id)), sessionContext);
  content.mode = mode;
  if (!isDone) throw new Error(words.__('Nothing was run: an edited cell could not be declared, its output says why.'));
  const { length } = edited;
  return [areNew ? words._n('%1 cell declared.', '%1 cells declared.', length) : words._n('%1 edited cell declared.', '%1 edited cells declared.', length)];
}

function editsTo(cell: string, drafts: Drafts, link: Link): Edits {
  const own = drafts.rows.get(cell);
  if (own?.problem && !own.declared) return { edited: [], broken: [own] };
  // one that was made a plain cell has no row
  return editsFor(own?.node ?? link.document.cells?.[cell] ?? '', drafts);
}

function refusal({ node, problem }: Row, words: Words): string {
  const of = node ? words.__("the cell of '%1' cannot be declared as it stands", node) : words.__('an edited cell cannot be declared as it stands');
  return words.__('Nothing was run: %1. %2', of, problem.charAt(0).toUpperCase() + problem.slice(1));
}
