/** The two texts that rows of a difference are made of. Pure. */
import type { Line, Row } from '../../views/compare/types';

export interface Texts {
  /** Null where there is none on that side. */
  before: string | null;
  after: string | null;
}

export function textsOf(rows: readonly Row[]): Texts {
  const before: string[] = [];
  const after: string[] = [];
  for (const row of rows) {
    if ('skipped' in row) {
      for (const [, , text] of row.lines) {
        before.push(text);
        after.push(text);
      }
    } else {
      if (row.before) before.push(said(row.before));
      if (row.after) after.push(said(row.after));
    }
  }
  return { before: joined(before), after: joined(after) };
}

function said(line: Line): string {
  return line.pieces.map(([text]) => text).join('');
}

function joined(lines: string[]): string | null {
  return lines.length ? lines.join('\n') : null;
}
