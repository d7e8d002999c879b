/** Questions and answers over a widget's custom messages, and the two ways to stop a run. */
import type { Host } from '../views/host';

/** As much of anywidget's model as is used. */
export interface Model {
  get(name: string): unknown;
  on(event: string, handler: (...values: never[]) => void): void;
  off(event: string, handler: (...values: never[]) => void): void;
  send(content: unknown): void;
  /** JupyterLab and Notebook let one reach the kernel through this; others need not. */
  widget_manager?: unknown;
}

interface Waiting {
  resolve(answer: unknown): void;
  reject(problem: Error): void;
  timer: ReturnType<typeof setTimeout> | undefined;
}

// A front end without subshells, or a kernel of before them, hears of nothing while a cell runs: then it is interrupted
// from outside.
const STOP_PATIENCE = 500;

export function hostOf(model: Model): Host & { dispose(): void } {
  const waiting = new Map<number, Waiting>();
  let count = 0;

  const heard = (message: unknown): void => {
    const { answer, data, problem } = (message ?? {}) as { answer?: number; data?: unknown; problem?: string };
    const one = typeof answer === 'number' ? waiting.get(answer) : undefined;
    if (!one) return;
    waiting.delete(answer!);
    clearTimeout(one.timer);
    if (problem) one.reject(new Error(problem));
    else one.resolve(data);
  };
  model.on('msg:custom', heard);

  const ask = <Answer>(question: string, details: Record<string, unknown> = {}, patience = 0): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const id = ++count;
      const giveUp = (): void => {
        waiting.delete(id);
        reject(new Error('The kernel does not answer: it is busy, or no longer there.'));
      };
      const timer = patience ? setTimeout(giveUp, patience) : undefined;
      waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject, timer });
      model.send({ ask: question, id, ...details });
    });

  return {
    ask: (question, details) => ask(question, details),
    async stop() {
      try {
        await ask('stop', {}, STOP_PATIENCE);
      } catch {
        await interrupt(model.widget_manager);
      }
    },
    dispose() {
      model.off('msg:custom', heard);
      for (const { timer } of waiting.values()) clearTimeout(timer);
      waiting.clear();
    }
  };
}

async function interrupt(manager: unknown): Promise<void> {
  const kernel = (manager as { kernel?: { interrupt?(): Promise<void> } } | undefined)?.kernel;
  if (typeof kernel?.interrupt !== 'function') throw new Error('This front end cannot stop it from here: use its own stop button.');
  await kernel.interrupt();
}
