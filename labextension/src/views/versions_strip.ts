/** The curves above the list, side by side as far as there is room. */
import { fill, h } from './dom';
import { Chart, type ChartActions } from './versions_chart';
import { curveOf } from './versions_curves';
import { rangeOf, valueIn, type Range } from './versions_sort';
import type { Metric, Row } from './versions_types';

const [LEAST, MOST, GAP] = [190, 440, 10];

/** What a curve may be of, and where `versions_sort` finds its values. */
export interface Drawable {
  key: string;
  metric: Metric;
}

export class Strip {
  readonly element = h('div', { class: 'hxv-strip', role: 'group', 'aria-label': 'curves over versions' });
  private charts: Chart[] = [];

  constructor(private readonly actions: ChartActions) {}

  /** `rows`: what the list shows, oldest first. What has fewer than two values is left out. */
  show(rows: readonly Row[], parents: ReadonlyMap<number, number | null>, drawables: readonly Drawable[], current: number | null, width: number): void {
    const found = drawables.flatMap(({ key, metric }) => {
      const range = rangeIn(rows, key, metric);
      const curve = curveOf(rows, row => valueIn(row, key) as number, parents);
      return range && curve.points.length > 1 ? [{ metric, range, curve }] : [];
    });
    const beside = Math.max(Math.min(Math.floor((width + GAP) / (LEAST + GAP)), found.length), 1);
    const each = Math.min(Math.max(Math.floor((width - GAP * (beside - 1)) / beside), LEAST), MOST);
    this.charts = found.map(({ metric, curve, range }) => new Chart(metric, curve, range, each - 18, current, this.actions));
    fill(this.element, ...this.charts.map(chart => chart.element));
    this.element.hidden = !this.charts.length;
  }

  point(id: number | null): void {
    for (const chart of this.charts) chart.point(id);
  }
}

function rangeIn(rows: readonly Row[], key: string, metric: Metric): Range | null {
  if (key.startsWith('metric:')) return rangeOf(rows, metric);
  const values = rows.map(row => ({ ...row, metrics: { [metric.name]: valueIn(row, key) } }));
  return rangeOf(values, metric);
}
