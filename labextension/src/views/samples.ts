/** Pictures for tests. */
import type { Picture, PictureNode } from './types';

export function node(name: string, given: Partial<PictureNode> = {}): PictureNode {
  return {
    name,
    outputs: [name],
    state: 'compute',
    reason: 'code edited',
    seconds: 1.5,
    bytes: 2_000,
    group: null,
    update: false,
    metrics: false,
    value: 'stale',
    last: { state: 'compute', seconds: 2, reason: 'new' },
    lines: [name],
    members: [],
    ...given
  };
}

/** Nodes below each other; `edges` as pairs. */
export function picture(nodes: PictureNode[], edges: [string, string][] = []): Picture {
  return {
    format: 1,
    nodes,
    edges: edges.map(([parent, child]) => ({ parent, child, names: [parent], chain: false })),
    layout: {
      width: 120,
      height: nodes.length * 80,
      nodes: Object.fromEntries(nodes.map((one, at) => [one.name, [0, at * 80, 120, 56]])),
      edges: edges.map(([parent, child]) => [parent, child, [60, 56, 60, 60, 60, 70, 60, 80]])
    },
    groups: [],
    plan: { seconds: 1.5, targets: [], guessed: [] },
    version: 1
  };
}

export const HOSTILE = [
  '<script>window.hurt = 1</script>',
  '"><img src=x onerror="window.hurt = 1">',
  "' onmouseover='window.hurt = 1",
  ']]></style></svg><b>bold</b>',
  'javascript:window.hurt=1',
  'a\u202eb\u0000c\ud800',
  '__proto__',
  'constructor',
  '漢字 🎉 שלום'
];
