/** Which rows of a long list stand in its window. Pure; pixels. */
export const ROW = 30;
/** Of the list, and of the details beside it. */
export const HIGHEST = 470;
/** Rows that are drawn above and below what is seen, so that scrolling finds them there. */
const BEYOND = 10;

export function windowOf(scrolled: number, height: number, count: number): [first: number, end: number] {
  const first = Math.max(Math.floor(scrolled / ROW) - BEYOND, 0);
  return [Math.min(first, count), Math.min(Math.ceil((scrolled + height) / ROW) + BEYOND, count)];
}

/** Where to scroll so that a row is seen, moving no more than needed; `head` covers the top of the window. */
export function revealed(at: number, scrolled: number, height: number, head: number): number {
  const [top, bottom] = [at * ROW, (at + 1) * ROW + head];
  if (top < scrolled) return top;
  return bottom > scrolled + height ? bottom - height : scrolled;
}
