/** A drawn mark for each state, 10 by 10 pixels, so that colour never tells anything alone; `view/icons.py` has the same. */
import { s } from './dom';

const SHAPES: Record<string, string> = {
  compute: 'M2,1L9,5L2,9Z',
  load: 'M5,.8V6.2M2.4,3.8L5,6.4L7.6,3.8M1,9.2H9',
  prune: 'M1.5,5H8.5',
  failed: 'M2,2L8,8M8,2L2,8',
  error: 'M5,1L9.300,9H.700ZM5,4V6.100M5,7.500V7.600',
  interrupted: 'M2,2H8V8H2Z',
  dropped: 'M2,2L8,8M8,2L2,8',
  done: 'M1.2,5.4L4,8.2L8.8,2',
  queued: 'M5,1.2a3.8,3.8 0 1,0 .01,0M5,2.9V5.2L6.7,6.4',
  running: 'M2,1L9,5L2,9Z',
  loaded: 'M5,.8V6.2M2.4,3.8L5,6.4L7.6,3.8M1,9.2H9',
  left: 'M1.5,5H8.5',
  unreached: 'M1.5,5H8.5',
  added: 'M5,1.2V8.8M1.2,5H8.8',
  removed: 'M1.2,5H8.8',
  edited: 'M1.4,8.6L2,6.3L6.9,1.4L8.6,3.1L3.7,8Z',
  affected: 'M1.2,5H8M5.4,2.2L8.2,5L5.4,7.8',
  same: 'M1.5,3.4H8.5M1.5,6.6H8.5',
  fresh: 'M2.2,5a2.8,2.8 0 1,0 5.6,0a2.8,2.8 0 1,0 -5.6,0',
  stale: 'M2.2,5a2.8,2.8 0 1,0 5.6,0a2.8,2.8 0 1,0 -5.6,0M2.2,5H7.8',
  none: 'M1.6,5a3.4,3.4 0 1,0 6.8,0a3.4,3.4 0 1,0 -6.8,0'
};

export function shape(state: string): string {
  return SHAPES[state] ?? SHAPES.none;
}

/** The mark as a small picture to stand in a line of text. */
export function icon(state: string): SVGElement {
  return s(
    'svg',
    { class: `hx-mark hx-is-${known(state)}`, viewBox: '0 0 10 10', width: 10, height: 10, 'aria-hidden': 'true' },
    s('path', { class: 'hx-icon', d: shape(state) })
  );
}

/** A state that the style sheet knows; a name from outside never becomes a class. */
export function known(state: string | null): string {
  return state !== null && Object.hasOwn(SHAPES, state) ? state : 'none';
}
