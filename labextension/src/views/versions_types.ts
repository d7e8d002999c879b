/** What the kernel sends of versions: the JSON of `view/documents.py` (versions) and `view/version_pages.py`. Seconds. */

/** A number; what is no finite one is a string (`nan`, `inf`). */
export type Figure = number | string;

export interface Metric {
  name: string;
  /** Which way it is better; empty where nobody knows. */
  direction: 'higher' | 'lower' | '';
}

export interface Row {
  id: number;
  parent: number | null;
  /** Column of the commit graph. */
  lane: number;
  message: string;
  /** Since the epoch. */
  created: number;
  status: string;
  seconds: number;
  /** Less than computing everything would have taken. */
  saved: Figure;
  compute: number;
  load: number;
  prune: number;
  metrics: Record<string, Figure>;
  tags: string[];
  note: string;
  error: string;
  /** Another number once the row is another. */
  mark: number;
}

/** Rows, oldest first, and the metrics in them. */
export interface RowsPage {
  metrics: Metric[];
  versions: Row[];
}

export interface VersionsDocument extends RowsPage {
  format: number;
  workflow: string;
  /** Which session's they are; a kernel of an earlier release does not say. */
  session?: string;
  current: number | null;
  /** Of all versions: their number, and their marks XORed. */
  total: number;
  marks: number;
}

export interface VersionDetails extends Omit<Row, 'metrics' | 'mark'> {
  metrics: { name: string; value: Figure; delta: Figure | null; better: boolean | null; direction: string }[];
  nodes: { name: string; state: string; seconds: number; bytes: number; reason: string }[];
  /** Seconds of computing everything. */
  full: Figure;
}
