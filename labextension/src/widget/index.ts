/**
 * The shell for anywidget: a model of the kernel becomes a host of the views. It works wherever anywidget does; what a
 * front end offers beyond that contract is used where it is there.
 */
import { ComparisonView } from '../views/comparison';
import { DagView } from '../views/dag';
import { DiffView } from '../views/diff';
import type { Host } from '../views/host';
import type { RunMessage } from '../views/types';
import { VersionsView } from '../views/versions';
import type { View } from '../views/view';
import { hostOf, type Model } from './host';

/** By the name that `session/panes.py` gives them. */
const VIEWS: Record<string, (host: Host) => View> = {
  dag: host => new DagView(host),
  diff: host => new DiffView(host),
  comparison: host => new ComparisonView(host),
  versions: host => new VersionsView(host)
};

export default {
  render({ model, el }: { model: Model; el: HTMLElement }): () => void {
    const host = hostOf(model);
    const view = VIEWS[model.get('kind') as string](host);
    el.append(view.element);
    const show = (): void => view.show(model.get('document') as never);
    const hear = (message: unknown): void => {
      if (isRunMessage(message)) view.hear?.(message);
    };
    show();
    model.on('change:document', show);
    model.on('msg:custom', hear);
    // a page may be loaded while a run is underway; a notebook may be opened without a kernel
    if (view.hear) host.ask<unknown[]>('run').then(messages => messages.forEach(hear), () => undefined);
    return () => {
      model.off('change:document', show);
      model.off('msg:custom', hear);
      host.dispose();
      view.dispose();
    };
  }
};

function isRunMessage(message: unknown): message is RunMessage {
  return typeof message === 'object' && message !== null && 'event' in message;
}
