/** What the kernel sends: the JSON of `view/picture.py`, and a run's messages of `view/live.py`. Seconds and bytes. */

export interface PictureNode {
  name: string;
  outputs: string[];
  /** What a run would do with it (or did), null where nobody has said. */
  state: string | null;
  reason: string;
  seconds: number | null;
  bytes: number | null;
  group: string | null;
  update: boolean;
  metrics: boolean;
  /** Whether the value at hand is that of the code as it stands. */
  value: 'fresh' | 'stale' | 'none' | null;
  /** What the last run did with it. */
  last: { state: string; seconds: number | null; reason: string } | null;
  /** The name as it is broken into the box's lines. */
  lines: string[];
  /** Of a collapsed group, what is inside. */
  members: string[];
}

export interface PictureEdge {
  parent: string;
  child: string;
  names: string[];
  chain: boolean;
}

export type Box = [x: number, y: number, width: number, height: number];

export interface Layout {
  width: number;
  height: number;
  nodes: Record<string, Box>;
  /** Ways as cubic Bezier curves: a start, then three points for each piece, flat. */
  edges: [parent: string, child: string, points: number[]][];
}

export interface Group {
  name: string;
  members: string[];
  collapsed: boolean;
  /** Why it cannot be collapsed; empty where it can. */
  problem: string;
}

export interface Picture {
  format: number;
  nodes: PictureNode[];
  edges: PictureEdge[];
  layout: Layout;
  groups: Group[];
  plan: { seconds: number | null; targets: string[]; guessed: string[] } | null;
  version: number | null;
}

export type Phase = 'queued' | 'running' | 'loaded' | 'done' | 'failed' | 'interrupted' | 'left';

export type RunMessage =
  | { event: 'begin'; nodes: [name: string, state: string, seconds: number | null][]; elapsed?: number }
  | { event: 'changes'; nodes: [name: string, phase: Phase, seconds: number | null][] }
  | { event: 'end'; status: string };

export type Preview =
  | { kind: 'frame'; rows: number; columns: { name: string; type: string }[]; hidden: number; head: string[][]; labels?: string[][] }
  | { kind: 'array'; shape: number[]; type: string; statistics: [name: string, value: string][]; head: string }
  | { kind: 'fields'; title: string; fields: [name: string, value: string][] }
  | { kind: 'image'; source: string; told: string }
  | { kind: 'text'; text: string };

export interface Shown {
  stream: string;
  text: string;
  image: string;
}

export interface Details {
  node: string;
  code: string;
  /** The code in stretches, each of one kind (view.highlight); a kernel of before this was told lacks it. */
  runs?: [text: string, kind: string][];
  state: string;
  reasons: string[];
  outputs: { name: string; summary: string; bytes: number; note: string; preview: Preview | null }[];
  shown: Shown[];
  history: { version: number; state: string; seconds: number; bytes: number }[];
  depends: { kind: string; name: string; detail: string }[];
  inputs: [name: string, node: string][];
}
