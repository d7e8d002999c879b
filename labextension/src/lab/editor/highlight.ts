/** The declaring line in colours of its own: names, options and their values. */
import { RangeSetBuilder, type EditorState, type Extension } from '@codemirror/state';
import { Decoration, ViewPlugin, type DecorationSet, type EditorView, type ViewUpdate } from '@codemirror/view';
import { declaredUpTo, declaringWords, LONGEST, type Kind } from './declaration';

const MARKS: Record<Kind, Decoration> = {
  magic: Decoration.mark({ class: 'helix-magic' }),
  name: Decoration.mark({ class: 'helix-name' }),
  option: Decoration.mark({ class: 'helix-option' }),
  value: Decoration.mark({ class: 'helix-value' })
};
const WHOLE = Decoration.mark({ class: 'helix-Declaration' });

class Highlighter {
  decorations: DecorationSet;
  private text: string;

  constructor({ state }: EditorView) {
    this.text = declaringText(state);
    this.decorations = decorate(this.text);
  }

  update({ docChanged, state }: ViewUpdate): void {
    if (!docChanged) return;
    const text = declaringText(state);
    if (text === this.text) return;
    this.text = text;
    this.decorations = decorate(text);
  }
}

function declaringText(state: EditorState): string {
  const start = state.sliceDoc(0, Math.min(LONGEST, state.doc.length));
  return start.slice(0, declaredUpTo(start));
}

function decorate(text: string): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const words = declaringWords(text);
  if (words.length) builder.add(words[0].from, text.length, WHOLE);
  for (const { from, to, kind } of words) builder.add(from, to, MARKS[kind]);
  return builder.finish();
}

export const highlight: Extension = ViewPlugin.fromClass(Highlighter, { decorations: plugin => plugin.decorations });
