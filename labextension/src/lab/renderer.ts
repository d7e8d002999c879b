/**
 * Outputs that have a view: live where the kernel still has it, else in the static form that the notebook keeps beside it.
 * Front ends without the extension do not know the type and show what they know.
 */
import { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IRenderMime } from '@jupyterlab/rendermime';
import { Panel, Widget } from '@lumino/widgets';
import { LiveCard, readCard, type Card, type Known } from './card';
import type { Words } from './sidebar/words';

export const VIEW = 'application/vnd.helix-jupyter.view+json';
const WIDGET = 'application/vnd.jupyter.widget-view+json';
// better than what ipywidgets gives its own type
const RANK = -20;

/** Let the outputs of a notebook be drawn so; `known`: what is known of its cells. */
export function renderViews(panel: NotebookPanel, known: Known, words: Words): void {
  const factory = { safe: true, mimeTypes: [VIEW], createRenderer: () => new ViewRenderer(panel, known, words) };
  panel.content.rendermime.addFactory(factory, RANK);
}

class ViewRenderer extends Panel implements IRenderMime.IRenderer {
  private drawn: IRenderMime.IRenderer | null = null;
  private card: LiveCard | null = null;
  private live: Widget | null = null;

  constructor(
    private readonly panel: NotebookPanel,
    private readonly known: Known,
    private readonly words: Words
  ) {
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
    const card = readCard(model.data[VIEW]);
    if (card && !this.isDisposed) return this.keepUp(card);
    // a kernel may be there from before the page was loaded; one that is busy answers late, and nobody waits for it
    if (canLive) void this.isInKernel(id).then(isThere => (isThere ? this.draw(WIDGET, model) : undefined));
  }

  override dispose(): void {
    this.card?.dispose();
    super.dispose();
  }

  protected override onAfterAttach(): void {
    // now it stands in a cell
    this.card?.draw();
  }

  /** Say how the node is by now, in the place of how it was. */
  private keepUp(card: Card): void {
    this.card?.dispose();
    this.live?.dispose();
    const [before, live] = [this.drawn, new Widget()];
    this.card = new LiveCard(card, () => this.cell, this.known, this.words, isTold => {
      before?.setHidden(isTold);
      live.setHidden(!isTold);
    });
    live.node.append(this.card.element);
    this.addWidget((this.live = live));
  }

  /** The id of the cell that it stands in. */
  private get cell(): string | undefined {
    let above: Widget | null = this;
    while (above && !(above instanceof Cell)) above = above.parent;
    return above?.model.id;
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
