/** The workflow's picture with what a run would do of the cells as they stand. Pure. */
import type { Picture, PictureNode } from '../../views/types';
import type { Row } from './wire';

const VALUES = ['fresh', 'stale', 'none'] as const;

/** Edges and boxes are those that are declared; collapsed groups stay as they are. */
export function asTyped(picture: Picture, nodes: ReadonlyMap<string, Row>): Picture {
  return { ...picture, nodes: picture.nodes.map(node => typed(node, nodes.get(node.name))) };
}

function typed(node: PictureNode, row: Row | undefined): PictureNode {
  if (!row?.state) return node;
  const { state, reason, seconds } = row;
  return { ...node, state, reason, seconds, value: VALUES.find(value => value === row.value) ?? node.value };
}
