/** What every view is to a shell: an element that draws documents, and hears of runs if it likes to. */
import type { RunMessage } from './types';

export interface View {
  readonly element: HTMLElement;
  /** Draw a document of the kernel: the whole state, however often it comes. */
  show(document: never): void;
  hear?(message: RunMessage): void;
  dispose(): void;
}
