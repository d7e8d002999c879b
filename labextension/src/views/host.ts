/** What a shell gives to the views: the one way by which a user's intents leave them. */
export interface Host {
  /** Ask the kernel; rejects with its words where it has no answer. */
  ask<Answer>(question: string, details?: Record<string, unknown>): Promise<Answer>;
  /** Stop the run that is underway; rejects where nothing could be reached that stops it. */
  stop(): Promise<void>;
  /** Where the front end opens a file beside the notebook; null where it cannot tell. */
  link?(path: string): string | null;
  /** The user chose a node: show where it comes from, if this shell has such a place. */
  visit?(node: string): void;
}
