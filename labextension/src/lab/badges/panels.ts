/** What is known of the cells of each notebook that is open, and their badges. */
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { Drafts } from '../drafts/drafts';
import type { Home } from '../editor/hover';
import type { Links } from '../links';
import type { Words } from '../sidebar/words';
import { visit } from '../visit';
import { Badges } from './badges';

export class Panels {
  private areShown = true;
  private readonly badges = new Map<NotebookPanel, Badges>();

  /** `open` shows a node of a notebook in its workflow. */
  constructor(
    tracker: INotebookTracker,
    private readonly links: Links,
    private readonly words: Words,
    private readonly open: (panel: NotebookPanel, node: string) => void
  ) {
    tracker.widgetAdded.connect((_, panel) => this.add(panel));
    tracker.forEach(panel => void this.add(panel));
  }

  /** Whether cells have badges. */
  set shown(shown: boolean) {
    this.areShown = shown;
    for (const badges of this.badges.values()) badges.shown = shown;
  }

  drafts(panel: NotebookPanel): Drafts {
    return this.add(panel).drafts;
  }

  /** Go to the cell of a node; false where there is none. */
  visit(panel: NotebookPanel, node: string): Promise<boolean> {
    return visit(panel, node, this.links.of(panel), this.drafts(panel));
  }

  /** The notebook that has this cell, for what stands in its editor. */
  homeOf(cell: string): Home | undefined {
    for (const [panel, { drafts }] of this.badges) {
      if (!panel.content.widgets.some(({ model }) => model.id === cell)) continue;
      return { drafts, open: node => this.open(panel, node), visit: node => void this.visit(panel, node) };
    }
    return undefined;
  }

  private add(panel: NotebookPanel): Badges {
    const known = this.badges.get(panel);
    if (known) return known;
    const made = new Badges(panel, this.links.of(panel), this.words, node => this.open(panel, node));
    made.shown = this.areShown;
    this.badges.set(panel, made);
    panel.disposed.connect(() => {
      made.dispose();
      this.badges.delete(panel);
    });
    return made;
  }
}
