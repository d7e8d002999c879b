import { expect, test, vi } from 'vitest';
import { button } from '../views/buttons';
import { h } from '../views/dom';
import { shell } from './shell';
import type { Model } from './host';

test('without its kernel a view says so, and its buttons do nothing', async () => {
  const act = vi.fn();
  const shown: unknown[] = [];
  const model: Model = {
    get: name => (name === 'kind' ? 'versions' : '[[],{"versions":[]}]'),
    on: () => undefined,
    off: () => undefined,
    send: () => {
      throw new Error('Cannot send');
    }
  };
  const widget = shell(host => ({
    element: h('div', {}, button('Ask', '', () => void host.ask('anything').catch(act)), button('Again', '', act)),
    show: (document: unknown) => void shown.push(document),
    dispose: () => undefined
  }));
  const el = h('div', {});
  document.body.append(el);
  widget.render({ model, el });
  expect(shown).toEqual([{ versions: [] }]);
  const [ask, again] = el.querySelectorAll('button');
  ask.click();
  await Promise.resolve();
  expect(el.querySelector('[role=status]')!.textContent).toContain('run %helix versions again');
  act.mockClear();
  again.click();
  expect(act).not.toHaveBeenCalled();
  expect(again.matches(':disabled')).toBe(true);
});
