/** The tabs that are open: opened, found again, restored with the layout, brought together with their notebooks. */
import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { UUID } from '@lumino/coreutils';
import { OFFER, type Offer } from '../../views/offers';
import { helixIcon } from '../icons';
import type { Links } from '../links';
import type { Words } from '../sidebar/words';
import { keyOf, readArguments, type TabArguments, type Wanted } from './kinds';
import { Tab } from './tab';
import { widen } from './wide';

// not in the palette: it is what a saved layout says
const COMMAND = 'helix:open-tab';
// of a page whose main area holds the notebook alone: code stands side by side, and the notebook beside can still be read
const WIDE = 0.6;

export interface TabDeeds {
  load(panel: NotebookPanel): Promise<void>;
  /** Do what a view offers; null where it is to do it itself. */
  take(panel: NotebookPanel, offer: Offer): Offer['taken'];
}

export class Tabs {
  private readonly tabs = new WidgetTracker<Tab>({ namespace: 'helix-tabs' });

  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly notebooks: INotebookTracker,
    private readonly links: Links,
    private readonly languages: IEditorLanguageRegistry | null,
    private readonly words: Words,
    private readonly deeds: TabDeeds
  ) {
    app.commands.addCommand(COMMAND, { execute: given => this.make(readArguments(given)) });
    notebooks.widgetAdded.connect((_, panel) => this.tabs.forEach(tab => this.bring(tab, panel)));
  }

  /** Bring back those that were open when the page was left. */
  restore(restorer: ILayoutRestorer): void {
    void restorer.restore(this.tabs, { command: COMMAND, args: tab => ({ ...tab.given }), name: tab => tab.given.id });
  }

  /** Open one beside its notebook, or go to it where it is open. */
  open(wanted: Wanted): void {
    const open = this.tabs.find(tab => keyOf(tab.given) === keyOf(wanted)) ?? this.make({ ...wanted, id: UUID.uuid4() });
    this.app.shell.activateById(open.id);
    if (!this.isInMain(open)) widen(open, WIDE);
  }

  private make(given: TabArguments): Tab {
    const { app } = this;
    const tab = new Tab(given, this.languages, this.words, {
      load: panel => this.deeds.load(panel),
      open: path => app.commands.execute('docmanager:open', { path }),
      moved: moved => void this.tabs.save(moved)
    });
    tab.title.icon = helixIcon;
    tab.node.addEventListener(OFFER, event => {
      const { detail } = event as CustomEvent<Offer>;
      if (tab.panel) detail.taken = this.deeds.take(tab.panel, detail);
      event.stopPropagation();
    });
    this.place(tab);
    void this.tabs.add(tab);
    const panel = this.notebooks.find(one => one.context.path === given.path);
    if (panel) this.bring(tab, panel);
    else void app.restored.then(() => !tab.isDisposed && !tab.panel && tab.miss());
    return tab;
  }

  private bring(tab: Tab, panel: NotebookPanel): void {
    if (!tab.panel && panel.context.path === tab.given.path) tab.follow(panel, this.links.of(panel));
  }

  private isInMain(tab: Tab): boolean {
    return [...this.app.shell.widgets('main')].includes(tab);
  }

  private place(tab: Tab): void {
    const { shell } = this.app;
    const isOfIt = (one: Tab): boolean => one.given.path === tab.given.path && one.isAttached;
    const beside = this.tabs.find(isOfIt) ?? this.notebooks.find(one => one.context.path === tab.given.path);
    // code and curves beside each other need the width of the page
    shell.add(tab, 'main', { ref: beside?.id, mode: 'tab-after', type: 'Helix' });
    if (this.isInMain(tab)) return;
    // Notebook's main area has room for the notebook alone, and nothing can be closed in its side area
    this.tabs.forEach(one => one !== tab && one.dispose());
    shell.add(tab, 'right');
  }
}
