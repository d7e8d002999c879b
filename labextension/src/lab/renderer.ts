/**
 * Outputs that have a view: live where the kernel still has it, else in the static form that the notebook keeps beside it.
 * Front ends without the extension do not know the type and show what they know.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IRenderMime } from '@jupyterlab/rendermime';
import { Panel } from '@lumino/widgets';

export const VIEW = 'application/vnd.helix-jupyter.view+json';
const WIDGET = 'application/vnd.jupyter.widget-view+json';
// better than what ipywidgets gives its own type
const RANK = -20;

/** Let the outputs of a notebook be drawn so. */
export function renderViews(panel: NotebookPanel): void {
  const factory = { safe: true, mimeTypes: [VIEW], createRenderer: () => new ViewRenderer(panel) };
  panel.content.rendermime.addFactory(factory, RANK);
}

class ViewRenderer extends Panel implements IRenderMime.IRenderer {
  private drawn: IRenderMime.IRenderer | null = null;

  constructor(private readonly panel: NotebookPanel) {
    super();
    this.addClass('helix-View');
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const id = (model.data[WIDGET] as { model_id?: unknown } | undefined)?.model_id;
    const { rendermime } = this.panel.content;
    const canLive = typeof id === 'string' && rendermime.getFactory(WIDGET) !== undefined;
    if (canLive && this.kernel?.hasComm(id)) return this.draw(WIDGET, model);
    const rest = Object.fromEntries(Object.entries(model.data).filter(([type]) => type !== VIEW && type !== WIDGET));
    const type = rendermime.preferredMimeType(rest, model.trusted ? 'any' : 'ensure');
    if (type) await this.draw(type, model);
    // a kernel may be there from before the page was loaded; one that is busy answers late, and nobody waits for it
    if (canLive) void this.isInKernel(id).then(isThere => (isThere ? this.draw(WIDGET, model) : undefined));
  }

  private get kernel() {
    return this.panel.sessionContext.session?.kernel;
  }

  private async draw(type: string, model: IRenderMime.IMimeModel): Promise<void> {
    if (this.isDisposed) return;
    this.drawn?.dispose();
    this.drawn = this.panel.content.rendermime.createRenderer(type);
    this.addWidget(this.drawn);
    await this.drawn.renderModel(model);
  }

  private async isInKernel(id: string): Promise<boolean> {
    await this.panel.sessionContext.ready;
    try {
      const reply = await this.kernel?.requestCommInfo({ target_name: 'jupyter.widget' });
      return reply?.content.status === 'ok' && id in reply.content.comms;
    } catch {
      return false; // it ended meanwhile
    }
  }
}
