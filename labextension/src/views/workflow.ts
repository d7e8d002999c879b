/** The picture of a workflow, and in its place what would be, while the user likes to explore that. */
import { DagView } from './dag';
import { h } from './dom';
import { ExploreView } from './explore';
import type { Host } from './host';
import type { Picture, RunMessage } from './types';
import type { View } from './view';

export class WorkflowView implements View {
  readonly element = h('div', {});
  private readonly dag: DagView;
  private explorer: ExploreView | null = null;

  constructor(private readonly host: Host) {
    this.dag = new DagView(host, () => this.explore());
    this.element.append(this.dag.element);
  }

  show(picture: Picture): void {
    this.dag.show(picture);
    void this.explorer?.look();
  }

  hear(message: RunMessage): void {
    this.dag.hear(message);
    this.explorer?.hear(message);
  }

  dispose(): void {
    this.dag.dispose();
    this.explorer?.dispose();
    this.element.remove();
  }

  private explore(): void {
    this.explorer ??= new ExploreView(this.host, () => this.back());
    this.element.replaceChildren(this.explorer.element);
    void this.explorer.look();
  }

  private back(): void {
    this.explorer?.dispose();
    this.explorer = null;
    this.element.replaceChildren(this.dag.element);
  }
}
