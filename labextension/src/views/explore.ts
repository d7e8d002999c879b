/** What would be, on the picture of the workflow: composes its parts, and holds the question that is asked. */
import { button, ZoomButtons } from './buttons';
import { h } from './dom';
import { AskedBar } from './explore/asked';
import { BudgetControls } from './explore/budget';
import { ChoicesPanel, KEYS } from './explore/choices';
import { Latest } from './explore/latest';
import { Outcome } from './explore/outcome';
import { apartFromBudget, NOTHING, toggled, type Choice } from './explore/question';
import { EXPLORE_STYLE } from './explore/style';
import { TotalsTable } from './explore/totals';
import type { CurvePoint, Explored, ExploredNode, ExploreDocument, Made, Question } from './explore/types';
import { toldOf } from './explore/words';
import { Finder } from './finder';
import type { Host } from './host';
import { Scene } from './scene';
import { styled } from './style';
import type { PictureNode, RunMessage } from './types';
import { keepShortcutsOut, type View } from './view';
import type { Told } from './words';

const LOWEST = 560;
const HIGHEST = 680;
// milliseconds after which it is said that a kernel takes its time
const LATE = 1_000;

export class ExploreView implements View {
  readonly element: HTMLElement;
  private document: ExploreDocument | null = null;
  private explored: Explored | null = null;
  private nodes = new Map<string, ExploredNode>();
  private question: Question = NOTHING;
  /** The curve that fits the answer; null while it is asked for. */
  private curve: CurvePoint[] | null = null;
  private curveOf = '';
  /** What waits for the answer that is underway. */
  private then: (() => void) | null = null;
  private readonly asking: Latest<Question, Explored>;
  private readonly scene: Scene;
  private readonly finder = new Finder(() => this.scene);
  private readonly zoom: ZoomButtons;
  private readonly askedBar: AskedBar;
  private readonly outcome = new Outcome();
  private readonly totals = new TotalsTable();
  private readonly budget: BudgetControls;
  private readonly choices: ChoicesPanel;
  private readonly main = h('div', { class: 'hx-main' });

  /** `back` leads to the picture that this was opened from; null: there is none. */
  constructor(
    private readonly host: Host,
    back: (() => void) | null = null
  ) {
    this.zoom = new ZoomButtons(factor => this.scene.stage.zoom(factor), () => this.scene.stage.fit());
    this.scene = new Scene({
      tell: node => this.tell(node),
      zoomed: scale => this.zoom.zoomed(scale),
      pick: name => this.pick(name),
      walked: name => this.pick(name),
      enter: name => {
        this.pick(name);
        this.choices.element.focus();
      },
      doubled: name => void (name === null && this.scene.stage.fit())
    });
    this.asking = new Latest<Question, Explored>(
      question => host.ask<Explored>('explore', { question }),
      (explored, isLast) => this.answered(explored, isLast),
      (problem, isLast) => isLast && this.refused(problem)
    );
    this.askedBar = new AskedBar({
      ask: question => this.ask(question),
      apply: () => this.apply(),
      reset: () => this.reset(),
      undo: () => void this.make('undo')
    });
    this.budget = new BudgetControls({
      budget: budget => this.ask({ ...this.question, budget }),
      policy: policy => this.ask({ ...this.question, policy: policy === this.explored?.actual.policy ? null : policy })
    });
    this.choices = new ChoicesPanel(choice => this.choose(choice));
    const tools = h('div', { class: 'hx-tools' }, this.finder.matches, this.finder.field);
    if (back) tools.append(button('Back', 'Back to the picture of the workflow', back));
    tools.append(button('Refresh', 'Look at the notebook, files and store anew', () => void this.look()), this.zoom.element);
    const panel = h('aside', { class: 'hx-panel hx-explore-panel', 'aria-label': 'what would be' }, this.choices.element, this.totals.element, this.budget.element);
    this.main.append(this.scene.element, panel);
    const help = 'Click or walk to a node, then p pins, f forces, n never stores, d drops it, t makes it the target. Esc lets go of it.';
    this.element = h(
      'div',
      { class: 'hx', 'data-view': 'explore' },
      styled(EXPLORE_STYLE),
      h('div', { class: 'hx-toolbar' }, this.askedBar.element, tools),
      this.outcome.element,
      this.main,
      h('p', { class: 'hx-help hx-soft' }, help)
    );
    this.element.addEventListener('keydown', event => this.key(event));
    keepShortcutsOut(this.element);
    this.choices.show(null, NOTHING);
    this.askedBar.show(NOTHING, false, false);
  }

  /** Take up a look at the workflow, with the question that still fits it. */
  show(document: ExploreDocument): void {
    this.document = document;
    this.asking.clear();
    this.question = document.explored.question;
    this.take(document.explored);
    this.curve = null;
    this.curveOf = '';
    const { height } = document.picture.layout;
    this.main.style.height = `${Math.round(Math.min(Math.max(height + 24, LOWEST), HIGHEST))}px`;
    this.budget.offer(document.policies);
    this.scene.show(document.picture);
    this.scene.stage.resized();
    if (this.finder.field.value) this.finder.search(false);
    this.refresh();
    this.askCurve();
  }

  hear(message: RunMessage): void {
    if (message.event === 'begin') this.outcome.say('A run is underway: this is how it was before.');
    if (message.event === 'end') this.outcome.clear();
  }

  dispose(): void {
    this.scene.dispose();
    this.element.remove();
  }

  /** Look anew, and keep of the question what still fits. */
  async look(): Promise<void> {
    await this.waited(async () => this.show(await this.host.ask<ExploreDocument>('look', { question: this.question })));
  }

  // questions and answers

  private ask(question: Question): void {
    this.question = question;
    this.outcome.clear();
    this.asking.put(question);
    this.refresh();
  }

  private choose(choice: Choice): void {
    const node = this.nodes.get(this.scene.picked ?? '');
    // with one that is out of the DAG nothing can be done but bring it back
    if (!node || (node.dropped && !(choice === 'drop' && this.question.drop.includes(node.name)))) return;
    this.ask(toggled(this.question, node, choice));
  }

  private answered(explored: Explored, isLast: boolean): void {
    this.take(explored);
    this.budget.answered(isLast && typeof this.question.budget === 'string');
    // as the kernel understood it: a budget in words is a number now
    if (isLast) this.question = explored.question;
    this.refresh();
    if (!isLast) return;
    this.askCurve();
    const { then } = this;
    this.then = null;
    then?.();
  }

  private refused(problem: unknown): void {
    this.then = null;
    if (typeof this.question.budget === 'string') this.budget.fault();
    this.question = this.explored?.question ?? NOTHING;
    this.refresh();
    this.outcome.say(wordsOf(problem), true);
  }

  private take(explored: Explored): void {
    this.explored = explored;
    this.nodes = new Map(explored.nodes.map(node => [node.name, node]));
  }

  private askCurve(): void {
    const asked = apartFromBudget(this.question);
    if (asked === this.curveOf) return;
    this.curveOf = asked;
    this.host.ask<CurvePoint[]>('curve', { question: this.question }).then(
      curve => {
        if (this.curveOf !== asked) return;
        this.curve = curve;
        this.refresh();
      },
      () => undefined
    );
  }

  // making it so

  private apply(): void {
    if (!this.explored || this.explored.problem) return;
    if (this.question !== this.explored.question) this.then = () => this.apply();
    else if (this.explored.explored.gone_before.length) this.outcome.confirm(this.explored, () => void this.make('apply'));
    else void this.make('apply');
  }

  private reset(): void {
    this.ask(NOTHING);
  }

  private async make(what: 'apply' | 'undo'): Promise<void> {
    await this.waited(async () => {
      const made = await this.host.ask<Made>(what, { question: this.question });
      this.show(made.document);
      if (what === 'apply') this.outcome.applied(made.run, made.gone);
      else this.outcome.takenBack(made.gone);
    });
  }

  /** Do what may take its time, and say so when it does. */
  private async waited(act: () => Promise<void>): Promise<void> {
    const late = setTimeout(() => this.outcome.say('The kernel is busy, or gone: it answers as soon as it can.'), LATE);
    try {
      await act();
    } catch (problem) {
      this.outcome.say(wordsOf(problem), true);
    } finally {
      clearTimeout(late);
    }
  }

  // what is shown

  private tell(node: PictureNode): Told {
    const explored = this.nodes.get(node.name);
    return explored ? toldOf(explored, this.question) : { state: 'none', words: 'not known', reason: '' };
  }

  private pick(name: string | null): void {
    this.scene.pick(name);
    this.choices.show(this.nodes.get(name ?? '') ?? null, this.question);
    if (name !== null) this.scene.reveal(name);
  }

  private refresh(): void {
    const { explored, question } = this;
    if (!explored) return;
    this.scene.retell();
    for (const { parent, child, element } of this.scene.drawn?.edges ?? []) {
      element.classList.toggle('hx-gone', [parent, child].some(name => this.nodes.get(name)?.dropped));
    }
    this.choices.show(this.nodes.get(this.scene.picked ?? '') ?? null, question);
    this.totals.show(explored);
    this.budget.show(explored, question, this.curve);
    this.askedBar.show(question, !explored.problem, this.document?.applied ?? false);
    if (explored.problem) this.outcome.say(explored.problem, true);
  }

  private key(event: KeyboardEvent): void {
    const { target } = event;
    if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return event.stopPropagation();
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (this.act(event)) event.preventDefault();
    // Tab is the page's; what else is pressed in here is meant for here
    if (event.key !== 'Tab') event.stopPropagation();
  }

  /** Do what a key asks for; false where it means nothing here. */
  private act(event: KeyboardEvent): boolean {
    if (event.key === 'Escape') this.letGo();
    else if (event.key === '/') this.finder.field.focus();
    else if (event.key in KEYS && Object.hasOwn(KEYS, event.key)) this.chosenByKey(KEYS[event.key]);
    else return this.scene.key(event);
    return true;
  }

  /** A key stands for the node that has the focus, if one has it. */
  private chosenByKey(choice: Choice): void {
    if (this.scene.holds(document.activeElement) && this.scene.current !== this.scene.picked) this.pick(this.scene.current);
    this.choose(choice);
  }

  private letGo(): void {
    if (this.outcome.isConfirming) return this.outcome.clear();
    const { picked } = this.scene;
    this.pick(null);
    if (picked !== null) this.scene.walk(picked);
  }
}

function wordsOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}
