/** The commit graph, row by row, so that each can be drawn without the others. Lanes are the kernel's. Pure. */

/** More lanes than these are drawn in the last one. */
export const MOST_LANES = 10;

export interface Line {
  /** Where the version's dot stands. */
  lane: number;
  /** Whether lines leave the dot upwards (to a child) and downwards (to the parent). */
  up: boolean;
  down: boolean;
  /** Lanes, as bits: those that pass by, and those of branches that begin at this version. */
  through: number;
  joins: number;
}

interface Versioned {
  id: number;
  parent: number | null;
  lane: number;
}

/** One for each row; `rows` are all versions, newest first. A parent that is not among them lies below. */
export function linesOf(rows: readonly Versioned[]): Line[] {
  const waiting = new Map<number, number[]>(); // lanes by the version that they lead to
  const open = new Array<number>(MOST_LANES).fill(0); // how many lines each drawn lane holds
  return rows.map(({ id, parent, lane: wanted }) => {
    const lane = drawn(wanted);
    const above = waiting.get(id) ?? [];
    waiting.delete(id);
    for (const one of above) open[one]--;
    const through = bits(open);
    if (parent !== null) {
      waiting.set(parent, [...(waiting.get(parent) ?? []), lane]);
      open[lane]++;
    }
    const joins = above.filter(one => one !== lane).reduce((all, one) => all | (1 << one), 0);
    return { lane, up: above.includes(lane), down: parent !== null, through, joins };
  });
}

/** Lanes that are drawn, at least one. */
export function widthOf(rows: readonly Versioned[]): number {
  return rows.reduce((most, row) => Math.max(most, drawn(row.lane) + 1), 1);
}

function drawn(lane: number): number {
  return Math.min(lane, MOST_LANES - 1);
}

function bits(counts: readonly number[]): number {
  return counts.reduce((all, count, lane) => (count > 0 ? all | (1 << lane) : all), 0);
}
