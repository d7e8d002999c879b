/** The workflow's picture with what a run would do of the cells as they stand. Pure. */
import type { Picture, PictureNode } from '../../views/types';
import type { Row } from './wire';

const VALUES = ['fresh', 'stale', 'none'] as const;

/**
 * Edges and boxes are those that are declared; collapsed groups stay as they are. `broken`: {node: why its cell cannot be
 * declared}, for which no run can be told.
 */
export function asTyped(picture: Picture, nodes: ReadonlyMap<string, Row>, broken: ReadonlyMap<string, string>): Picture {
  const drawn = (node: PictureNode): PictureNode => {
    const problem = broken.get(node.name);
    return problem === undefined ? typed(node, nodes.get(node.name)) : { ...node, state: 'error', reason: problem, value: node.value === 'none' ? 'none' : 'stale' };
  };
  return { ...picture, nodes: picture.nodes.map(drawn) };
}

function typed(node: PictureNode, row: Row | undefined): PictureNode {
  if (!row?.state) return node;
  const { state, reason, seconds, waits } = row;
  return { ...node, state, reason: waits || reason, seconds, value: VALUES.find(value => value === row.value) ?? node.value };
}
