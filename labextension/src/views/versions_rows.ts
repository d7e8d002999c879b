/** All rows that are known, put together from documents and pages, and whether they are all that there are. */
import type { Host } from './host';
import type { Metric, Row, RowsPage, VersionsDocument } from './versions_types';

export interface Rows {
  /** Newest first. */
  list: readonly Row[];
  metrics: readonly Metric[];
  /** Whether these are all versions, each as it is now. */
  isWhole: boolean;
}

export const NO_ROWS: Rows = { list: [], metrics: [], isWhole: true };

/** What is known after a document. Of the versions that it does not show, what was known stays until pages come. */
export function afterDocument(known: Rows, document: VersionsDocument): Rows {
  const oldest = document.versions[0]?.id ?? 0;
  const list = [...reversed(document.versions), ...known.list.filter(row => row.id < oldest)];
  return { list, metrics: joined(document.metrics, known.metrics), isWhole: isWhole(list, document) };
}

/** What is known after all pages below the document's versions have come. */
export function afterPages(known: Rows, document: VersionsDocument, pages: readonly RowsPage[]): Rows {
  const list = [document, ...pages].flatMap(page => reversed(page.versions));
  const metrics = pages.reduce((found, page) => joined(found, page.metrics), joined(document.metrics, known.metrics));
  return { list, metrics, isWhole: isWhole(list, document) };
}

/** The versions that the document has no room for, as the kernel gives them, page by page. */
export async function* pagesBelow(host: Host, document: VersionsDocument): AsyncGenerator<RowsPage> {
  let before = document.versions[0]?.id ?? Number.MAX_SAFE_INTEGER;
  for (let left = document.total - document.versions.length; left > 0; ) {
    const page = await host.ask<RowsPage>('rows', { before });
    if (!page.versions.length) return;
    yield page;
    left -= page.versions.length;
    before = page.versions[0].id;
  }
}

function isWhole(list: readonly Row[], { total, marks }: VersionsDocument): boolean {
  return list.length === total && list.reduce((all, row) => all ^ row.mark, 0) >>> 0 === marks;
}

function joined(first: readonly Metric[], further: readonly Metric[]): Metric[] {
  const names = new Set(first.map(metric => metric.name));
  return [...first, ...further.filter(metric => !names.has(metric.name))];
}

function reversed<Item>(items: readonly Item[]): Item[] {
  return [...items].reverse();
}
