/** The badges of one notebook: follows its cells and what is said of them. */
import { isCodeCellModel, type Cell, type ICellModel } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { RunNode } from '../../views/run';
import { Signal } from '@lumino/signaling';
import { Drafts } from '../drafts/drafts';
import { waiting } from '../drafts/edits';
import { told } from '../drafts/told';
import type { Row } from '../drafts/wire';
import type { Link } from '../link';
import type { Words } from '../sidebar/words';
import { Badge } from './badge';

// milliseconds between two drawings of a run's seconds
const TICK = 1_000;

export class Badges {
  readonly drafts: Drafts;
  /** By the cell's id: what is drawn, and where. */
  private readonly badges = new Map<string, { badge: Badge; cell: Cell; row?: Row; running?: RunNode }>();
  private readonly followed = new WeakSet<ICellModel>();
  private isShown = true;
  private ticking: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly panel: NotebookPanel,
    link: Link,
    private readonly words: Words,
    private readonly open: (node: string) => void
  ) {
    this.drafts = new Drafts(link, () => this.code());
    this.drafts.changed.connect(this.draw, this);
    panel.content.modelChanged.connect(this.follow, this);
    this.follow();
  }

  dispose(): void {
    clearInterval(this.ticking);
    this.drafts.dispose();
    Signal.disconnectReceiver(this);
  }

  private code(): Map<string, string> {
    const cells = [...(this.panel.content.model?.cells ?? [])].filter(isCodeCellModel);
    return new Map(cells.map(model => [model.id, model.sharedModel.getSource()]));
  }

  private follow(): void {
    const cells = this.panel.content.model?.cells;
    cells?.changed.connect(this.cellsChanged, this);
    this.cellsChanged();
  }

  private cellsChanged(): void {
    for (const model of this.panel.content.model?.cells ?? []) {
      if (this.followed.has(model)) continue;
      this.followed.add(model);
      model.sharedModel.changed.connect((_, change) => {
        // of a plain cell that ran the kernel says nothing by itself, where all nodes are as they were
        if (change.sourceChange || ('executionCountChange' in change && waiting(this.drafts.nodes).size)) this.drafts.touch();
      });
    }
    this.drafts.touch();
  }

  /** Whether they are drawn. */
  set shown(shown: boolean) {
    if (shown === this.isShown) return;
    this.isShown = shown;
    this.draw();
  }

  private draw(): void {
    const there = new Set<string>();
    let isRunning = false;
    for (const cell of this.panel.content.widgets) {
      const row = this.drafts.rows.get(cell.model.id);
      if (!row || !this.isShown) continue;
      there.add(row.cell);
      const running = this.drafts.running(row.node);
      const isRunningHere = running?.phase === 'running';
      isRunning ||= isRunningHere;
      const known = this.badges.get(row.cell);
      // another cell was typed in, most of the time
      if (known?.cell === cell && known.row === row && known.running === running && !isRunningHere) continue;
      const says = told(row, running, this.words, performance.now());
      this.badge(cell).show(row.node, says, this.words.__('Press to see it in the workflow.'));
      Object.assign(this.badges.get(row.cell)!, { row, running });
    }
    for (const [id, { badge }] of this.badges) {
      if (there.has(id)) continue;
      badge.element.remove();
      this.badges.delete(id);
    }
    this.tick(isRunning);
  }

  private badge(cell: Cell): Badge {
    const { id } = cell.model;
    const known = this.badges.get(id);
    // a cell that was moved is another one of the same id
    if (known?.cell === cell) return known.badge;
    const badge = known?.badge ?? new Badge(this.open);
    this.badges.set(id, { badge, cell });
    // one that was never in view has no input area yet
    void cell.ready.then(() => {
      if (this.badges.get(id)?.cell === cell) cell.inputArea?.node.parentElement?.append(badge.element);
    });
    return badge;
  }

  private tick(isRunning: boolean): void {
    if (isRunning === (this.ticking !== undefined)) return;
    clearInterval(this.ticking);
    this.ticking = isRunning ? setInterval(() => this.draw(), TICK) : undefined;
  }
}
