/** Two texts of code beside each other in CodeMirror's merge view. A chunk of its own: it is loaded when first shown. */
import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { jupyterTheme, type IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import type { Texts } from './texts';

export interface MergeOptions {
  /** How the sides are called for those who do not see them. */
  labels: [before: string, after: string];
  languages: IEditorLanguageRegistry | null;
}

// equal lines that stay around a change, and that are worth folding away
const FOLDED = { margin: 3, minSize: 4 };
// below this many pixels two columns are too narrow to read
const NARROW = 560;
// a text that differs everywhere would else be compared for long
const DIFFED = { scanLimit: 2_000, timeout: 500 };

export interface Drawn {
  destroy(): void;
  /** Bring a line of the earlier text into sight, counted from 1. */
  reveal(line: number): void;
}

/** Draw into `parent`. */
export async function merge(parent: HTMLElement, { before, after }: Texts, options: MergeOptions): Promise<Drawn> {
  const python = (await options.languages?.getLanguage('python'))?.support;
  const shared = [lineNumbers(), EditorState.readOnly.of(true), EditorView.editable.of(false), jupyterTheme, python ?? []];
  const side = (at: 0 | 1): Extension[] => [...shared, EditorView.contentAttributes.of({ 'aria-label': options.labels[at], tabindex: '0' })];
  if (before === null || after === null) {
    const alone = before === null ? 1 : 0;
    parent.classList.add(alone ? 'helix-added' : 'helix-removed');
    return drawn(new EditorView({ parent, doc: before ?? after ?? '', extensions: side(alone) }));
  }
  if (parent.clientWidth && parent.clientWidth < NARROW) {
    const unified = unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: FOLDED, diffConfig: DIFFED });
    return drawn(new EditorView({ parent, doc: after, extensions: [...side(1), EditorView.lineWrapping, unified] }));
  }
  const pair = { a: { doc: before, extensions: side(0) }, b: { doc: after, extensions: side(1) } };
  const view = new MergeView({ parent, ...pair, gutter: true, highlightChanges: true, collapseUnchanged: FOLDED, diffConfig: DIFFED });
  return drawn(view.a, () => view.destroy());
}

function drawn(view: EditorView, destroy = () => view.destroy()): Drawn {
  const reveal = (line: number): void => {
    const { doc } = view.state;
    const { from } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    view.dispatch({ effects: EditorView.scrollIntoView(from, { y: 'start', yMargin: 8 }) });
  };
  return { destroy, reveal };
}
