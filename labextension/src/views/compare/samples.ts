/** Versions beside each other, for tests. */
import { node, picture } from '../samples';
import type { ComparisonDocument, DiffDocument, NodeChange, Row, ValueChange, VersionHead } from './types';

export function head(id: number, text = ''): VersionHead {
  return { id, message: text, created: 1e9 + id, seconds: id, tags: text ? [text] : [], note: text };
}

export const ROWS: Row[] = [
  { skipped: 2, lines: [[1, 1, 'import os', 'kkkkkk   '], [2, 2, '', '']] },
  {
    before: { number: 3, changed: true, pieces: [['m = f(C=', false], ['0.1', true], [')', false]], kinds: '        nnn ' },
    after: { number: 3, changed: true, pieces: [['m = f(C=', false], ['1.0', true], [')', false]], kinds: '        nnn ' }
  },
  { before: null, after: { number: 4, changed: true, pieces: [['x = 1', false]], kinds: '    n' } }
];

export function change(name: string, given: Partial<NodeChange> = {}): NodeChange {
  return { name, change: 'edited', reasons: ['code edited'], outputs: { [name]: true }, shows: null, seconds: [1, 2], bytes: [1000, 2000], code: ROWS, ...given };
}

const HISTOGRAM = { before: [1, 3], after: [2, 2], edges: [0, 1, 2], labels: [], others: false, bounds: null };

/** One value of each kind, and one that is gone. */
export function values(text = 'v'): ValueChange[] {
  const common = (kind: string): Omit<ValueChange, 'kind' | 'detail'> => ({
    label: `${text}.${kind}`, node: text, output: kind, summaries: [text, `${text} now`], bytes: [1000, 2000], missing: [], facts: [text]
  });
  return [
    {
      ...common('frame'),
      kind: 'frame',
      detail: {
        rows: [10, 9],
        added: [[`${text} new`, text]],
        removed: [[`${text} old`, text]],
        columns: [
          { column: text, dtypes: [text, `${text} now`], missing: [0, 3], means: [1, 1.5], shift: 0.25, histogram: HISTOGRAM, reordered: false },
          { column: `${text} word`, dtypes: ['str', 'str'], missing: [0, 0], means: [null, null], shift: null, histogram: { ...HISTOGRAM, edges: [], labels: [text], others: true }, reordered: true }
        ],
        same: 2
      }
    },
    { ...common('array'), kind: 'array', detail: { shift: 0.001, histogram: { ...HISTOGRAM, bounds: [text, text] } } },
    {
      ...common('model'),
      kind: 'model',
      detail: {
        types: [text, text],
        parameters: [{ name: text, before: '0.1', after: text }],
        same_parameters: 3,
        weight: 'coefficient',
        weights: [
          { feature: `${text} age`, before: 0.5, after: -1 },
          { feature: `${text} new`, before: null, after: 0.25 },
          { feature: `${text} odd`, before: 'nan', after: 0.2 }
        ],
        same_weights: 0
      }
    },
    { ...common('plain'), kind: 'plain', detail: { entries: [{ path: text, before: text, after: null }] } },
    { ...common('gone'), kind: '', detail: null, facts: [], missing: [{ version: 1, why: 'not stored', seconds: 12, bytes: 5 }] }
  ];
}

export function diff(text = 'v', given: Partial<DiffDocument> = {}): DiffDocument {
  return {
    format: 1,
    before: head(1, text),
    after: head(2, text),
    counts: { added: 1, removed: 0, edited: 1, affected: 0, same: 3 },
    everything: false,
    graph: picture([node(text, { state: 'edited', reason: text }), node(`${text} new`, { state: 'added', bytes: null })], [[text, `${text} new`]]),
    nodes: [change(text, { reasons: [text] }), change(`${text} new`, { change: 'added', code: [ROWS[2]] })],
    definitions: [{ name: text, nodes: [text], code: ROWS.slice(1) }],
    parameters: [{ node: text, label: text, before: '0.1', after: text, line: 1 }],
    metrics: [
      { name: `${text} auc`, before: 0.5, after: 0.75, delta: 0.25, direction: 'higher', better: true },
      { name: `${text} loss`, before: 0.5, after: 0.75, delta: 0.25, direction: 'lower', better: false },
      { name: `${text} odd`, before: 'nan', after: null, delta: null, direction: '', better: null }
    ],
    packages: [{ name: text, before: '1.0', after: text }],
    values: values(text),
    figures: [{ node: text, pairs: [{ before: { kind: 'image/png', source: 'data:image/png;base64,AAAA' }, after: { kind: text, source: text } }] }],
    seconds: [3, 4],
    ...given
  };
}

export function comparison(text = 'v'): ComparisonDocument {
  return {
    format: 1,
    versions: [1, 2, 3].map(id => head(id, text)),
    parameters: [{ node: text, label: text, values: ['0.1', text, null] }],
    metrics: [{ name: `${text} auc`, direction: 'higher', best: 0.75, values: [0.5, 0.75, 'nan'] }],
    nodes: [{ name: text, changes: [null, 'edited', 'affected'] }],
    axes: [
      { name: text, direction: '', values: [0.1, 1, null] },
      { name: `${text} auc`, direction: 'higher', values: [0.5, 0.75, 'nan'] }
    ]
  };
}
