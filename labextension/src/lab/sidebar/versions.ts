/** The newest versions as a compact list: their metrics against those that they were made from, and what to do with one. */
import { fill, h } from '../../views/dom';
import { icon } from '../../views/icons';
import { line } from '../../views/text';
import { ago, versionRows, type MetricCell, type VersionRow } from '../history';
import type { Versions } from '../wire';
import type { Words } from './words';

export interface VersionActions {
  compare(before: number, after: number): void;
  checkout(version: number): void;
  /** Open the version browser. */
  browse(): void;
}

export class VersionList {
  readonly element: HTMLElement;
  private readonly title = h('span', { class: 'helix-Label' });
  private readonly list = h('ol', { class: 'helix-Versions' });
  private opened: number | null = null;

  constructor(
    private readonly words: Words,
    private readonly actions: VersionActions
  ) {
    const browse = h('button', { class: 'helix-Link', type: 'button' }, words.__('Browse all'));
    browse.addEventListener('click', () => actions.browse());
    this.element = h('section', {}, h('div', { class: 'helix-Section-head' }, this.title, browse), this.list);
  }

  show(versions: Versions): void {
    const now = Date.now() / 1000;
    fill(this.title, this.words.__('Versions'), h('span', { class: 'helix-Count' }, String(versions.total)));
    this.element.hidden = !versions.total;
    fill(this.list, ...versionRows(versions).map(row => this.item(row, versions.current, now)));
  }

  private item(row: VersionRow, current: number | null, now: number): HTMLElement {
    const isOpen = this.opened === row.id;
    const summary = h(
      'summary',
      {},
      h('span', { class: 'helix-Version-id' }, icon(row.mark), ` ${row.id}`),
      h('span', { class: 'helix-Version-title' }, line(row.title, 120) || h('span', { class: 'hx-soft' }, row.did)),
      ...row.tags.map(tag => h('span', { class: 'helix-Tag' }, line(tag, 30))),
      h('span', { class: 'helix-Version-age hx-soft', title: new Date(row.created * 1000).toLocaleString() }, ago(row.created, now)),
      row.metrics.length > 0 && h('span', { class: 'helix-Metrics' }, ...row.metrics.map(metric => this.metric(metric)))
    );
    const item = h('details', { open: isOpen }, summary, row.title ? h('p', { class: 'hx-soft' }, row.did) : null, this.buttons(row, current));
    item.addEventListener('toggle', () => {
      if (item.open) this.opened = row.id;
      else if (this.opened === row.id) this.opened = null;
    });
    return h('li', { class: row.isCurrent ? 'helix-current' : '', 'aria-current': row.isCurrent && 'true' }, item);
  }

  private metric({ name, value, delta, better }: MetricCell): HTMLElement {
    const change = better === null ? '' : better ? 'helix-better' : 'helix-worse';
    return h(
      'span',
      { class: 'helix-Metric' },
      h('span', { class: 'helix-Metric-name hx-soft', title: line(name, 200) }, line(name, 80)),
      ' ',
      h('span', { class: 'helix-Metric-figure' }, value),
      delta && h('span', { class: `helix-Metric-figure ${change}` }, ` ${delta}`)
    );
  }

  private buttons(row: VersionRow, current: number | null): HTMLElement {
    const button = (text: string, act: () => void): HTMLElement => {
      const made = h('button', { class: 'hx-button', type: 'button' }, text);
      made.addEventListener('click', act);
      return made;
    };
    const { parent, id } = row;
    return h(
      'div',
      { class: 'helix-Buttons' },
      parent !== null && button(this.words.__('Compare with %1', parent), () => this.actions.compare(parent, id)),
      current !== null && !row.isCurrent && current !== parent && button(this.words.__('Compare with current'), () => this.actions.compare(id, current)),
      !row.isCurrent && button(this.words.__('Check out'), () => this.actions.checkout(id))
    );
  }
}
