/** Budget and policy: a curve above a slider on the same scale, a field that takes `2GB`, a list of policies. */
import { fill, h } from '../dom';
import { line, size } from '../text';
import { Curve } from './curve';
import { bytesAt, labelled, place, scaleOf, type Scale } from './scale';
import type { CurvePoint, Explored, Question } from './types';

const STOPS = 1000;

export interface BudgetActions {
  /** Bytes, text as somebody wrote it, or null for as it is. */
  budget(budget: number | string | null): void;
  policy(policy: string | null): void;
}

export class BudgetControls {
  readonly element: HTMLElement;
  private readonly curve: Curve;
  private readonly slider = h('input', { type: 'range', class: 'hx-slider', min: 0, max: STOPS, step: 1, 'aria-label': 'Budget' });
  private readonly marks = h('div', { class: 'hx-marks', 'aria-hidden': 'true' });
  private readonly field = h('input', { type: 'text', class: 'hx-search hx-bytes', 'aria-label': 'Budget in bytes', spellcheck: 'false', title: 'As 500MB or 2GB' });
  private readonly policy = h('select', { class: 'hx-search hx-policy', 'aria-label': 'Policy' });
  private scale: Scale = { low: 1, high: 10 };
  private present = 0;
  private isDragged = false;
  private isEdited = false;

  constructor(actions: BudgetActions) {
    const choose = (bytes: number): void => actions.budget(bytes === this.present ? null : bytes);
    this.curve = new Curve(choose);
    this.slider.addEventListener('input', () => {
      this.isDragged = true;
      choose(bytesAt(Number(this.slider.value) / STOPS, this.scale, [this.present]));
    });
    this.slider.addEventListener('change', () => (this.isDragged = false));
    this.field.addEventListener('input', () => (this.isEdited = true));
    this.field.addEventListener('change', () => actions.budget(this.field.value.trim() || null));
    this.policy.addEventListener('change', () => actions.policy(this.policy.value));
    const fields = h('div', { class: 'hx-budget-fields' }, h('label', {}, 'Budget ', this.field), h('label', {}, 'Policy ', this.policy));
    const ways = h('div', { class: 'hx-slider-frame' }, this.slider, this.marks);
    this.element = h('section', { class: 'hx-storage', 'aria-label': 'storage' }, h('p', { class: 'hx-heading' }, 'What storage buys'), this.curve.element, ways, fields);
  }

  /** The policies that there are. */
  offer(policies: string[]): void {
    fill(this.policy, ...policies.map(name => h('option', { value: name }, line(name, 40))));
  }

  /** `question`: what is asked by now, which the answer may not know of yet. */
  show({ actual, explored }: Explored, question: Question, curve: CurvePoint[] | null): void {
    this.present = actual.budget;
    // it would run away from under the hand that drags it
    if (!this.isDragged) this.scale = scaleOf(actual.used, Math.max(actual.budget, explored.budget), curve ?? []);
    const { budget: wanted } = question;
    const budget = wanted === null ? actual.budget : typeof wanted === 'number' ? wanted : explored.budget;
    if (!this.isDragged) this.slider.value = String(Math.round(place(budget, this.scale) * STOPS));
    this.slider.setAttribute('aria-valuetext', size(budget) || '0 B');
    if (!this.isEdited) this.field.value = size(budget) || '0 B';
    this.policy.value = question.policy ?? actual.policy;
    fill(this.marks, ...marks({ used: actual.used, budget: actual.budget }, this.scale));
    this.curve.show(curve, this.scale, actual, explored);
  }

  /** The kernel could not read what was written in the field: it stays there to be mended. */
  fault(): void {
    this.field.setAttribute('aria-invalid', 'true');
  }

  /** An answer has come; to something else, it leaves alone what is being written. */
  answered(isOfText: boolean): void {
    if (!isOfText && this.field === document.activeElement) return;
    this.isEdited = false;
    this.field.setAttribute('aria-invalid', 'false');
  }
}

function marks(of: Record<string, number>, scale: Scale): HTMLElement[] {
  const listed = Object.entries(of).map(([name, bytes]) => ({ name, where: place(bytes, scale), words: `${name} ${size(bytes) || '0 B'}` }));
  const labels = labelled(listed);
  return listed.map(({ name, where, words }, at) => {
    const kind = `hx-mark-at hx-mark-${labels[at].side}${labels[at].isLow ? ' hx-mark-low' : ''}`;
    return h('span', { class: kind, 'data-mark': name, style: `left:${(where * 100).toFixed(2)}%` }, words);
  });
}
