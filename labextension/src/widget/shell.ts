/**
 * The shell for anywidget: a model of the kernel becomes a host of the views. It works wherever anywidget does; what a
 * front end offers beyond that contract is used where it is there.
 */
import { fill, h } from '../views/dom';
import type { Host } from '../views/host';
import type { RunMessage } from '../views/types';
import type { View } from '../views/view';
import { hostOf, type Model } from './host';
import { unpack } from './unpack';

/** The module of a widget that shows this view. */
export function shell(make: (host: Host) => View): Widget {
  return { render: of => render(of, make) };
}

interface Widget {
  render(of: Of): () => void;
}

interface Of {
  model: Model;
  el: HTMLElement;
}

function render({ model, el }: Of, make: (host: Host) => View): () => void {
  // whatever is pressed in a disabled one does nothing; a picture in it can still be moved
  const around = h('fieldset', { style: 'border: 0; margin: 0; padding: 0; min-width: 0' });
  const said = h('p', { role: 'status', style: 'margin: 0; padding: 4px 0; font-size: 13px' });
  const host = hostOf(model, words => {
    around.disabled = true;
    fill(said, words);
  });
  const view = make(host);
  around.append(view.element);
  el.append(said, around);
  const show = (): void => view.show(unpack(model.get('packed') as string) as never);
  const hear = (message: unknown): void => {
    if (isRunMessage(message)) view.hear?.(message);
  };
  show();
  model.on('change:packed', show);
  model.on('msg:custom', hear);
  // a page may be loaded while a run is underway; a notebook may be opened without a kernel
  if (view.hear) host.ask<unknown[]>('run').then(messages => messages.forEach(hear), () => undefined);
  return () => {
    model.off('change:packed', show);
    model.off('msg:custom', hear);
    host.dispose();
    view.dispose();
  };
}

function isRunMessage(message: unknown): message is RunMessage {
  return typeof message === 'object' && message !== null && 'event' in message;
}
