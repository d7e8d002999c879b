/** Which nodes lie above and below which. Pure. */
import type { Box, Layout } from './types';

export interface Relations {
  parents: Map<string, string[]>;
  children: Map<string, string[]>;
}

export function relations(names: Iterable<string>, edges: Iterable<{ parent: string; child: string }>): Relations {
  const parents = new Map<string, string[]>();
  const children = new Map<string, string[]>();
  for (const name of names) {
    parents.set(name, []);
    children.set(name, []);
  }
  for (const { parent, child } of edges) {
    parents.get(child)?.push(parent);
    children.get(parent)?.push(child);
  }
  return { parents, children };
}

/** All that `start` reaches by `next`, without itself. */
export function reach(start: string, next: Map<string, string[]>): Set<string> {
  const found = new Set<string>();
  const open = [start];
  while (open.length) {
    for (const name of next.get(open.pop()!) ?? []) {
      if (found.has(name)) continue;
      found.add(name);
      open.push(name);
    }
  }
  found.delete(start);
  return found;
}

export type Direction = 'up' | 'down' | 'left' | 'right';

/**
 * Where an arrow key leads from `name`: up to the nearest parent, down to the nearest child, sideways to the neighbour in
 * the same layer. Null where there is nothing.
 */
export function neighbour(name: string, direction: Direction, layout: Layout, related: Relations): string | null {
  const here = layout.nodes[name];
  if (!here) return null;
  if (direction === 'up' || direction === 'down') {
    const along = (direction === 'up' ? related.parents : related.children).get(name) ?? [];
    return nearest(along, other => Math.abs(centre(layout.nodes[other]) - centre(here)));
  }
  const way = direction === 'left' ? -1 : 1;
  const beside = Object.keys(layout.nodes).filter(other => {
    const box = layout.nodes[other];
    return other !== name && overlaps(box, here) && (centre(box) - centre(here)) * way > 0;
  });
  return nearest(beside, other => Math.abs(centre(layout.nodes[other]) - centre(here)));
}

function centre([x, , width]: Box): number {
  return x + width / 2;
}

function overlaps(a: Box, b: Box): boolean {
  return a[1] < b[1] + b[3] && b[1] < a[1] + a[3];
}

function nearest(names: string[], distance: (name: string) => number): string | null {
  let found: string | null = null;
  let least = Infinity;
  for (const name of names) {
    const far = distance(name);
    if (far < least) [found, least] = [name, far];
  }
  return found;
}
