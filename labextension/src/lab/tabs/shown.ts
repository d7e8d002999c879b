/** Which view a tab shows, what it asks first, and when it asks anew. A chunk of its own: it is loaded with the first tab. */
import type { ComparisonDocument, DiffDocument } from '../../views/compare/types';
import { ComparisonView } from '../../views/comparison';
import { DiffView, type DrawCode } from '../../views/diff';
import { ExploreView } from '../../views/explore';
import type { Host } from '../../views/host';
import { VersionsView } from '../../views/versions';
import type { VersionsDocument } from '../../views/versions_types';
import type { View } from '../../views/view';
import type { PanelDocument } from '../wire';
import type { TabArguments } from './kinds';

export interface Shown {
  view: View;
  /** Ask the kernel for what is shown, and show it. */
  load(): Promise<void>;
  /** The part of the workflow that it is to be loaded anew for; null: it stays. */
  follows: keyof PanelDocument | null;
}

export function show({ kind, versions }: TabArguments, host: Host, code: DrawCode): Shown {
  if (kind === 'explore') {
    const view = new ExploreView(host);
    return { view, load: () => view.look(), follows: 'dag' };
  }
  if (kind === 'versions') {
    const view = new VersionsView(host);
    return { view, load: async () => view.show(await host.ask<VersionsDocument>('history')), follows: 'versions' };
  }
  if (versions.length > 2) {
    const view = new ComparisonView(host);
    return { view, load: async () => view.show(await host.ask<ComparisonDocument>('comparison', { versions })), follows: null };
  }
  const view = new DiffView(host, code);
  const [a, b] = versions;
  return { view, load: async () => view.show(await host.ask<DiffDocument>('diff', { a, b })), follows: null };
}
