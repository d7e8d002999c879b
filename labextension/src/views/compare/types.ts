/** What the kernel sends of versions beside each other: the JSON of `view/documents.py`. Seconds and bytes. */
import type { Picture } from '../types';

/** A figure; what is no finite number comes as a word. */
export type Figure = number | string | null;
export type Pair<Kind> = [before: Kind, after: Kind];
export type Change = 'added' | 'removed' | 'edited' | 'affected' | 'same';

export interface VersionHead {
  id: number;
  message: string;
  created: number;
  seconds: Figure;
  tags: string[];
  note: string;
}

export interface Line {
  number: number;
  changed: boolean;
  pieces: [text: string, differs: boolean][];
  /** One letter for each character: what it is in the language. */
  kinds: string;
}

/** Equal lines that are folded away. */
export interface Folded {
  skipped: number;
  lines: [before: number, after: number, text: string, kinds: string][];
}

export type Row = Folded | { before: Line | null; after: Line | null };

export interface NodeChange {
  name: string;
  change: Change;
  reasons: string[];
  /** Whether each value differs; null: not known. */
  outputs: Record<string, boolean | null>;
  shows: boolean | null;
  seconds: Pair<Figure>;
  bytes: Pair<number>;
  code: Row[];
}

/** A function or class of the notebook that nodes reach. */
export interface DefinitionChange {
  name: string;
  nodes: string[];
  code: Row[];
}

export interface Metric {
  name: string;
  before: Figure;
  after: Figure;
  delta: Figure;
  direction: string;
  better: boolean | null;
}

export interface Histogram {
  before: number[];
  after: number[];
  edges: Figure[];
  labels: string[];
  others: boolean;
  bounds: Pair<string> | null;
}

export interface ColumnChange {
  column: string;
  dtypes: Pair<string>;
  missing: Pair<number>;
  means: Pair<Figure>;
  shift: number | null;
  histogram: Histogram | null;
  reordered: boolean;
}

export interface FrameChange {
  rows: Pair<number>;
  added: [column: string, dtype: string][];
  removed: [column: string, dtype: string][];
  columns: ColumnChange[];
  same: number;
  /** Of two series, what differs label by label; in words among the facts. */
  labels?: { entries: Entry[] } | null;
}

export interface ArrayChange {
  shift: number | null;
  histogram: Histogram | null;
}

export interface Weight {
  feature: string;
  before: Figure;
  after: Figure;
}

export interface ModelChange {
  types: Pair<string>;
  parameters: Entry[];
  same_parameters: number;
  weight: string;
  weights: Weight[];
  same_weights: number;
}

/** A parameter or an entry of a value, as Python would write it; null where a side does not have it. */
export interface Entry {
  name?: string;
  path?: string;
  before: string | null;
  after: string | null;
}

export interface Missing {
  version: number;
  why: string;
  seconds: number;
  bytes: number;
}

interface Value {
  label: string;
  node: string;
  output: string;
  summaries: Pair<string>;
  bytes: Pair<number>;
  missing: Missing[];
  facts: string[];
}

export type ValueChange = Value &
  (
    | { kind: 'frame'; detail: FrameChange }
    | { kind: 'array'; detail: ArrayChange }
    | { kind: 'model'; detail: ModelChange }
    | { kind: 'plain'; detail: { entries: Entry[] } }
    | { kind: ''; detail: null }
  );

export type Shot = { kind: string; source: string | null } | null;

export interface DiffDocument {
  format: number;
  before: VersionHead;
  after: VersionHead;
  counts: Record<Change, number>;
  everything: boolean;
  graph: Picture;
  nodes: NodeChange[];
  /** Documents of before this was told lack it. */
  definitions?: DefinitionChange[];
  parameters: { node: string; label: string; before: string; after: string; line: number | null }[];
  metrics: Metric[];
  packages: { name: string; before: string | null; after: string | null }[];
  values: ValueChange[];
  figures: { node: string; pairs: { before: Shot; after: Shot }[] }[];
  seconds: Pair<Figure>;
  /** Too large to be saved with a notebook: the rest is to be asked for. */
  left?: boolean;
}

export interface Axis {
  name: string;
  direction: string;
  values: Figure[];
}

export interface ComparisonDocument {
  format: number;
  versions: VersionHead[];
  parameters: { node: string; label: string; values: (string | null)[] }[];
  metrics: { name: string; direction: string; best: Figure; values: Figure[] }[];
  nodes: { name: string; changes: (Change | null)[] }[];
  axes: Axis[];
  left?: boolean;
}
