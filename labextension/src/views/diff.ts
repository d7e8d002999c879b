/** Two versions side by side: composes all the parts, and holds what the user has chosen. */
import { DiffGraph } from './compare/graph';
import { figures } from './compare/figures';
import { costs } from './compare/costs';
import { Head, type Choice } from './compare/head';
import { keepKeys } from './compare/keys';
import { nodes, type DrawCode } from './compare/nodes';
import { changeMark, type Part } from './compare/parts';
import { Scrolled } from './compare/scroll';
import { COMPARE_STYLE } from './compare/style';
import { metrics, packages, parameters } from './compare/tables';
import type { Change, DiffDocument, ValueChange } from './compare/types';
import { values } from './compare/values';
import { asking, wordsOf } from './compare/wait';
import { fill, h } from './dom';
import { exported } from './exported';
import type { Host } from './host';
import { styled } from './style';
import { clean } from './text';
import type { View } from './view';

export type { DrawCode };

const CHANGES: Change[] = ['added', 'removed', 'edited', 'affected', 'same'];

export class DiffView implements View {
  readonly element: HTMLElement;
  private document: DiffDocument | null = null;
  /** Values that were asked for, by node: a later document need not have them. */
  private readonly found = new Map<string, ValueChange[]>();
  private graph: DiffGraph | null = null;
  private readonly head: Head;
  private readonly scrolled = new Scrolled();

  /** `code` draws code that differs, where a page has something better than the view's own. */
  constructor(
    private readonly host: Host,
    private readonly code?: DrawCode
  ) {
    this.head = new Head({
      choices: () => host.ask<Choice[]>('choices'),
      compare: (a, b) => void this.ask({ a, b }),
      everything: on => void this.ask({ ...this.pair, everything: on }),
      exported: () => exported(this.host, [this.pair.a, this.pair.b])
    });
    const help = h('p', { class: 'hx-help hx-soft' }, 'A click on a node leads to its code; n and p go to the next node and back.');
    this.element = h(
      'div',
      { class: 'hx hxd', 'data-view': 'diff' },
      styled(COMPARE_STYLE),
      this.head.element,
      h('div', { class: 'hxd-frame' }, this.scrolled.overview, this.scrolled.body),
      help
    );
    keepKeys(this.element, key => {
      if (key !== 'n' && key !== 'p') return false;
      this.scrolled.step('.hxd-card', key === 'n' ? 1 : -1);
      return true;
    });
  }

  show(document: DiffDocument): void {
    if (document.left) return this.rest(document);
    this.document = document;
    this.head.show(document.before, document.after, document.everything);
    this.draw();
  }

  dispose(): void {
    this.graph?.dispose();
    this.element.remove();
  }

  private get pair(): { a: number; b: number } {
    return { a: this.document!.before.id, b: this.document!.after.id };
  }

  private draw(): void {
    const document = this.document!;
    const listed = document.values.map(one => this.value(one));
    this.graph?.dispose();
    this.graph = document.graph.nodes.length ? new DiffGraph(document.graph, node => this.open(node)) : null;
    const parts: (Part | null)[] = [
      document.metrics.length ? metrics(document.metrics) : null,
      document.parameters.length ? parameters(document.parameters) : null,
      this.graph?.part ?? null,
      document.nodes.length ? nodes(document.nodes, document.definitions ?? [], listed, label => this.jump('value', label), this.code) : null,
      ...values(listed, node => this.have(node)),
      document.figures.length ? figures(document.figures) : null,
      document.nodes.length ? costs(document) : null,
      document.packages.length ? packages(document.packages) : null
    ];
    const counts = CHANGES.filter(change => document.counts[change]).map(change => {
      const mark = changeMark(change);
      mark.lastChild!.textContent = ` ${document.counts[change].toLocaleString('en')} ${change}`;
      return mark;
    });
    this.scrolled.show(parts.filter(one => one !== null), counts, 'Nothing differs.');
  }

  /** A value as it was found on request, where it was. */
  private value(of: ValueChange): ValueChange {
    return this.found.get(this.key(of.node))?.find(one => one.label === of.label) ?? of;
  }

  private key(node: string): string {
    return JSON.stringify([this.pair.a, this.pair.b, node]);
  }

  private open(node: string): void {
    this.jump('node', node);
  }

  /** A name may hold anything: it is compared, not put into a selector. */
  private jump(to: 'node' | 'value', name: string): void {
    const listed = [...this.scrolled.body.querySelectorAll<HTMLElement>(to === 'node' ? '.hxd-card' : '.hxd-value')];
    const found = listed.find(one => one.dataset[to] === clean(name));
    if (found) this.scrolled.to(found);
  }

  // what the kernel is asked

  private async have(node: string): Promise<void> {
    const key = this.key(node);
    const found = await this.host.ask<ValueChange[]>('values', { ...this.pair, node });
    this.found.set(key, found);
    if (this.key(node) !== key) return;
    const top = this.scrolled.body.scrollTop;
    this.draw();
    this.scrolled.body.scrollTop = top;
    if (found.length) this.jump('value', found[0].label);
  }

  private async ask(of: { a: number; b: number; everything?: boolean }): Promise<void> {
    try {
      const document = await asking(text => this.head.say(text), this.host.ask<DiffDocument>('diff', of));
      this.head.say('');
      this.show(document);
    } catch (problem) {
      this.head.say(wordsOf(problem));
    }
  }

  /** What was too large to be saved with a notebook; without a kernel the static form beside is what there is. */
  private rest(document: DiffDocument): void {
    this.head.show(document.before, document.after, false);
    const waiting = h('p', { class: 'hx-nothing', role: 'status' });
    fill(this.scrolled.body, waiting);
    const whole = asking(text => fill(waiting, text), this.host.ask<DiffDocument>('whole'));
    whole.then(all => this.show(all), problem => fill(waiting, wordsOf(problem)));
  }
}
