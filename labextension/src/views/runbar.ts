/** The bar of a run that is underway: how far it is, how long it may still take, and a button that stops it. */
import { fill, h } from './dom';
import { progress, type Run } from './run';
import { awaited, duration, plural } from './text';

const ENDS: Record<string, string> = { done: 'Run done', failed: 'Run failed', interrupted: 'Run interrupted' };

export class RunBar {
  readonly element: HTMLElement;
  private readonly bar = h('div', { class: 'hx-bar-done' });
  private readonly track = h(
    'div',
    { class: 'hx-bar', role: 'progressbar', 'aria-label': 'progress of the run', 'aria-valuemin': 0, 'aria-valuemax': 100 },
    this.bar
  );
  private readonly words = h('span', { class: 'hx-bar-words' });
  private readonly said = h('span', { class: 'hx-hidden', role: 'status' });
  private readonly button = h('button', { class: 'hx-button hx-stop', type: 'button' }, 'Stop');

  constructor(stop: () => Promise<void>) {
    this.button.addEventListener('click', () => {
      this.button.disabled = true;
      fill(this.button, 'Stopping…');
      stop().catch((problem: unknown) => {
        this.button.disabled = false;
        fill(this.button, 'Stop');
        fill(this.words, String(problem instanceof Error ? problem.message : problem));
      });
    });
    this.element = h('div', { class: 'hx-run' }, this.track, this.words, this.button, this.said);
    this.element.hidden = true;
  }

  update(run: Run | null, now: number): void {
    this.element.hidden = run === null;
    if (run === null) return;
    const at = progress(run, now);
    const underway = run.status === 'running';
    const percent = Math.round(at.fraction * 100);
    this.bar.style.width = `${at.fraction * 100}%`;
    this.track.setAttribute('aria-valuenow', String(percent));
    this.track.hidden = !underway;
    this.button.hidden = !underway;
    if (!underway) {
      this.button.disabled = false;
      fill(this.button, 'Stop');
    }
    fill(this.words, underway ? going(at) : over(run));
    const spoken = underway ? 'Run started' : over(run);
    if (this.said.textContent !== spoken) fill(this.said, spoken);
  }
}

function going(at: ReturnType<typeof progress>): string {
  const remaining = awaited(at.remaining);
  const left = at.unknown ? `time unknown (${at.unknown} never ran)` : remaining && `about ${remaining} left`;
  return [`${at.handled} of ${plural(at.count, 'node')}`, duration(at.elapsed), left].filter(Boolean).join(' · ');
}

function over(run: Run): string {
  const counts = new Map<string, number>();
  for (const { phase } of run.nodes.values()) counts.set(phase, (counts.get(phase) ?? 0) + 1);
  const told = (['done', 'loaded', 'failed', 'interrupted'] as const)
    .filter(phase => counts.get(phase))
    .map(phase => `${counts.get(phase)} ${phase === 'done' ? 'computed' : phase}`);
  return [ENDS[run.status] ?? `Run ${run.status}`, ...told].join(' · ');
}
