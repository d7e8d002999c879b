/**
 * What the kernel says of a notebook's cells as they stand in the editor: asked for when typing pauses, when the workflow
 * has changed and behind a run; forgotten with the kernel. A key that is pressed costs a timer.
 */
import { Signal, type ISignal } from '@lumino/signaling';
import { after, type Run, type RunNode } from '../../views/run';
import type { RunMessage } from '../../views/types';
import { declaring } from '../cells';
import type { Link } from '../link';
import { readDraft, type Row } from './wire';

/** As much of a link as is needed. */
export type Source = Pick<Link, 'state' | 'changed' | 'heard' | 'ask'>;

/** The cells of code, with their texts, in the notebook's order. */
export type Code = () => ReadonlyMap<string, string>;

// milliseconds that typing pauses
const PAUSE = 150;
// so many times as long as the last answer took the next question waits, but never longer than that
const SHARE = 5;
const LONGEST = 3_000;
// milliseconds until a kernel that ran a cell is asked again
const LATER = 1_000;

export class Drafts {
  /** By cell. */
  rows: ReadonlyMap<string, Row> = new Map();
  /** By node, those of no cell included. */
  nodes: ReadonlyMap<string, Row> = new Map();
  private run: Run | null = null;
  private sent = new Map<string, string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asking: Promise<boolean> | null = null;
  private isDue = false;
  /** Milliseconds that the last answer took. */
  private took = 0;
  /** Milliseconds until the next question, where one is due. */
  private pause = PAUSE;
  private readonly changes = new Signal<this, void>(this);

  constructor(
    private readonly source: Source,
    private readonly code: Code
  ) {
    source.changed.connect(this.linkChanged, this);
    source.heard.connect(this.heard, this);
    if (source.state === 'loaded') this.touch();
  }

  /** What is said is another, or a run goes on. */
  get changed(): ISignal<this, void> {
    return this.changes;
  }

  /** The cells that declare a node. */
  cells(): ReadonlyMap<string, string> {
    return declaring(this.code());
  }

  /** How far a run that is underway is with a node. */
  running(node: string): RunNode | undefined {
    return this.run?.nodes.get(node);
  }

  /** Some cell is another: ask when that pauses. */
  touch(pause = PAUSE): void {
    if (this.source.state !== 'loaded') return;
    this.isDue = true;
    clearTimeout(this.timer);
    if (!this.asking) this.timer = setTimeout(() => void this.begin(), Math.max(pause, Math.min(SHARE * this.took, LONGEST)));
  }

  /**
   * Wait until what is said is of the cells as they stand now.
   *
   * @throws where the kernel does not tell
   */
  async now(): Promise<void> {
    while (this.asking) await this.asking;
    clearTimeout(this.timer);
    if (!(await this.begin())) throw new Error('The kernel does not tell what was edited. Try again, or restart it.');
  }

  dispose(): void {
    clearTimeout(this.timer);
    Signal.disconnectReceiver(this);
    Signal.clearData(this);
  }

  private linkChanged(_: unknown, parts: object | null): void {
    if (this.source.state !== 'loaded') this.forget();
    else if (parts === null || 'dag' in parts || 'cells' in parts) this.touch();
  }

  private heard(_: unknown, message: RunMessage): void {
    this.run = after(this.run, message, performance.now());
    this.changes.emit();
    if (message.event !== 'end') return;
    // what the run left behind is to be seen at once
    this.took = 0;
    this.touch();
  }

  private forget(): void {
    clearTimeout(this.timer);
    this.sent.clear();
    this.isDue = false;
    this.took = 0;
    this.run = null;
    this.take([]);
  }

  private begin(): Promise<boolean> {
    const asking = this.ask().finally(() => {
      this.asking = null;
      if (this.isDue) this.touch(this.pause);
    });
    return (this.asking = asking);
  }

  /** Whether it was told. */
  private async ask(): Promise<boolean> {
    const cells = this.code();
    this.pause = PAUSE;
    this.isDue = false;
    if (!this.rows.size && !declaring(cells).size) return true;
    const texts = Object.fromEntries([...cells].filter(([cell, text]) => this.sent.get(cell) !== text));
    this.sent = new Map(cells);
    const began = performance.now();
    const run = this.run;
    try {
      const { whole, rows } = readDraft(await this.source.ask<unknown>('draft', { cells: [...cells.keys()], texts }));
      if (this.source.state !== 'loaded') return false;
      // what a run left behind is in the rows of a look, unless it went on meanwhile
      if (whole && this.run === run && run?.status !== 'running') this.run = null;
      this.took = whole ? performance.now() - began : 0;
      this.take(rows);
      if (!whole) {
        this.isDue = true;
        this.pause = LATER;
      }
      return true;
    } catch (problem) {
      // of a kernel that has gone nothing is expected; one that lost what was sent is told all of it the next time
      this.sent.clear();
      if (this.source.state === 'loaded') console.warn(`helix_jupyter: ${problem instanceof Error ? problem.message : problem}`);
      return false;
    }
  }

  /** A row that says what it said stays the same object, so that who draws it can see that at a glance. */
  private take(told: readonly Row[]): void {
    const rows = told.map(row => {
      const before = row.cell ? this.rows.get(row.cell) : this.nodes.get(row.node);
      return before && JSON.stringify(before) === JSON.stringify(row) ? before : row;
    });
    this.rows = new Map(rows.filter(row => row.cell).map(row => [row.cell, row]));
    this.nodes = new Map(rows.filter(row => row.node && !row.problem && row.state !== 'replaced').map(row => [row.node, row]));
    this.changes.emit();
  }
}
