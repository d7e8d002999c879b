/** What the editors of cells get: the declaring line's colours, Python below it, and what is said of names. */
import { EditorExtensionRegistry, type IEditorExtensionRegistry } from '@jupyterlab/codemirror';
import type { Words } from '../sidebar/words';
import { highlight } from './highlight';
import { hover, type Home } from './hover';
import { pythonBelow } from './python';

const PYTHON = ['text/x-ipython', 'text/x-python'];

/** `homeOf` gives the notebook of a cell. */
export function extendEditors(registry: IEditorExtensionRegistry, homeOf: (cell: string) => Home | undefined, words: Words): void {
  registry.addExtension({
    name: 'helix-jupyter:cells',
    factory: ({ inline, model }) => {
      // files have editors, too; only those of cells know a cell's id
      const id = (model as { id?: unknown }).id;
      if (inline === false || typeof id !== 'string') return null;
      const languageChanged = (changed: () => void): (() => void) => {
        const slot = (): void => {
          if (!PYTHON.includes(model.mimeType)) changed();
        };
        model.mimeTypeChanged.connect(slot);
        return () => void model.mimeTypeChanged.disconnect(slot);
      };
      return EditorExtensionRegistry.createImmutableExtension([highlight, pythonBelow(languageChanged), hover(id, homeOf, words)]);
    }
  });
}
