/** The newest versions as rows of a list: what each changed against the one that it was made from. Pure. */
import { duration } from '../views/text';
import type { VersionEntry, Versions } from './wire';

export interface MetricCell {
  name: string;
  value: string;
  /** `+0.012`; empty where there is nothing to compare with. */
  delta: string;
  /** Whether that is better, by the metric's direction; null where nobody said which way is. */
  better: boolean | null;
}

export interface VersionRow {
  id: number;
  parent: number | null;
  isCurrent: boolean;
  /** The mark of `views/icons.ts`. */
  mark: string;
  title: string;
  /** `2 computed, 1 loaded · 3.2 s`. */
  did: string;
  created: number;
  tags: string[];
  metrics: MetricCell[];
}

const MARKS: Record<string, string> = { done: 'done', failed: 'failed', interrupted: 'interrupted' };

/** Newest first. */
export function versionRows(versions: Versions): VersionRow[] {
  const known = new Map(versions.versions.map(version => [version.id, version]));
  return versions.versions
    .map(version => ({
      id: version.id,
      parent: version.parent,
      isCurrent: version.id === versions.current,
      mark: MARKS[version.status] ?? 'none',
      title: version.message || version.error || '',
      did: did(version),
      created: version.created,
      tags: version.tags,
      metrics: versions.metrics
        .filter(({ name }) => version.metrics[name] !== undefined)
        .map(({ name, direction }) => cell(name, direction, version, known.get(version.parent ?? -1)))
    }))
    .reverse();
}

/** A row in a line, to choose it by: `3 · best · other rule · accuracy 0.81 · 2 computed · 3.2 s · 5 min`. */
export function rowLine({ id, tags, title, metrics, did, created }: VersionRow, now: number): string {
  const measured = metrics.slice(0, FEW).map(({ name, value }) => `${name} ${value}`);
  return [String(id), ...tags, title, ...measured, did, ago(created, now)].filter(Boolean).join(' · ');
}

const FEW = 2;

function did(version: VersionEntry): string {
  const counts = [
    [version.compute, 'computed'],
    [version.load, 'loaded']
  ] as const;
  const told = counts.filter(([count]) => count > 0).map(([count, verb]) => `${count} ${verb}`);
  return [told.join(', ') || 'nothing to do', duration(version.seconds)].filter(Boolean).join(' · ');
}

function cell(name: string, direction: string, version: VersionEntry, parent: VersionEntry | undefined): MetricCell {
  const [value, before] = [version.metrics[name], parent?.metrics[name]];
  const delta = typeof value === 'number' && typeof before === 'number' ? value - before : 0;
  const better = delta && direction ? delta > 0 === (direction === 'higher') : null;
  return { name, value: figure(value), delta: delta ? `${delta > 0 ? '+' : '−'}${figure(Math.abs(delta))}` : '', better };
}

/** At most four digits that tell something, but all of those before the point. */
export function figure(value: number | string): string {
  if (typeof value === 'string') return value;
  return value.toLocaleString('en', Math.abs(value) < 1000 ? { maximumSignificantDigits: 4 } : { maximumFractionDigits: 0 });
}

/** `now`, `5 min`, `3 h`, `2 d`: how long ago. Seconds since the epoch. */
export function ago(created: number, now: number): string {
  const seconds = Math.max(now - created, 0);
  const units: [number, string][] = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min']
  ];
  for (const [unit, name] of units) if (seconds >= unit) return `${Math.floor(seconds / unit)} ${name}`;
  return 'now';
}
