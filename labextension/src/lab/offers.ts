/** What views in the outputs of a notebook leave to this extension, because it knows the cells. */
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { OFFER, type Offer } from '../views/offers';
import type { Links } from './links';

type Take = (panel: NotebookPanel, offer: Offer) => Offer['taken'];

/** Take offers of views that show the very session that their notebook is linked to. */
export function takeOffers(tracker: INotebookTracker, links: Links, take: Take): void {
  document.addEventListener(OFFER, event => {
    const { detail, target } = event as CustomEvent<Offer>;
    const panel = tracker.find(one => one.node.contains(target as Node));
    const link = panel && links.of(panel);
    if (link?.state !== 'loaded' || !detail.session || link.document.session !== detail.session) return;
    detail.taken = take(panel!, detail);
  });
}
