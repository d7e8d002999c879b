/** Questions and answers over a widget's custom messages, and the two ways to stop a run. */
import { linkBeside } from '../views/files';
import type { Host } from '../views/host';
import { Questions } from '../views/questions';

/** As much of anywidget's model as is used. */
export interface Model {
  get(name: string): unknown;
  on(event: string, handler: (...values: never[]) => void): void;
  off(event: string, handler: (...values: never[]) => void): void;
  send(content: unknown): void;
  /** JupyterLab and Notebook let one reach the kernel through this; others need not. */
  widget_manager?: unknown;
}

/** `lost` is called when there is no kernel any more that could be asked, with the words that questions are refused with. */
export function hostOf(model: Model, lost: (words: string) => void = () => undefined): Host & { dispose(): void } {
  const questions = new Questions(message => {
    try {
      model.send(message);
    } catch {
      const words = goneWords(model.get('kind'));
      lost(words);
      throw new Error(words);
    }
  });
  const heard = (message: unknown): void => questions.heard(message);
  // JupyterLab and Notebook say so when the kernel has restarted; elsewhere the next question finds out
  const changed = (): void => void questions.ask('run').catch(() => undefined);
  model.on('msg:custom', heard);
  model.on('comm_live_update', changed);
  return {
    ask: (question, details) => questions.ask(question, details),
    stop: () => questions.stop(() => interrupt(model.widget_manager)),
    link: path => linkBeside((model.widget_manager as { context?: { path?: unknown } } | undefined)?.context?.path, path),
    dispose() {
      model.off('msg:custom', heard);
      model.off('comm_live_update', changed);
      questions.end();
    }
  };
}

const COMMANDS: Record<string, string> = { dag: '%helix dag', versions: '%helix versions', diff: '%helix diff', comparison: '%helix diff', explore: '%helix plan --explore' };

function goneWords(kind: unknown): string {
  const command = typeof kind === 'string' && Object.hasOwn(COMMANDS, kind) ? COMMANDS[kind] : 'the cell';
  return `The kernel was restarted, or is gone: run ${command} again to go on.`;
}

async function interrupt(manager: unknown): Promise<void> {
  const kernel = (manager as { kernel?: { interrupt?(): Promise<void> } } | undefined)?.kernel;
  if (typeof kernel?.interrupt !== 'function') throw new Error('This front end cannot stop it from here: use its own stop button.');
  await kernel.interrupt();
}
