/** What every view is to a shell: an element that draws documents, and hears of runs if it likes to. */
import type { RunMessage } from './types';

export interface View {
  readonly element: HTMLElement;
  /** Draw a document of the kernel: the whole state, however often it comes. */
  show(document: never): void;
  hear?(message: RunMessage): void;
  dispose(): void;
}

/**
 * Shortcuts of the notebook (Enter edits the cell, arrows walk through cells) stay out of a view; those with Ctrl or
 * Command, which are the application's, do not. Lumino looks for this mark from the focused element upwards before a
 * view hears of the key, and takes a shortcut whose selector fits before it comes to one: so it is put there.
 */
export function keepShortcutsOut(element: HTMLElement): void {
  const mark = (event: Event, isKept: boolean): void => {
    if (isKept) (event.target as Element).setAttribute('data-lm-suppress-shortcuts', 'true');
    else (event.target as Element).removeAttribute('data-lm-suppress-shortcuts');
  };
  element.addEventListener('focusin', event => mark(event, true));
  // Ctrl itself comes before the key that goes with it
  for (const kind of ['keydown', 'keyup'] as const) element.addEventListener(kind, event => mark(event, !event.ctrlKey && !event.metaKey));
}
