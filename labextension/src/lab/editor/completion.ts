/** Names that nodes give, in cells, and nodes behind `%helix VERB`, known or not yet to the kernel; also while it is busy. */
import type { CompletionHandler, ICompletionContext, ICompletionProvider } from '@jupyterlab/completer';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Drafts } from '../drafts/drafts';
import { told } from '../drafts/told';
import type { Words } from '../sidebar/words';
import { outputNames, placeIn, type Candidate } from './names';

export class NodeCompletions implements ICompletionProvider {
  readonly identifier = 'helix-jupyter:nodes';
  // beside the kernel's own
  readonly rank = 520;
  readonly renderer = null;

  constructor(
    private readonly words: Words,
    private readonly draftsOf: (panel: NotebookPanel) => Drafts | undefined
  ) {}

  async isApplicable({ widget }: ICompletionContext): Promise<boolean> {
    return Boolean(this.draftsOf(widget as NotebookPanel)?.nodes.size);
  }

  async fetch({ text, offset }: CompletionHandler.IRequest, { widget }: ICompletionContext): Promise<CompletionHandler.ICompletionItemsReply> {
    const nodes = this.draftsOf(widget as NotebookPanel)?.nodes ?? new Map();
    const place = placeIn(text, offset);
    if (!place) return { start: offset, end: offset, items: [] };
    const candidates = place.kind === 'code' ? outputNames(nodes) : [...nodes.values()].map((row): Candidate => ({ name: row.node, row }));
    const begun = text.slice(place.start, offset);
    const items = candidates
      .filter(({ name }) => name.startsWith(begun))
      .map(({ name, row }) => ({ label: name, type: 'node', documentation: told(row, undefined, this.words, 0).sentence }));
    return { start: place.start, end: offset, items };
  }
}
