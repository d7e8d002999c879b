/**
 * The shell for anywidget: a model of the kernel becomes a host of the views. It works wherever anywidget does; what a
 * front end offers beyond that contract is used where it is there.
 */
import { DagView } from '../views/dag';
import type { Picture, RunMessage } from '../views/types';
import { hostOf, type Model } from './host';

export default {
  render({ model, el }: { model: Model; el: HTMLElement }): () => void {
    const host = hostOf(model);
    const view = new DagView(host);
    el.append(view.element);
    const show = (): void => view.show(model.get('picture') as Picture);
    const hear = (message: unknown): void => {
      if (isRunMessage(message)) view.hear(message);
    };
    show();
    model.on('change:picture', show);
    model.on('msg:custom', hear);
    // a page may be loaded while a run is underway; a notebook may be opened without a kernel
    host.ask<unknown[]>('run').then(messages => messages.forEach(hear), () => undefined);
    return () => {
      model.off('change:picture', show);
      model.off('msg:custom', hear);
      host.dispose();
      view.dispose();
    };
  }
};

function isRunMessage(message: unknown): message is RunMessage {
  return typeof message === 'object' && message !== null && 'event' in message;
}
