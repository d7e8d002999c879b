/** Keys that are pressed in a view are meant for it. */

/** Shortcuts of the notebook (Enter edits the cell, arrows walk through cells) stay out; `act` says what a key does here. */
export function keepKeys(element: HTMLElement, act: (key: string) => boolean): void {
  // Lumino looks for this mark from the focused element upwards, and takes a shortcut whose selector fits before that
  element.addEventListener('focusin', event => (event.target as Element).setAttribute('data-lm-suppress-shortcuts', 'true'));
  element.addEventListener('keydown', event => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (!isTyping && act(event.key)) event.preventDefault();
    // Tab is the page's
    if (event.key !== 'Tab') event.stopPropagation();
  });
}
