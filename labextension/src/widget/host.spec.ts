import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hostOf, type Model } from './host';

let sent: { ask: string; id: number }[];
let heard: ((message: unknown) => void) | undefined;
let model: Model;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  model = {
    get: () => undefined,
    on: (event, handler) => void (event === 'msg:custom' && (heard = handler as typeof heard)),
    off: () => void (heard = undefined),
    send: content => void sent.push(content as (typeof sent)[0])
  };
});

afterEach(() => vi.useRealTimers());

test('answers find their questions', async () => {
  const host = hostOf(model);
  const [first, second] = [host.ask('details', { node: 'a' }), host.ask('details', { node: 'b' })];
  heard!({ answer: sent[1].id, data: 2 });
  heard!({ event: 'end', status: 'done' });
  heard!({ answer: sent[0].id, problem: 'no' });
  await expect(second).resolves.toBe(2);
  await expect(first).rejects.toThrow('no');
});

test('a kernel that is busy is waited for', async () => {
  const asked = hostOf(model).ask('details');
  await vi.advanceTimersByTimeAsync(600_000);
  heard!({ answer: sent[0].id, data: 1 });
  await expect(asked).resolves.toBe(1);
});

test('a kernel that was restarted is said once for all, and nothing is thrown', async () => {
  const lost = vi.fn();
  const handlers: Record<string, () => void> = {};
  model.get = name => (name === 'kind' ? 'dag' : undefined);
  model.on = (event, handler) => void (handlers[event] = handler as () => void);
  model.send = () => {
    throw new Error('Cannot send');
  };
  const host = hostOf(model, lost);
  const words = 'The kernel was restarted, or is gone: run %helix dag again to go on.';
  await expect(host.ask('details')).rejects.toThrow(words);
  expect(lost).toHaveBeenCalledWith(words);
  lost.mockClear();
  handlers.comm_live_update();
  await vi.advanceTimersByTimeAsync(0);
  expect(lost).toHaveBeenCalledWith(words);
});

test('a file beside the notebook has a link where the front end tells where that is', () => {
  const host = hostOf(model);
  expect(host.link!('a b.html')).toBeNull();
  model.widget_manager = { context: { path: 'RTC:some/place/book.ipynb' } };
  document.body.innerHTML = '<script id="jupyter-config-data" type="application/json">{"baseUrl":"/user/x/"}</script>';
  expect(host.link!('a b.html')).toBe('/user/x/files/some/place/a%20b.html');
});

test('a run is stopped by the kernel itself, else from outside', async () => {
  const host = hostOf(model);
  const stopped = host.stop();
  heard!({ answer: sent[0].id, data: true });
  await expect(stopped).resolves.toBeUndefined();

  const interrupt = vi.fn(async () => undefined);
  model.widget_manager = { kernel: { interrupt } };
  const again = host.stop();
  await vi.advanceTimersByTimeAsync(2_000);
  await again;
  expect(interrupt).toHaveBeenCalledOnce();

  model.widget_manager = {};
  const last = expect(host.stop()).rejects.toThrow('stop button');
  await vi.advanceTimersByTimeAsync(2_000);
  await last;
});
