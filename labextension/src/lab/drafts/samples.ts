/** Rows for tests. */
import type { Row } from './wire';

export function row(node: string, given: Partial<Row> = {}): Row {
  return {
    cell: `cell-${node}`,
    node,
    outputs: [node],
    inputs: {},
    state: 'compute',
    value: 'stale',
    reason: 'line 2 changed',
    seconds: 2,
    declared: true,
    failed: false,
    problem: '',
    ...given
  };
}

/** Words that are not translated. */
export const words = {
  __: (text: string, ...values: unknown[]): string => text.replace(/%(\d)/g, (_, at) => String(values[Number(at) - 1])),
  _n: (one: string, many: string, count: number): string => (count === 1 ? one : many).replace('%1', String(count))
};
