/** Questions and answers over whatever carries messages both ways: what the hosts of all shells are made of. */

interface Waiting {
  resolve(answer: unknown): void;
  reject(problem: Error): void;
  timer: ReturnType<typeof setTimeout> | undefined;
}

// A front end without subshells, or a kernel of before them, hears of nothing while a cell runs: then it is interrupted
// from outside.
const STOP_PATIENCE = 500;

export class Questions {
  private readonly waiting = new Map<number, Waiting>();
  private count = 0;

  constructor(private readonly send: (message: { ask: string; id: number }) => void) {}

  /** Ask; without `patience` (milliseconds) it is waited for as long as it takes. */
  ask<Answer>(question: string, details: Record<string, unknown> = {}, patience = 0): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const id = ++this.count;
      const giveUp = (): void => {
        this.waiting.delete(id);
        reject(new Error('The kernel does not answer: it is busy, or no longer there.'));
      };
      const timer = patience ? setTimeout(giveUp, patience) : undefined;
      this.waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject, timer });
      this.send({ ask: question, id, ...details });
    });
  }

  /** Stop the run that is underway: by asking, else by `interrupt`. */
  async stop(interrupt: () => Promise<void>): Promise<void> {
    try {
      await this.ask('stop', {}, STOP_PATIENCE);
    } catch {
      await interrupt();
    }
  }

  /** A message came; what is no answer to a question of ours is left alone. */
  heard(message: unknown): void {
    const { answer, data, problem } = (message ?? {}) as { answer?: number; data?: unknown; problem?: string };
    const one = typeof answer === 'number' ? this.waiting.get(answer) : undefined;
    if (!one) return;
    this.waiting.delete(answer!);
    clearTimeout(one.timer);
    if (problem) one.reject(new Error(problem));
    else one.resolve(data);
  }

  /** Nobody will answer any more; without a `problem` nobody waits either. */
  end(problem?: string): void {
    for (const { timer, reject } of this.waiting.values()) {
      clearTimeout(timer);
      if (problem) reject(new Error(problem));
    }
    this.waiting.clear();
  }
}
