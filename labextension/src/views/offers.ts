/** What the page around a view may do in the view's stead, as JupyterLab writes to cells: asked by an event on its way up. */

export const OFFER = 'helix-offer';

export interface Offer {
  what: 'checkout' | 'compare';
  versions: readonly number[];
  /** Which session's versions they are, as the kernel calls it. */
  session: string;
  /** Set by whoever takes it: what is to be said once it is done. */
  taken: Promise<string[] | void> | null;
}

/** Offer something to the page around `element`; null where nobody takes it. */
export function offer(element: Element, what: Offer['what'], versions: readonly number[], session = ''): Offer['taken'] {
  const detail: Offer = { what, versions, session, taken: null };
  element.dispatchEvent(new CustomEvent(OFFER, { bubbles: true, detail }));
  return detail.taken;
}
