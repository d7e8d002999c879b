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
 * Shortcuts of the notebook (Enter edits the cell, arrows walk through cells) stay out of a view. Lumino looks for this
 * mark from the focused element upwards, and takes a shortcut whose selector fits before it comes to one: so it is put
 * there.
 */
export function keepShortcutsOut(element: HTMLElement): void {
  element.addEventListener('focusin', event => (event.target as Element).setAttribute('data-lm-suppress-shortcuts', 'true'));
}
