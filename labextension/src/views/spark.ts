/** A row of figures as a small line. */
import { s } from './dom';

const WIDTH = 120;
const HEIGHT = 26;
const INSET = 3;

/** Places of the values' points, the first value left, zero at the bottom. Pure. */
export function places(values: readonly number[]): [x: number, y: number][] {
  const most = Math.max(...values, 0) || 1;
  const step = values.length > 1 ? (WIDTH - 2 * INSET) / (values.length - 1) : 0;
  return values.map((value, at) => [
    values.length > 1 ? INSET + at * step : WIDTH / 2,
    HEIGHT - INSET - (Math.max(value, 0) / most) * (HEIGHT - 2 * INSET)
  ]);
}

/** `told` is what it says, for those who do not see it. */
export function sparkline(values: readonly number[], told: string): SVGElement {
  const points = places(values).map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`);
  const [x, y] = points[points.length - 1].split(',');
  return s(
    'svg',
    { class: 'hx-spark', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: 'img', 'aria-label': told },
    s('polyline', { points: points.join(' ') }),
    s('circle', { cx: x, cy: y, r: 2.5 })
  );
}
