/** From a node to its cell. */
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Drafts } from './drafts/drafts';
import type { Link } from './link';

/** Select the cell that declares a node, as it stands or as it was declared, and bring it into view; false without one. */
export async function visit({ content }: NotebookPanel, node: string, link: Link, drafts?: Drafts): Promise<boolean> {
  const declared = Object.entries(link.document.cells ?? {}).find(([, one]) => one === node)?.[0];
  const place = content.widgets.findIndex(cell => cell.model.id === (drafts?.nodes.get(node)?.cell || declared));
  if (place < 0) return false;
  content.deselectAll();
  content.activeCellIndex = place;
  await content.scrollToItem(place, 'smart');
  return true;
}
