/** Keys that are pressed in a view are meant for it. */
import { keepShortcutsOut } from '../view';

/** Shortcuts of the notebook (Enter edits the cell, arrows walk through cells) stay out; `act` says what a key does here. */
export function keepKeys(element: HTMLElement, act: (key: string) => boolean): void {
  keepShortcutsOut(element);
  element.addEventListener('keydown', event => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (!isTyping && act(event.key)) event.preventDefault();
    // Tab is the page's
    if (event.key !== 'Tab') event.stopPropagation();
  });
}
