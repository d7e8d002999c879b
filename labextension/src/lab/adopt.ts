/** An ordinary notebook becomes one of nodes: the kernel's side does it, the user sees what it did before it is kept. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { PartialJSONValue } from '@lumino/coreutils';
import { Widget } from '@lumino/widgets';
import { h } from '../views/dom';
import type { Link } from './link';
import type { Words } from './sidebar/words';

interface Adopted {
  notebook: PartialJSONValue;
  /** Cell by cell, what became of it and why. */
  report: string;
  changed: boolean;
}

/** Adopt a copy beside the notebook, and open it. */
export async function adopt(app: JupyterFrontEnd, panel: NotebookPanel, link: Link, words: Words): Promise<void> {
  const adopted = await link.ask<Adopted>('adopt', { notebook: panel.content.model?.toJSON() });
  if (!adopted.changed) throw new Error(words.__('This notebook has %1 cells already.', '%%helix'));
  const { path } = panel.context;
  const target = `${path.replace(/\.ipynb$/, '')}-helix.ipynb`;
  const answer = await showDialog({
    title: words.__('Adopt this notebook as %1?', target.split('/').pop()),
    body: new Widget({ node: h('pre', { class: 'helix-Report', tabindex: 0 }, adopted.report) }),
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: words.__('Adopt') })]
  });
  if (!answer.button.accept) return;
  await app.serviceManager.contents.save(target, { type: 'notebook', format: 'json', content: adopted.notebook });
  await app.commands.execute('docmanager:open', { path: target });
}
