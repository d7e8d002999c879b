/** What can be done with a version: each is asked of the kernel, what cannot be undone after a question, and told of. */
import type { Host } from './host';
import type { Offer } from './offers';
import { line, plural } from './text';
import type { Word } from './versions_bar';
import type { PanelActions } from './versions_panel';

/** What the view does around it. */
export interface Around {
  close(): void;
  /** A version was deleted. */
  gone(id: number): void;
  open(id: number): void;
  /** Something was said of a version. */
  said(): void;
  /** How a version is called in a sentence. */
  called(id: number): string;
  /** Let the page around do it, where there is one that does. */
  offer(what: Offer['what'], versions: readonly number[]): Offer['taken'];
}

export class Deeds implements PanelActions {
  constructor(
    private readonly host: Host,
    private readonly word: Word,
    private readonly around: Around
  ) {}

  /** The kernel's answer, or null once its problem was told. */
  async tell(question: string, given: Record<string, unknown>): Promise<unknown> {
    try {
      return (await this.host.ask(question, given)) ?? {};
    } catch (problem) {
      this.word.say(words(problem), true);
      return null;
    }
  }

  close(): void {
    this.around.close();
  }

  open(id: number): void {
    this.around.open(id);
  }

  async annotate(id: number, said: Record<string, unknown>): Promise<void> {
    if ((await this.tell('annotate', { version: id, ...said })) !== null) this.around.said();
  }

  remove(id: number): void {
    const more = 'What was made from it counts as made from the one before; its values stay until %helix gc.';
    this.word.ask(`Delete ${this.around.called(id)}? ${more}`, 'Delete', async () => {
      if ((await this.tell('delete', { versions: [id] })) === null) return;
      this.around.gone(id);
      this.word.say(`v${id} is deleted.`);
    });
  }

  checkout(id: number): void {
    const taken = this.around.offer('checkout', [id]);
    if (taken) return void taken.then(lines => lines && this.word.say(lines.join(' ')), problem => this.word.say(words(problem), true));
    const more =
      'Its declarations, and the functions and constants that they use, become the workflow’s. The cells keep their text, and values come back with the next run.';
    this.word.ask(`Check out ${this.around.called(id)}? ${more}`, 'Check out', async () => {
      const done = (await this.tell('checkout', { version: id })) as { nodes: number; lines: string[] } | null;
      if (done === null) return;
      this.word.say([`v${id} is checked out: ${plural(done.nodes, 'node')}. %helix run binds its values.`, ...done.lines].join(' '));
      this.around.said();
    });
  }

  async copy(id: number): Promise<void> {
    const answer = (await this.tell('code', { version: id })) as { text: string } | null;
    if (answer === null) return;
    try {
      await navigator.clipboard.writeText(answer.text);
      this.word.say(`The cells of v${id} are in the clipboard.`);
    } catch {
      this.word.offer(answer.text);
    }
  }
}

export function words(problem: unknown): string {
  return line(problem instanceof Error ? problem.message : problem, 600);
}
