/** Cells that declare a node, by their text. Pure. */

const MAGIC = /^\s*%%helix(\s|$)/;
const COMMENT = /^\s*#\s*helix:/;

/** Whether a cell's source declares a node: `%%helix NAME` or `# helix: NAME` as its first line. */
export function declaresNode(source: string): boolean {
  return MAGIC.test(source) || COMMENT.test(source);
}

/** Those of a notebook's cells that declare a node. */
export function declaring(cells: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...cells].filter(([, source]) => declaresNode(source)));
}

/** A name as an argument of a magic line. */
export function argument(name: string): string {
  return /^[\w.]+$/u.test(name) ? name : JSON.stringify(name);
}
