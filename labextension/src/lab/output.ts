/** What a line of the kernel shows, in the main area beside its notebook: values that have a view draw themselves. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { OutputAreaModel, SimplifiedOutputArea } from '@jupyterlab/outputarea';
import type { LabIcon } from '@jupyterlab/ui-components';

/** Run `code` and show what it gives. */
export async function showOutput(
  app: JupyterFrontEnd,
  panel: NotebookPanel,
  code: string,
  { title, icon }: { title: string; icon: LabIcon }
): Promise<void> {
  const content = new SimplifiedOutputArea({
    model: new OutputAreaModel({ trusted: true }),
    rendermime: panel.content.rendermime,
    contentFactory: panel.content.contentFactory
  });
  content.addClass('helix-Output');
  const widget = new MainAreaWidget({ content });
  widget.title.label = title;
  widget.title.icon = icon;
  widget.title.closable = true;
  // the renderers, and what they draw, are the notebook's
  panel.disposed.connect(() => widget.dispose());
  app.shell.add(widget, 'main', { ref: panel.id, mode: 'split-right' });
  if (!widget.isAttached) aside(app, widget);
  app.shell.activateById(widget.id);
  const future = panel.sessionContext.session?.kernel?.requestExecute({ code, store_history: false, allow_stdin: false });
  if (!future) return;
  content.future = future;
  await future.done;
}

// the one that stands in a side area: there is no way to close one there
let shown: MainAreaWidget | null = null;

/** Notebook's main area has room for the notebook alone. */
function aside(app: JupyterFrontEnd, widget: MainAreaWidget): void {
  shown?.dispose();
  shown = widget;
  app.shell.add(widget, 'right');
}
