/** One link for each notebook that is open. */
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { LOAD } from './deeds';
import { Link } from './link';

export class Links {
  private readonly links = new Map<NotebookPanel, Link>();
  private loads = false;

  constructor(tracker: INotebookTracker) {
    tracker.widgetAdded.connect((_, panel) => void this.of(panel));
    tracker.forEach(panel => void this.of(panel));
    // a page that is left or loaded anew is told nothing more
    window.addEventListener('pagehide', () => this.links.forEach(link => link.dispose()));
  }

  /** Whether the extension is loaded into every Python kernel without being asked for. */
  set loadsItself(loads: boolean) {
    this.loads = loads;
    for (const link of this.links.values()) this.load(link);
  }

  /** The link of a notebook; it is made with it and goes with it. */
  of(panel: NotebookPanel): Link {
    const known = this.links.get(panel);
    if (known) return known;
    const link = new Link(panel.sessionContext);
    this.links.set(panel, link);
    link.changed.connect((_, parts) => {
      if (parts === null) this.load(link);
    });
    panel.disposed.connect(() => {
      link.dispose();
      this.links.delete(panel);
    });
    return link;
  }

  private load(link: Link): void {
    // where the package is not installed the sidebar goes on to offer it
    if (this.loads && link.state === 'unloaded') void link.run(LOAD, true).catch(() => undefined);
  }
}
