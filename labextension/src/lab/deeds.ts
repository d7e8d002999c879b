/** What one can ask for of one notebook: buttons of the sidebar and commands both end here. */
import type { Cell } from '@jupyterlab/cells';
import { NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import { argument, declaresNode } from './cells';
import { declareEdited } from './declare';
import type { Drafts } from './drafts/drafts';
import type { Link } from './link';
import type { Words } from './sidebar/words';

export const LOAD = '%load_ext helix_jupyter';
export const MISSING = 'ModuleNotFoundError';
const STOPPED = 'KeyboardInterrupt';

/** Run a line of ours; gives what it said, and rejects with its words where it failed. One that was stopped did not. */
async function perform(link: Link, code: string, silent = false): Promise<string[]> {
  const { said, error } = await link.run(code, silent);
  if (error && error.name !== STOPPED) throw new Error(error.words || error.name, { cause: error.name });
  return said.map(line => line.replace(/^helix: /, ''));
}

/** Bring the workflow, or a node, up to date as it is declared. `NODE.1` is this very node, also where later cells update what it gives. */
function run(link: Link, node?: string): Promise<string[]> {
  return perform(link, node === undefined ? '%helix run' : `%helix run ${argument(`${node}.1`)}`);
}

/** Load the extension into the kernel. */
export async function load(link: Link, words: Words): Promise<void> {
  try {
    await perform(link, LOAD, true);
  } catch (problem) {
    if (!(problem instanceof Error) || problem.cause !== MISSING) throw problem;
    throw missing(words);
  }
}

export function missing(words: Words): Error {
  return new Error(words.__('helix_jupyter is not installed where this kernel runs. Install it there: %1', '%pip install helix-jupyter'));
}

/** The node that a cell declared when it ran last. */
export async function nodeOf(cell: Cell | null, link: Link, words: Words): Promise<string> {
  const node = cell && (await link.ask<string | null>('node', { cell: cell.model.id }));
  if (!node) throw new Error(words.__('This cell has declared no node. Put %1 on top of it and run it.', '%%helix NAME'));
  return node;
}

/** Bring the workflow up to date as its cells stand; gives what was said. `drafts`: where edited cells are to be declared. */
export async function runAll(panel: NotebookPanel, link: Link, words: Words, drafts: Drafts | null): Promise<string[]> {
  const declared = drafts ? await declareEdited(panel, link, drafts, words) : [];
  return [...declared, ...(await run(link))];
}

/** The same to the active cell's node; without `drafts` that cell alone is declared as it stands. */
export async function runToCell(panel: NotebookPanel, link: Link, words: Words, drafts: Drafts | null): Promise<string[]> {
  const { content, sessionContext } = panel;
  const cell = content.activeCell;
  if (cell && drafts) {
    const declared = await declareEdited(panel, link, drafts, words, cell.model.id);
    const node = drafts.rows.get(cell.model.id)?.node || (await nodeOf(cell, link, words));
    return [...declared, ...(await run(link, node))];
  }
  const source = cell?.model.sharedModel.getSource() ?? '';
  if (declaresNode(source) && !(await NotebookActions.run(content, sessionContext))) return [];
  return run(link, await nodeOf(cell, link, words));
}

/** Take nodes out of the workflow; what they gave stays in the store. */
export function drop(link: Link, nodes: readonly string[]): Promise<string[]> {
  return perform(link, `%helix remove ${nodes.map(argument).join(' ')}`);
}
