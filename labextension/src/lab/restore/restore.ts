/** Check a version out into a notebook: its declarations in the kernel, their text in the cells. */
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { Notebook, NotebookPanel } from '@jupyterlab/notebook';
import { UUID } from '@lumino/coreutils';
import { Widget } from '@lumino/widgets';
import { h } from '../../views/dom';
import { line } from '../../views/text';
import type { Link } from '../link';
import type { Words } from '../sidebar/words';
import { cellsByNode, readRestoration, withIds, write, type Written } from './restoring';

const RESTORED = 'helix-restored';

/**
 * Gives what is to be said of it; nothing where the user would rather not. `touched` is called once something else changes
 * in the notebook, that step taken back or a cell run: then the first line holds no more.
 */
export async function restore(
  { content }: NotebookPanel,
  link: Link,
  version: number,
  words: Words,
  touched: (line: string) => void
): Promise<string[] | void> {
  const shared = content.model?.sharedModel;
  if (!shared) return;
  const texts = shared.cells.filter(cell => cell.cell_type === 'code').map(cell => [cell.id, cell.getSource()]);
  const asked = await link.ask('restore', { version, cells: Object.fromEntries(texts) });
  const restoration = readRestoration(asked);
  const removed = await unwanted(restoration.others, version, words);
  if (removed === null) return;
  const cells = withIds(restoration, new Set(shared.cells.map(cell => cell.id)), () => UUID.uuid4());
  // the kernel first: it may refuse, and then no cell has changed
  const { lines } = await link.ask<{ lines: string[] }>('checkout', { version, cells: cellsByNode(cells) });
  const written = write(shared, cells, removed);
  content.deselectAll();
  const first = told(version, written, words);
  markUntouched(content, () => touched(first));
  return [first, ...lines];
}

/** Until something else changes, Ctrl+Z of the notebook means this step, too: see the shortcut in `schema/plugin.json`. */
function markUntouched({ model, node }: Notebook, then: () => void): void {
  const touched = (): void => {
    then();
    node.classList.remove(RESTORED);
    model?.contentChanged.disconnect(touched);
  };
  node.classList.add(RESTORED);
  model?.contentChanged.connect(touched);
}

/** Cells of nodes that the version does not have: those that the user likes to be deleted, null to leave all as it is. */
async function unwanted(others: Record<string, string>, version: number, words: Words): Promise<Set<string> | null> {
  const nodes = Object.values(others);
  if (!nodes.length) return new Set();
  const names = nodes.map(node => h('li', {}, h('code', {}, line(node, 80))));
  const body = h(
    'div',
    { class: 'helix-Others' },
    h('p', {}, words.__('Version %1 does not have the nodes of these cells:', version)),
    h('ul', {}, ...names),
    h('p', {}, words.__('Cells that are kept count as not declared until they are run.'))
  );
  const remove = Dialog.warnButton({ label: words.__('Delete Cells') });
  const { button } = await showDialog({
    title: words.__('Keep cells that version %1 does not have?', version),
    body: new Widget({ node: body }),
    buttons: [Dialog.cancelButton(), remove, Dialog.okButton({ label: words.__('Keep Cells') })],
    defaultButton: 2
  });
  if (!button.accept) return null;
  return new Set(button.label === remove.label ? Object.keys(others) : []);
}

function told(version: number, { updated, inserted, removed }: Written, words: Words): string {
  const counts = [
    updated && words._n('%1 cell updated', '%1 cells updated', updated),
    inserted && words._n('%1 inserted', '%1 inserted', inserted),
    removed && words._n('%1 deleted', '%1 deleted', removed)
  ].filter(Boolean);
  const done = words.__('Version %1 is checked out; a run binds its values.', version);
  if (!counts.length) return `${done} ${words.__('The cells said so already.')}`;
  return `${done} ${counts.join(', ')}. ${words.__('Undo in the notebook (Z) takes that back.')}`;
}
