/** What adopting would do, to look at before anything is written: cell by cell, and both notebooks side by side. */
import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { Widget } from '@lumino/widgets';
import { h } from '../../views/dom';
import { reason } from '../../views/reason';
import { styled } from '../../views/style';
import { clean, plural } from '../../views/text';
import { Merged } from '../merge/merged';
import type { Words } from '../sidebar/words';
import { linesOfCells, type Adopted, type CellReport } from './adopted';

export class Preview extends Widget {
  private readonly field: HTMLInputElement;
  private readonly merged: Merged;

  /** `target`: the name of the new notebook, which the user may change. */
  constructor(
    adopted: Adopted,
    target: string,
    languages: IEditorLanguageRegistry | null,
    private readonly words: Words
  ) {
    super();
    this.addClass('helix-Adopt');
    this.addClass('hx');
    this.merged = new Merged(languages, words);
    const { cells, before, after } = adopted;
    const place = this.merged.of({ before, after });
    const lines = linesOfCells(before);
    const rows = cells.map(cell => this.row(cell, () => this.merged.reveal(place, lines[cell.number - 1] ?? 1)));
    const nodes = cells.reduce((sum, cell) => sum + cell.nodes.length, 0);
    this.field = h('input', { class: 'jp-mod-styled', type: 'text', value: target, 'aria-label': words.__('Name of the adopted notebook'), spellcheck: 'false' });
    this.node.append(
      styled(),
      h('label', { class: 'helix-Adopt-name' }, h('span', {}, words.__('Written beside the original, which stays as it is:')), this.field),
      h('p', { class: 'hx-soft' }, `${plural(nodes, 'node')} · ${plural(cells.length, 'code cell')}`),
      h('div', { class: 'helix-Adopt-sides' }, h('ol', { class: 'helix-Adopt-cells' }, ...rows), place)
    );
  }

  /** What the dialog gives: the name that was chosen. */
  getValue(): string {
    return this.field.value.trim();
  }

  override dispose(): void {
    this.merged.dispose();
    super.dispose();
  }

  private row({ number, kind, nodes, notes }: CellReport, reveal: () => void): HTMLElement {
    const button = h('button', { class: 'helix-Adopt-cell', type: 'button', 'data-kind': kind }, h('span', { class: 'helix-Adopt-number' }, String(number)), this.what(kind));
    button.addEventListener('click', reveal);
    const lines = nodes.map(options => h('code', {}, clean(`%%helix ${options}`)));
    return h('li', {}, button, ...lines, ...notes.map(note => h('p', { class: 'hx-soft' }, ...reason(note))));
  }

  private what(kind: CellReport['kind']): string {
    const { words } = this;
    return { node: words.__('node'), plain: words.__('stays plain'), split: words.__('plain part and node'), merged: words.__('moves down'), unchanged: words.__('unchanged') }[kind];
  }
}
