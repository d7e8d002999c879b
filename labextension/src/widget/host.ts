/** Questions and answers over a widget's custom messages, and the two ways to stop a run. */
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

export function hostOf(model: Model): Host & { dispose(): void } {
  const questions = new Questions(message => model.send(message));
  const heard = (message: unknown): void => questions.heard(message);
  model.on('msg:custom', heard);
  return {
    ask: (question, details) => questions.ask(question, details),
    stop: () => questions.stop(() => interrupt(model.widget_manager)),
    dispose() {
      model.off('msg:custom', heard);
      questions.end();
    }
  };
}

async function interrupt(manager: unknown): Promise<void> {
  const kernel = (manager as { kernel?: { interrupt?(): Promise<void> } } | undefined)?.kernel;
  if (typeof kernel?.interrupt !== 'function') throw new Error('This front end cannot stop it from here: use its own stop button.');
  await kernel.interrupt();
}
