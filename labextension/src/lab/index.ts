/** The extension: makes its parts and connects them with the application. */
import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IEditorExtensionRegistry, IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { ICompletionProviderManager } from '@jupyterlab/completer';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Panels } from './badges/panels';
import { Commands } from './commands';
import { NodeCompletions } from './editor/completion';
import { extendEditors } from './editor/editor';
import { helixIcon } from './icons';
import { Links } from './links';
import { takeOffers } from './offers';
import { renderViews } from './renderer';
import { follow } from './settings';
import { Sidebar } from './sidebar/sidebar';
import { Tabs } from './tabs/tabs';

const CATEGORY = 'Helix';
// behind what JupyterLab has there itself
const RANK = 850;

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'helix-jupyter:plugin',
  description: 'The workflow of a notebook: a sidebar, commands, and views of what is shown',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [
    ILayoutRestorer,
    ICommandPalette,
    ITranslator,
    ISettingRegistry,
    IEditorExtensionRegistry,
    ICompletionProviderManager,
    IEditorLanguageRegistry
  ],
  activate(
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null,
    registry: ISettingRegistry | null,
    editors: IEditorExtensionRegistry | null,
    completions: ICompletionProviderManager | null,
    languages: IEditorLanguageRegistry | null
  ) {
    const words = (translator ?? nullTranslator).load('helix_jupyter');
    const links = new Links(tracker);
    const commands = new Commands(app, tracker, links, languages, words);
    const panels = new Panels(tracker, links, words, (panel, node) => {
      app.shell.activateById(panel.id);
      void app.commands.execute('helix:show-dag', { node });
    });
    const sidebar = new Sidebar(words, panel => links.of(panel), panel => commands.deedsFor(panel), panel => panels.drafts(panel), helixIcon);
    const tabs = new Tabs(app, tracker, links, languages, words, {
      load: panel => commands.deedsFor(panel).load(),
      take: (panel, offer) => commands.take(panel, offer)
    });
    commands.sidebar = sidebar;
    commands.tabs = tabs;
    commands.panels = panels;
    if (editors) extendEditors(editors, cell => panels.homeOf(cell), words);
    completions?.registerProvider(new NodeCompletions(words, panel => panels.drafts(panel)));
    for (const command of commands.register()) palette?.addItem({ command, category: CATEGORY });

    app.shell.add(sidebar, 'left', { rank: RANK, type: 'Helix' });
    restorer?.add(sidebar, sidebar.id);
    if (restorer) tabs.restore(restorer);
    tracker.currentChanged.connect((_, panel) => sidebar.follow(panel));
    sidebar.follow(tracker.currentWidget);
    const render = (panel: NotebookPanel): void => renderViews(panel, panels.drafts(panel), words);
    tracker.forEach(render);
    tracker.widgetAdded.connect((_, panel) => render(panel));
    // an output has room for a comparison below its list
    takeOffers(tracker, links, (panel, offer) => (offer.what === 'checkout' ? commands.take(panel, offer) : null));
    void follow(registry, plugin.id, app, sidebar, links, commands, panels);
  }
};

export default plugin;
