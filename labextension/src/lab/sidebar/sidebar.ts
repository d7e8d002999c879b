/** The sidebar: shows the workbench of the notebook that is active, as long as it is looked at. */
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { LabIcon } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import { fill, h } from '../../views/dom';
import { styled } from '../../views/style';
import type { Drafts } from '../drafts/drafts';
import type { Link } from '../link';
import { Notice } from './notice';
import { Workbench, type Deeds } from './workbench';
import type { Words } from './words';

export class Sidebar extends Widget {
  private panel: NotebookPanel | null = null;
  /** Made when first looked at, so that a sidebar that nobody opens costs nothing. */
  private readonly benches = new Map<NotebookPanel, Workbench>();
  private readonly heading = h('h2', { class: 'helix-Sidebar-title' });
  private readonly content = h('div', { class: 'helix-Sidebar-content' });

  constructor(
    private readonly words: Words,
    private readonly linkOf: (panel: NotebookPanel) => Link,
    private readonly deedsFor: (panel: NotebookPanel) => Deeds,
    private readonly draftsOf: (panel: NotebookPanel) => Drafts,
    icon: LabIcon
  ) {
    super();
    this.id = 'helix-jupyter-sidebar';
    this.addClass('helix-Sidebar');
    this.title.icon = icon;
    this.title.caption = words.__('Helix: the workflow of the active notebook');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', words.__('Helix'));
    this.node.append(styled(), this.heading, this.content);
  }

  /** Follow another notebook; null: none is active. */
  follow(panel: NotebookPanel | null): void {
    if (panel === this.panel) return;
    this.rest();
    this.panel?.context.pathChanged.disconnect(this.named, this);
    this.panel = panel;
    panel?.context.pathChanged.connect(this.named, this);
    if (this.isVisible) this.draw();
  }

  /** What is shown of the notebook that is followed; null where none is. */
  get bench(): Workbench | null {
    return this.panel && this.benchOf(this.panel);
  }

  protected override onBeforeShow(): void {
    this.draw();
  }

  protected override onAfterHide(): void {
    this.rest();
  }

  protected override onAfterAttach(): void {
    if (this.isVisible) this.draw();
  }

  private draw(): void {
    this.named();
    const { bench } = this;
    if (bench) {
      fill(this.content, bench.element);
      bench.awake = true;
      return;
    }
    const notice = new Notice(this.words, () => Promise.resolve());
    notice.show(null);
    fill(this.content, h('div', { class: 'hx helix-Workbench' }, notice.element));
  }

  private rest(): void {
    const bench = this.panel && this.benches.get(this.panel);
    if (bench) bench.awake = false;
  }

  private named(): void {
    fill(this.heading, this.panel?.context.localPath.split('/').pop() ?? this.words.__('Helix'));
    this.heading.title = this.panel?.context.localPath ?? '';
  }

  private benchOf(panel: NotebookPanel): Workbench {
    const known = this.benches.get(panel);
    if (known) return known;
    const made = new Workbench(this.linkOf(panel), this.words, this.deedsFor(panel), this.draftsOf(panel));
    this.benches.set(panel, made);
    panel.disposed.connect(() => {
      made.dispose();
      this.benches.delete(panel);
    });
    return made;
  }
}
