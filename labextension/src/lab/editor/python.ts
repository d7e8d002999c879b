/**
 * The Python of a cell below its declaring line. JupyterLab parses all of a cell as Python, where a bracket or a quote on
 * a `%%helix` line swallows what follows: to the parser that line is a comment.
 */
import { Language, language } from '@codemirror/language';
import { Compartment, Prec, type Extension } from '@codemirror/state';
import { ViewPlugin, type EditorView, type ViewUpdate } from '@codemirror/view';
import { Parser, type Input, type PartialParse, type TreeFragment } from '@lezer/common';
import { declaredUpTo, LONGEST } from './declaration';

type Ranges = readonly { from: number; to: number }[];

class Masked implements Input {
  constructor(
    private readonly input: Input,
    private readonly end: number
  ) {}

  get length(): number {
    return this.input.length;
  }

  get lineChunks(): boolean {
    return this.input.lineChunks;
  }

  chunk(from: number): string {
    return this.mask(this.input.chunk(from), from);
  }

  read(from: number, to: number): string {
    return this.mask(this.input.read(from, to), from);
  }

  private mask(text: string, from: number): string {
    const masked = Math.max(this.end - from, 0);
    return masked ? text.slice(0, masked).replace(/[^\n]/g, '#') + text.slice(masked) : text;
  }
}

export class BelowDeclaration extends Parser {
  constructor(private readonly python: Parser) {
    super();
  }

  createParse(input: Input, fragments: readonly TreeFragment[], ranges: Ranges): PartialParse {
    const end = declaredUpTo(input.read(0, Math.min(LONGEST, input.length)));
    return this.python.startParse(end ? new Masked(input, end) : input, fragments, ranges);
  }
}

/** Let an editor read its Python so, as long as its language is that; `languageChanged` calls back when that may be another. */
export function pythonBelow(languageChanged: (changed: () => void) => () => void): Extension {
  const own = new Compartment();

  class Follower {
    private ours: Language | null = null;
    private readonly leave: () => void;

    constructor(private readonly view: EditorView) {
      this.leave = languageChanged(() => this.set(null));
      this.look();
    }

    update({ state, startState }: ViewUpdate): void {
      if (state.facet(language) !== startState.facet(language)) this.look();
    }

    destroy(): void {
      this.leave();
    }

    private look(): void {
      const found = this.view.state.facet(language);
      if (found && found !== this.ours && found.name === 'python') this.set(new Language(found.data, new BelowDeclaration(found.parser), [], 'python'));
    }

    private set(ours: Language | null): void {
      if (ours === this.ours) return;
      this.ours = ours;
      // an editor takes no change while it is being changed
      queueMicrotask(() => this.view.dispatch({ effects: own.reconfigure(ours ? Prec.highest(ours.extension) : []) }));
    }
  }

  return [own.of([]), ViewPlugin.fromClass(Follower)];
}
