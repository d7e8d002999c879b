/** What a declaring cell shows: how its node is by now, where that is known. Knows no JupyterLab. */
import { fill, h } from '../views/dom';
import { plainReason } from '../views/reason';
import { line } from '../views/text';
import { mark } from './badges/badge';
import type { RunNode } from '../views/run';
import type { Drafts } from './drafts/drafts';
import { told, type BadgeState } from './drafts/told';
import type { Row } from './drafts/wire';
import type { Words } from './sidebar/words';

/** What the kernel said when the cell was run. */
export interface Card {
  node: string;
  outputs: string[];
  inputs: string[];
  /** A name that the notebook gives another meaning, and the like. */
  note: string;
}

// where what is to be done rests on why
const EXPLAINED: readonly BadgeState[] = ['stale', 'computes', 'error'];

/** As much of what is known of cells as is needed. */
export type Known = Pick<Drafts, 'changed' | 'nodes' | 'rows' | 'running'>;

/** An output's data, checked; null where it is no card. */
export function readCard(data: unknown): Card | null {
  const { kind, node, outputs, inputs, note } = (data ?? {}) as Record<string, unknown>;
  const isCard = kind === 'card' && typeof node === 'string' && isTexts(outputs) && isTexts(inputs) && typeof note === 'string';
  return isCard ? { node, outputs, inputs, note } : null;
}

export class LiveCard {
  readonly element = h('div', { class: 'helix-Card' });
  private drawn: [Row, RunNode | undefined] | null = null;

  /**
   * `cell` gives the id of the cell that it stands in, if it does yet. `shown` is told whether there is something to say:
   * else what was said when the cell ran stands.
   */
  constructor(
    private readonly card: Card,
    private readonly cell: () => string | undefined,
    private readonly known: Known,
    private readonly words: Words,
    private readonly shown: (isTold: boolean) => void
  ) {
    known.changed.connect(this.draw, this);
    this.draw();
  }

  dispose(): void {
    this.known.changed.disconnect(this.draw, this);
  }

  draw(): void {
    const { card, known, words, element } = this;
    const row = this.row();
    const running = known.running(card.node);
    // another cell was typed in, most of the time
    if (row && row === this.drawn?.[0] && running === this.drawn[1]) return this.shown(true);
    this.drawn = row ? [row, running] : null;
    if (row) {
      const { state, word, figure, why, sentence } = told(row, running, words, performance.now());
      // seconds that pass are the badge's, which counts them
      const says = state === 'running' ? [word] : [word, figure];
      const notes = [EXPLAINED.includes(state) ? plainReason(why, 120) : '', line(card.note, 400)];
      element.dataset.state = state;
      element.title = sentence;
      fill(element, h('code', {}, ...this.flow()), ' · ', h('span', { class: 'helix-Card-state' }, mark(state), ` ${says.filter(Boolean).join(' ')}`), ...notes.filter(Boolean).map(note => ` · ${note}`));
    }
    this.shown(row !== undefined);
  }

  /** Of several cells of one node each has its own; of a cell that declares another node by now that of its old one. */
  private row(): Row | undefined {
    const { card, known } = this;
    const own = known.rows.get(this.cell() ?? '');
    // a text that cannot be read may name no node
    return own && (own.node === card.node || !own.node) ? own : known.nodes.get(card.node);
  }

  private flow(): (Node | string)[] {
    const { node, outputs, inputs } = this.card;
    const names = (list: string[]): string => list.map(one => line(one, 80)).join(', ');
    const isNamed = outputs.length !== 1 || outputs[0] !== node;
    return [isNamed ? `${line(node, 80)}: ` : '', inputs.length ? `${names(inputs)} → ` : '', h('b', {}, names(outputs))];
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(one => typeof one === 'string');
}
