/** A metric over versions: points in order of the versions, and lines from each to what it was made from. Pure. */
import type { Row } from './versions_types';

export interface Point {
  id: number;
  lane: number;
  /** Place among the versions shown, the oldest 0. */
  at: number;
  value: number;
}

/** Between two points, by their places in `points`; `gap`: versions without a value lie between. */
export interface Link {
  from: number;
  to: number;
  gap: boolean;
}

export interface Curve {
  points: Point[];
  links: Link[];
  /** Number of versions shown, with a value or without. */
  count: number;
}

/**
 * Of `rows`, oldest first. A version that has no finite value gets no point; the line then goes to the nearest version
 * above it that has one. `parents` are those of all versions, shown or not.
 */
export function curveOf(rows: readonly Row[], value: (row: Row) => number, parents: ReadonlyMap<number, number | null>): Curve {
  const points: Point[] = [];
  const places = new Map<number, number>();
  rows.forEach((row, at) => {
    const found = value(row);
    if (!Number.isFinite(found)) return;
    places.set(row.id, points.length);
    points.push({ id: row.id, lane: row.lane, at, value: found });
  });
  const nearest = new Map<number, number | null>(); // the nearest point at a version or above it
  const above = (id: number): number | null => {
    const parent = parents.get(id) ?? null;
    return parent !== null && parent < id ? parent : null;
  };
  const find = (id: number | null): number | null => {
    const path: number[] = [];
    let found: number | null = null;
    for (let one = id; one !== null; one = above(one)) {
      if (places.has(one) || nearest.has(one)) {
        found = places.get(one) ?? nearest.get(one) ?? null;
        break;
      }
      path.push(one);
    }
    for (const one of path) nearest.set(one, found);
    return found;
  };
  const links: Link[] = [];
  points.forEach((point, to) => {
    const parent = above(point.id);
    const from = find(parent);
    if (from !== null) links.push({ from, to, gap: points[from].id !== parent });
  });
  return { points, links, count: rows.length };
}

/** The point nearest to a place; null where there is none. */
export function nearestPoint(points: readonly Point[], at: number): Point | null {
  let [low, high] = [0, points.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle].at < at) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [points[low - 1], points[low]];
  if (!before || !after) return before ?? after ?? null;
  return at - before.at <= after.at - at ? before : after;
}
