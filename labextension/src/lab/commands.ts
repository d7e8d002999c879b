/** The commands: what each is called, and what it does with the notebook that is active. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { InputDialog } from '@jupyterlab/apputils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { LabIcon } from '@jupyterlab/ui-components';
import type { ReadonlyJSONObject, ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { adopt } from './adopt';
import type { Panels } from './badges/panels';
import { checkout, load, nodeOf, run, runToCell } from './deeds';
import { helixIcon, runIcon } from './icons';
import type { Link } from './link';
import type { Links } from './links';
import { showOutput } from './output';
import type { Sidebar } from './sidebar/sidebar';
import type { Deeds } from './sidebar/workbench';
import type { Words } from './sidebar/words';

type Arguments = ReadonlyPartialJSONObject;

export class Commands {
  /** Set once there is one: it needs the deeds, which need it to say what went wrong. */
  sidebar: Sidebar | null = null;
  /** The same of what is known of cells. */
  panels: Panels | null = null;

  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly tracker: INotebookTracker,
    private readonly links: Links,
    private readonly words: Words
  ) {}

  /** Register all of them; gives their names, for the palette. */
  register(): string[] {
    const { words } = this;
    const added = [
      this.add('helix:run', words.__('Run Workflow'), words.__('Bring the workflow up to date'), (_, link) => run(link), runIcon),
      this.add(
        'helix:run-to-cell',
        words.__('Run to This Cell'),
        words.__("Declare this cell's node and bring it up to date, with what it needs"),
        (panel, link) => runToCell(panel, link, words)
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
        (panel, _, { before, after }) => this.compare(panel, before, after)
      ),
      this.add('helix:versions', words.__('Browse Versions'), words.__('All versions of this workflow, with their metrics'), panel =>
        this.show(panel, '%helix versions', words.__('Versions'))
      ),
      this.add(
        'helix:checkout',
        words.__('Check Out Version…'),
        words.__("Make a version's declarations the workflow"),
        (_, link, { version }) => this.checkout(link, version)
      ),
      this.add('helix:adopt', words.__('Adopt This Notebook…'), words.__('Put %1 lines on the cells of an ordinary notebook', '%%helix'), (panel, link) =>
        adopt(this.app, panel, link, words)
      )
    ];
    return added;
  }

  /** The same for the buttons of a notebook's sidebar. */
  deedsFor(panel: NotebookPanel): Deeds {
    const link = this.links.of(panel);
    return {
      run: () => void this.attempt(run(link)),
      stop: () => void this.attempt(link.stop()),
      load: () => this.attempt(load(link, this.words)),
      compare: (before, after) => void this.attempt(this.compare(panel, before, after)),
      checkout: version => void this.attempt(checkout(link, version)),
      visit: node => void this.panels?.visit(panel, node),
      browse: () => void this.attempt(this.show(panel, '%helix versions', this.words.__('Versions')))
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
        // the sidebar says why, and what can be done
        if (link.state !== 'loaded') return this.open();
        await this.attempt(Promise.resolve(act(panel, link, given)));
      }
    });
    return id;
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

  private compare(panel: NotebookPanel, before: unknown, after: unknown): Promise<void> {
    const chosen = [before, after].filter(one => typeof one === 'number');
    const title = chosen.length === 2 ? this.words.__('Versions %1 and %2', ...chosen) : this.words.__('Compare');
    return this.show(panel, ['%helix diff', ...chosen].join(' '), title);
  }

  private show(panel: NotebookPanel, code: string, title: string): Promise<void> {
    return showOutput(this.app, panel, code, { title, icon: helixIcon });
  }

  private async checkout(link: Link, version: unknown): Promise<string[] | void> {
    if (typeof version === 'number') return checkout(link, version);
    const { words } = this;
    const listed = [...(link.document.versions?.versions ?? [])].reverse();
    if (!listed.length) throw new Error(words.__('There is no version yet. Each run makes one.'));
    const items = listed.map(({ id, message, tags }) => [String(id), ...tags, message].filter(Boolean).join(' · '));
    const chosen = await InputDialog.getItem({ title: words.__('Check out which version?'), items, okLabel: words.__('Check Out') });
    const at = chosen.value === null ? -1 : items.indexOf(chosen.value);
    if (chosen.button.accept && at >= 0) return checkout(link, listed[at].id);
  }
}

const ARGUMENTS: Record<string, ReadonlyJSONObject> = {
  'helix:show-dag': { node: { type: 'string', description: 'A node to go to' } },
  'helix:compare': { before: { type: 'number', description: 'A version' }, after: { type: 'number', description: 'Another version' } },
  'helix:checkout': { version: { type: 'number', description: 'The version; it is asked for where none is given' } }
};
