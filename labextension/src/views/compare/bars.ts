/** A figure before and after as two bars, one above the other: a hollow one, a filled one. */
import { s } from '../dom';

const WIDTH = 140;
const HEIGHT = 18;
const EDGE = 2;

/**
 * `widest` is the largest figure of all that stand below each other; where any of them is negative, zero is in the middle.
 * What is null has no bar.
 */
export function bars(before: number | null, after: number | null, widest: number, isSigned: boolean, told: string): SVGElement {
  const zero = isSigned ? WIDTH / 2 : EDGE;
  const room = isSigned ? WIDTH / 2 - EDGE : WIDTH - 2 * EDGE;
  const bar = (value: number | null, y: number, kind: string): SVGElement | null => {
    if (value === null) return null;
    const length = widest ? Math.min(Math.abs(value) / widest, 1) * room : 0;
    // what is there and tiny is still seen
    const width = value ? Math.max(length, 1) : 0;
    return s('rect', { class: kind, x: (value < 0 ? zero - width : zero).toFixed(1), y, width: width.toFixed(1), height: 6 });
  };
  return s(
    'svg',
    { class: 'hxd-bars-pair', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: 'img', 'aria-label': told },
    bar(before, 2, 'hxd-bar-before'),
    bar(after, 10, 'hxd-bar-after'),
    s('path', { class: 'hxd-base', d: `M${zero},0V${HEIGHT}` })
  );
}
