/** What the kernel sends of a what-if: the JSON of `session/explore_pane.py` and `view/explore_snapshot.py`. */
import type { Picture } from '../types';

/** What would be otherwise; whatever is empty or null is as it is. */
export interface Question {
  targets: string[] | null;
  force: string[];
  pin: string[];
  never: string[];
  unpin: string[];
  drop: string[];
  /** Bytes, or text as a person writes them. */
  budget: number | string | null;
  policy: string | null;
}

/** A node as it is or would be. */
export interface Outlook {
  state: string;
  place: string | null;
  reason: string;
  seconds: number | null;
  keeping: '' | 'pinned' | 'never stored';
  /** Bytes that the run writes. */
  kept: number;
}

export interface ExploredNode {
  name: string;
  changed: boolean;
  dropped: boolean;
  actual: Outlook;
  explored: Outlook | null;
}

export interface Going {
  node: string;
  bytes: number;
  reason: string;
  current: boolean;
}

export interface Totals {
  seconds: number | null;
  bytes_read: number;
  targets: string[];
  guessed: string[];
  budget: number;
  policy: string;
  used: number;
  written: number;
  next_seconds: number | null;
  unsized: string[];
  gone_before: Going[];
  gone_during: Going[];
}

export interface CurvePoint {
  budget: number;
  used: number;
  seconds: number | null;
}

export interface Explored {
  format: number;
  question: Question;
  nodes: ExploredNode[];
  actual: Totals;
  explored: Totals;
  dropped: string[];
  curve: CurvePoint[];
  problem: string;
}

export interface ExploreDocument {
  picture: Picture;
  explored: Explored;
  policies: string[];
  applied: boolean;
}

/** The answer to `apply` and `undo`. */
export interface Made {
  document: ExploreDocument;
  /** The magic line that runs what was applied. */
  run: string;
  /** Stored values that were deleted; after `undo` those that are gone for good. */
  gone: Going[];
}
