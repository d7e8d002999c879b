/** Versions for tests. */
import type { Row, VersionDetails, VersionsDocument } from './versions_types';

export function row(id: number, given: Partial<Row> = {}): Row {
  return {
    id,
    parent: id > 1 ? id - 1 : null,
    lane: 0,
    message: `try ${id}`,
    created: 1_700_000_000 + id * 60,
    status: 'done',
    seconds: id,
    saved: 10 - id,
    compute: 2,
    load: 1,
    prune: 4,
    metrics: {},
    tags: [],
    note: '',
    error: '',
    mark: id * 7919,
    ...given
  };
}

/** The document of `rows`, oldest first, of which it shows the newest `shown`. */
export function listOf(rows: Row[], given: Partial<VersionsDocument> = {}, shown = rows.length): VersionsDocument {
  const names = [...new Set(rows.flatMap(one => Object.keys(one.metrics)))];
  return {
    format: 1,
    workflow: 'main',
    current: rows[rows.length - 1]?.id ?? null,
    metrics: names.map(name => ({ name, direction: name === 'loss' ? 'lower' : name === 'auc' ? 'higher' : '' })),
    total: rows.length,
    marks: rows.reduce((all, one) => all ^ one.mark, 0) >>> 0,
    versions: rows.slice(rows.length - shown),
    ...given
  };
}

export function detailsOf(one: Row): VersionDetails {
  return {
    ...one,
    full: 20,
    metrics: Object.entries(one.metrics).map(([name, value]) => ({ name, value, delta: 0.1, better: true, direction: 'higher' })),
    nodes: [{ name: 'model', state: 'compute', seconds: 1, bytes: 5, reason: 'code edited' }]
  };
}
