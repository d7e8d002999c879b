/** What one can set, by `schema/plugin.json`. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { Widget } from '@lumino/widgets';
import type { Panels } from './badges/panels';
import type { Commands } from './commands';
import type { Links } from './links';

/** Follow the settings; without a registry they are as the schema has them by default. */
export async function follow(
  registry: ISettingRegistry | null,
  id: string,
  app: JupyterFrontEnd,
  sidebar: Widget,
  links: Links,
  commands: Commands,
  panels: Panels
): Promise<void> {
  if (!registry) return;
  const [settings] = await Promise.all([registry.load(id), app.restored]);
  const read = (): void => {
    links.loadsItself = settings.get('loadItself').composite === true;
    commands.declaresEdited = settings.get('declareEditedCells').composite !== false;
    panels.shown = settings.get('showBadges').composite !== false;
  };
  settings.changed.connect(read);
  read();
  if (settings.get('openAtStart').composite === true) app.shell.activateById(sidebar.id);
}
