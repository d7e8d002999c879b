/** An ordinary notebook becomes one of nodes: the kernel's side does it, the user sees what it did before it is kept. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { MISSING, missing } from '../deeds';
import type { Link } from '../link';
import type { Words } from '../sidebar/words';
import { asExpression, freePath, readAdopted, type Adopted } from './adopted';
import { Preview } from './preview';

/** Adopt a copy beside the notebook, and open it; nothing is written before the user has seen what it is. */
export async function adopt(
  app: JupyterFrontEnd,
  panel: NotebookPanel,
  link: Link,
  languages: IEditorLanguageRegistry | null,
  words: Words
): Promise<void> {
  const adopted = await asked(panel, link, words);
  if (!adopted) return;
  const { contents } = app.serviceManager;
  const isTaken = (path: string): Promise<boolean> => contents.get(path, { content: false }).then(() => true, () => false);
  const folder = panel.context.path.replace(/[^/]*$/, '');
  const free = await freePath(panel.context.path, isTaken);
  const dialog = new Dialog<string>({
    title: words.__('Adopt %1', panel.context.path.split('/').pop()),
    body: new Preview(adopted, free.slice(folder.length), languages, words),
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: words.__('Write and Open') })]
  });
  dialog.addClass('helix-AdoptDialog');
  const { button, value } = await dialog.launch();
  if (!button.accept || !value) return;
  const target = `${folder}${value.endsWith('.ipynb') ? value : `${value}.ipynb`}`;
  if ((await isTaken(target)) && !(await mayOverwrite(target, words))) return;
  await contents.save(target, { type: 'notebook', format: 'json', content: adopted.notebook });
  await app.commands.execute('docmanager:open', { path: target });
}

/** What becomes of the notebook; null once the user was told why nothing does. */
async function asked(panel: NotebookPanel, link: Link, words: Words): Promise<Adopted | null> {
  try {
    const notebook = panel.content.model?.toJSON();
    // an ordinary notebook's kernel has not loaded the extension, and to look loads nothing
    const answer = link.state === 'loaded' ? link.ask('adopt', { notebook }) : link.evaluate(asExpression(notebook)).catch(problem => refused(problem, words));
    const adopted = readAdopted(await answer);
    if (adopted.changed) return adopted;
    await told(words.__('Adopted already'), words.__('This notebook has %1 cells: there is nothing to adopt.', '%%helix'), words);
  } catch (problem) {
    const reason = problem instanceof Error ? problem.message : String(problem);
    await told(words.__('This notebook cannot be adopted'), reason, words);
  }
  return null;
}

function refused(problem: unknown, words: Words): never {
  throw problem instanceof Error && problem.cause === MISSING ? missing(words) : problem;
}

async function told(title: string, body: string, words: Words): Promise<void> {
  await showDialog({ title, body, buttons: [Dialog.okButton({ label: words.__('Close') })] });
}

async function mayOverwrite(path: string, words: Words): Promise<boolean> {
  const { button } = await showDialog({
    title: words.__('Overwrite %1?', path),
    body: words.__('There is such a file already. What it holds is lost then.'),
    buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: words.__('Overwrite') })],
    defaultButton: 0
  });
  return button.accept;
}
