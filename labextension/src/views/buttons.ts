/** Buttons as all views have them. */
import { fill, h } from './dom';

export function button(text: string, title: string, act: () => void): HTMLButtonElement {
  const made = h('button', { class: 'hx-button', type: 'button', title }, text);
  if (text.length < 2) made.setAttribute('aria-label', title);
  made.addEventListener('click', act);
  return made;
}

/** Nearer, farther, all of it; and how near one is. */
export class ZoomButtons {
  readonly element: HTMLElement;
  private readonly scale = h('span', { class: 'hx-scale' });

  constructor(zoom: (factor: number) => void, fit: () => void) {
    this.element = h(
      'div',
      { class: 'hx-joined', role: 'group', 'aria-label': 'zoom' },
      button('−', 'Zoom out (−)', () => zoom(1 / 1.25)),
      this.scale,
      button('+', 'Zoom in (+, Ctrl and wheel)', () => zoom(1.25)),
      button('Fit', 'Show all of it (0)', fit)
    );
  }

  zoomed(scale: number): void {
    fill(this.scale, `${Math.round(scale * 100)}%`);
  }
}
