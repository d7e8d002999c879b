/** What is shown while the kernel is at something: what, for how long, how long yet. */
import { fill, h } from '../dom';
import { clock, duration, line } from '../text';

/**
 * Fill `element` until `done`; then whoever asked draws anew, or `failed` says why not. `expected` seconds are told where
 * there are any.
 */
export function busy(element: HTMLElement, doing: string, expected: number, done: Promise<unknown>, failed: (problem: string) => void): void {
  const since = performance.now();
  const words = h('span', {});
  const total = expected >= 0.05 ? ` of about ${duration(expected)}` : '';
  const tell = (): void => fill(words, `${doing}… ${clock((performance.now() - since) / 1000)}${total}`);
  tell();
  const ticking = setInterval(tell, 1000);
  fill(element, h('span', { class: 'hxd-spinner', 'aria-hidden': 'true' }), words, h('span', { class: 'hx-hidden', role: 'status' }, `${doing}…`));
  done.catch((problem: unknown) => failed(wordsOf(problem))).finally(() => clearInterval(ticking));
}

// milliseconds after which it is said that a kernel takes its time
const LATE = 1_000;

/** Say that the kernel is asked, and after a while that it may not be there. */
export function asking<Answer>(say: (text: string) => void, asked: Promise<Answer>): Promise<Answer> {
  say('Asking the kernel…');
  const late = setTimeout(() => say('The kernel is busy, or gone: it answers as soon as it can.'), LATE);
  return asked.finally(() => clearTimeout(late));
}

export function wordsOf(problem: unknown): string {
  return line(problem instanceof Error ? problem.message : problem, 400);
}
