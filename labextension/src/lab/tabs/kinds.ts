/** What tabs beside a notebook there are: what each is called, told apart by and restored from. Pure. */
import type { Words } from '../sidebar/words';

export type Kind = 'compare' | 'explore' | 'versions';

/** What a tab shows. */
export interface Wanted {
  kind: Kind;
  /** Of the notebook. */
  path: string;
  /** Versions that are compared. */
  versions: number[];
}

/** What a tab is restored from. */
export interface TabArguments extends Wanted {
  /** Its own, whatever it comes to show: the layout knows it by that. */
  id: string;
}

/** `3 ↔ 5 · book` */
export function titleOf({ kind, path, versions }: Wanted, words: Words): string {
  const book = path.split('/').pop()!.replace(/\.ipynb$/, '');
  const what = { compare: versions.join(' ↔ '), explore: words.__('What if'), versions: words.__('Versions') }[kind];
  return `${what} · ${book}`;
}

/** One tab for each of these. */
export function keyOf({ kind, path, versions }: Wanted): string {
  return [kind, path, ...versions].join(':');
}

/** What a saved layout holds, if it is of this shape. */
export function readArguments(data: Record<string, unknown>): TabArguments {
  const { id, kind, path, versions } = data;
  const fits =
    (kind === 'compare' || kind === 'explore' || kind === 'versions') &&
    typeof id === 'string' &&
    typeof path === 'string' &&
    Array.isArray(versions) &&
    versions.every(Number.isInteger) &&
    (kind === 'compare') === versions.length > 1;
  if (!fits) throw new Error('There is no such tab.');
  return { id, kind, path, versions };
}
