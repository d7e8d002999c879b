/** The commands: what each is called, and what it does with the notebook that is active. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { InputDialog, Notification } from '@jupyterlab/apputils';
import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { LabIcon } from '@jupyterlab/ui-components';
import type { ReadonlyJSONObject, ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { linkBeside } from '../views/files';
import type { Offer } from '../views/offers';
import { adopt } from './adopt/adopt';
import type { Panels } from './badges/panels';
import { drop, load, nodeOf, runAll, runToCell } from './deeds';
import type { Drafts } from './drafts/drafts';
import { rowLine, versionRows } from './history';
import { helixIcon, runIcon } from './icons';
import type { Link } from './link';
import type { Links } from './links';
import { restore } from './restore/restore';
import type { Sidebar } from './sidebar/sidebar';
import type { Deeds } from './sidebar/workbench';
import type { Words } from './sidebar/words';
import type { Kind } from './tabs/kinds';
import type { Tabs } from './tabs/tabs';
import type { Versions } from './wire';

// milliseconds that an offer stays
const OFFERED = 10_000;

// and after which it is said that a command waits
const LATE = 500;
// commands that say or do something also where the extension is not loaded
const NEEDS_NONE = new Set(['helix:show-dag', 'helix:adopt', 'helix:stop']);

type Arguments = ReadonlyPartialJSONObject;

export class Commands {
  /** Set once there are such: they need the deeds, which need them to say what went wrong. */
  sidebar: Sidebar | null = null;
  /** The same of what is known of cells. */
  panels: Panels | null = null;
  tabs: Tabs | null = null;
  /** Whether a run declares cells first that were edited. */
  declaresEdited = true;

  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly tracker: INotebookTracker,
    private readonly links: Links,
    private readonly languages: IEditorLanguageRegistry | null,
    private readonly words: Words
  ) {}

  /** Register all of them; gives their names, for the palette. */
  register(): string[] {
    const { words } = this;
    const added = [
      this.add('helix:run', words.__('Run Workflow'), words.__('Bring the workflow up to date'), (panel, link) => this.run(panel, link), runIcon),
      this.add(
        'helix:run-to-cell',
        words.__('Run to This Cell'),
        words.__("Declare this cell's node and bring it up to date, with what it needs"),
        (panel, link) => runToCell(panel, link, words, this.drafts(panel))
      ),
      this.add('helix:plan', words.__('Show Plan'), words.__('What the next run would do, and why'), () => this.plan()),
      this.add('helix:stop', words.__('Stop Run'), words.__('Stop the run that is underway'), (_, link) => link.stop()),
      this.add(
        'helix:show-dag',
        words.__('Show Workflow'),
        words.__('Open the sidebar with the workflow of this notebook'),
        (_, __, { node }) => this.reveal(typeof node === 'string' ? node : null),
        helixIcon
      ),
      this.add(
        'helix:explain-cell',
        words.__('Explain This Cell'),
        words.__("What is known of this cell's node, and why it would run or not"),
        async (panel, link) => this.reveal(await nodeOf(panel.content.activeCell, link, words))
      ),
      this.add(
        'helix:compare',
        words.__('Compare Versions'),
        words.__('Two versions side by side: the current one and its parent, unless told otherwise'),
        (panel, link, { before, after }) => this.compare(panel, link, [before, after])
      ),
      this.add('helix:versions', words.__('Browse Versions'), words.__('All versions of this workflow, with their metrics'), panel =>
        this.show(panel, 'versions')
      ),
      this.add(
        'helix:explore',
        words.__('Explore Plan (What If)'),
        words.__('What another budget, policy or choice of nodes would change of the next run and what it keeps'),
        panel => this.show(panel, 'explore')
      ),
      this.add(
        'helix:checkout',
        words.__('Check Out Version…'),
        words.__("Bring a version's code back into the cells, and make its declarations the workflow"),
        (panel, link, { version }) => this.checkout(panel, link, version)
      ),
      this.add('helix:adopt', words.__('Adopt This Notebook…'), words.__('Put %1 lines on the cells of an ordinary notebook', '%%helix'), (panel, link) =>
        this.adopt(panel, link)
      )
    ];
    return added;
  }

  /** What a view would rather have done by the page around it: see `views/offers.ts`. */
  take(panel: NotebookPanel, { what, versions }: Offer): Offer['taken'] {
    if (what === 'checkout') return this.restore(panel, this.links.of(panel), versions[0]);
    this.show(panel, 'compare', [...versions]);
    return Promise.resolve();
  }

  /** The same for the buttons of a notebook's sidebar. */
  deedsFor(panel: NotebookPanel): Deeds {
    const link = this.links.of(panel);
    const declares = (): boolean => this.declaresEdited;
    return {
      get declaresEdited() {
        return declares();
      },
      run: () => void this.attempt(this.run(panel, link)),
      stop: () => void this.attempt(link.stop()),
      load: () => this.attempt(load(link, this.words)),
      drop: nodes => void this.attempt(drop(link, nodes)),
      compare: (before, after) => this.show(panel, 'compare', [before, after]),
      checkout: version => void this.attempt(this.restore(panel, link, version)),
      visit: node => void this.panels?.visit(panel, node),
      browse: () => this.show(panel, 'versions'),
      explore: () => this.show(panel, 'explore'),
      link: path => linkBeside(panel.context.path, path)
    };
  }

  private add(
    id: string,
    label: string,
    caption: string,
    act: (panel: NotebookPanel, link: Link, given: Arguments) => Promise<string[] | void> | void,
    icon?: LabIcon
  ): string {
    this.app.commands.addCommand(id, {
      label,
      caption,
      icon: args => (args.toolbar ? icon : undefined),
      isEnabled: () => this.tracker.currentWidget !== null,
      describedBy: { args: { type: 'object', properties: ARGUMENTS[id] ?? {} } },
      execute: async given => {
        const panel = this.tracker.currentWidget;
        if (!panel) return;
        const link = this.links.of(panel);
        await link.settled();
        if (link.state === 'unloaded' && !NEEDS_NONE.has(id)) await this.rested(panel, link, label);
        // what looks at cells alone needs no workflow
        const isEnough = link.state === 'loaded' || (link.state === 'unloaded' && id === 'helix:adopt');
        if (!isEnough) return id === 'helix:show-dag' ? this.open() : this.refuse(panel, link);
        await this.attempt(Promise.resolve(act(panel, link, given)));
      }
    });
    return id;
  }

  /** A cell that is underway may be the one that loads the extension: wait for it, and say so where that takes its time. */
  private async rested(panel: NotebookPanel, link: Link, label: string): Promise<void> {
    const { words } = this;
    let said = '';
    const late = setTimeout(() => {
      said = Notification.info(words.__('%1 waits for the cells that run in %2: one may load helix_jupyter.', label.replace(/…$/, ''), nameOf(panel)), { autoClose: false });
    }, LATE);
    await link.rested();
    clearTimeout(late);
    if (said) Notification.dismiss(said);
  }

  /** The sidebar says why nothing can be done; where loading is all that is missing, a notification offers it. */
  private refuse(panel: NotebookPanel, link: Link): void {
    const { words } = this;
    if (link.state !== 'unloaded') return this.open();
    const offer = Notification.warning(words.__('helix_jupyter is not loaded in the kernel of %1.', nameOf(panel)), {
      autoClose: OFFERED,
      actions: [{ label: words.__('Load'), displayType: 'accent', callback: () => void this.attempt(load(link, words)) }]
    });
    const changed = (): void => {
      if (link.state !== 'loaded') return;
      link.changed.disconnect(changed);
      Notification.dismiss(offer);
    };
    link.changed.connect(changed);
  }

  /** What was said, and what went wrong, is said in the sidebar: opened for what went wrong. */
  private async attempt(deed: Promise<string[] | void>): Promise<void> {
    try {
      const said = await deed;
      if (said) this.sidebar?.bench?.say(...said);
    } catch (problem) {
      this.open();
      this.sidebar?.bench?.say(problem instanceof Error ? problem.message : String(problem));
    }
  }

  private restore(panel: NotebookPanel, link: Link, version: number): Promise<string[] | void> {
    return restore(panel, link, version, this.words, line => this.sidebar?.bench?.unsay(line));
  }

  private run(panel: NotebookPanel, link: Link): Promise<string[]> {
    return runAll(panel, link, this.words, this.drafts(panel));
  }

  /** What is known of a notebook's cells, where a run is to declare those that were edited. */
  private drafts(panel: NotebookPanel): Drafts | null {
    return this.declaresEdited && this.panels ? this.panels.drafts(panel) : null;
  }

  private open(): void {
    if (this.sidebar) this.app.shell.activateById(this.sidebar.id);
  }

  private plan(): void {
    this.open();
    this.sidebar?.bench?.plan();
  }

  private reveal(node: string | null): void {
    this.open();
    if (node !== null) this.sidebar?.bench?.reveal(node);
  }

  /** Two versions in a tab; where they are not given, the current one and the one that it was made from. */
  private async compare(panel: NotebookPanel, link: Link, given: unknown[]): Promise<void> {
    const { words } = this;
    const chosen = given.filter(one => typeof one === 'number');
    if (chosen.length === 2) return this.show(panel, 'compare', chosen);
    // a run that ended just now is shown a moment later
    const { versions, current } = await link.ask<Pick<Versions, 'versions' | 'current'>>('history');
    const after = versions.find(one => one.id === current) ?? versions.at(-1);
    const before = chosen[0] ?? after?.parent ?? versions.filter(one => one.id !== after?.id).at(-1)?.id;
    if (after === undefined || before === undefined || before === after.id) throw new Error(words.__('There are no two versions to compare yet. Each run makes one.'));
    this.show(panel, 'compare', [before, after.id]);
  }

  private show(panel: NotebookPanel, kind: Kind, versions: number[] = []): void {
    this.tabs?.open({ kind, path: panel.context.path, versions });
  }

  private adopt(panel: NotebookPanel, link: Link): Promise<void> {
    return adopt(this.app, panel, link, this.languages, this.words);
  }

  private async checkout(panel: NotebookPanel, link: Link, version: unknown): Promise<string[] | void> {
    const { words } = this;
    if (typeof version === 'number') return this.restore(panel, link, version);
    const listed = link.document.versions ? versionRows(link.document.versions) : [];
    if (!listed.length) throw new Error(words.__('There is no version yet. Each run makes one.'));
    const items = listed.map(row => rowLine(row, Date.now() / 1000));
    const chosen = await InputDialog.getItem({ title: words.__('Check out which version?'), items, okLabel: words.__('Check Out') });
    const at = chosen.value === null ? -1 : items.indexOf(chosen.value);
    if (chosen.button.accept && at >= 0) return this.restore(panel, link, listed[at].id);
  }
}

function nameOf(panel: NotebookPanel): string {
  return panel.context.localPath.split('/').pop()!;
}

const ARGUMENTS: Record<string, ReadonlyJSONObject> = {
  'helix:show-dag': { node: { type: 'string', description: 'A node to go to' } },
  'helix:compare': { before: { type: 'number', description: 'A version' }, after: { type: 'number', description: 'Another version' } },
  'helix:checkout': { version: { type: 'number', description: 'The version; it is asked for where none is given' } }
};
