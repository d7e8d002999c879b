import { Signal } from '@lumino/signaling';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { node, picture } from '../views/samples';
import type { RunMessage } from '../views/types';
import { Link, type Context } from './link';

/** The kernel's end of what `Wire` does, and the wires that were made. */
const far = vi.hoisted(() => ({ wires: [] as FakeWire[], isLoaded: true, isBusy: false }));

interface FakeWire {
  kernel: unknown;
  sent: { ask?: string; id?: number; protocol?: number }[];
  onSubshell: boolean;
  isOpen: boolean;
  hear(data: unknown): void;
  shut(): void;
}

vi.mock('./kernel', () => ({
  answersSoon: async () => !far.isBusy,
  Wire: class {
    sent: unknown[] = [];
    onSubshell = false;
    isOpen = false;
    hear: (data: unknown) => void = () => undefined;
    shut: () => void = () => undefined;
    constructor(readonly kernel: unknown) {
      far.wires.push(this as never);
    }
    async useSubshell(): Promise<void> {
      this.onSubshell = true;
    }
    async isHeard(): Promise<boolean> {
      return far.isLoaded;
    }
    open(data: unknown, hear: (data: unknown) => void, shut: () => void): void {
      Object.assign(this, { hear, shut, isOpen: true });
      this.sent.push(data);
    }
    send(data: unknown): void {
      this.sent.push(data);
    }
    close(): void {
      this.isOpen = false;
    }
  }
}));

class FakeKernel {
  status = 'idle';
  connectionStatus = 'connected';
  spec: Promise<{ language: string }>;
  announce: () => void = () => undefined;
  supportsSubshells = false;
  interrupt = vi.fn(async () => undefined);
  requestKernelInfo = async (): Promise<void> => undefined;
  constructor(language = 'python') {
    this.spec = Promise.resolve({ language });
  }
  registerCommTarget(_: string, opened: () => void): void {
    this.announce = opened;
  }
}

class FakeContext {
  session: { kernel: FakeKernel } | null;
  kernelChanged = new Signal<this, never>(this);
  statusChanged = new Signal<this, never>(this);
  connectionStatusChanged = new Signal<this, never>(this);
  constructor(kernel: FakeKernel | null) {
    this.session = kernel && { kernel };
  }
  turn(status: string): void {
    this.session!.kernel.status = status;
    this.statusChanged.emit(undefined as never);
  }
  connect(status: string): void {
    this.session!.kernel.connectionStatus = status;
    this.connectionStatusChanged.emit(undefined as never);
  }
}

const HELLO = { hello: { protocol: 1, package: '0.1.0' } };
const wire = (): FakeWire => far.wires.filter(one => one.isOpen).at(-1)!;
const rest = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

async function linked(kernel: FakeKernel | null = new FakeKernel()): Promise<{ link: Link; context: FakeContext }> {
  const context = new FakeContext(kernel);
  const link = new Link(context as unknown as Context);
  await rest();
  return { link, context };
}

beforeEach(() => {
  Object.assign(far, { wires: [], isLoaded: true, isBusy: false });
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
});
afterEach(() => vi.restoreAllMocks());

test('a kernel that has loaded the extension is greeted, and shows its parts one by one', async () => {
  const { link } = await linked();
  const changes: unknown[] = [];
  link.changed.connect((_, parts) => changes.push(parts));
  expect(wire().sent).toEqual([{ protocol: 1 }]);
  expect(link.state).toBe('looking');
  wire().hear(HELLO);
  expect(link.state).toBe('loaded');
  const dag = picture([node('a')]);
  wire().hear({ show: { dag, workflow: 'main' } });
  wire().hear({ show: { store: { bytes: 1, budget: 2 } } });
  expect(link.document).toEqual({ dag, workflow: 'main', store: { bytes: 1, budget: 2 } });
  expect(changes).toEqual([null, { dag, workflow: 'main' }, { store: { bytes: 1, budget: 2 } }]);
});

test('questions find their answers, and are given up with the kernel', async () => {
  const { link, context } = await linked();
  await expect(link.ask('details')).rejects.toThrow('not loaded');
  wire().hear(HELLO);
  const asked = link.ask('details', { node: 'a' });
  const { id } = wire().sent.find(one => one.ask === 'details')!;
  wire().hear({ answer: id, data: 5 });
  await expect(asked).resolves.toBe(5);
  const lost = link.ask('details');
  context.turn('restarting');
  await expect(lost).rejects.toThrow('restarted');
  expect(link.document).toEqual({});
});

test('states that are no link are told apart', async () => {
  expect((await linked(null)).link.state).toBe('none');
  const foreign = (await linked(new FakeKernel('R'))).link;
  expect([foreign.state, foreign.told]).toEqual(['foreign', 'R']);
  const unfit = (await linked()).link;
  wire().hear({ hello: { protocol: 2, package: '9.0' } });
  expect([unfit.state, unfit.told]).toEqual(['unfit', '9.0']);
  far.isLoaded = false;
  const kernel = new FakeKernel();
  const { link, context } = await linked(kernel);
  expect(link.state).toBe('unloaded');
  kernel.announce();
  wire().hear(HELLO);
  expect(link.state).toBe('loaded');
  wire().shut();
  expect(link.state).toBe('unloaded');
  context.turn('dead');
  await rest();
  expect(link.state).toBe('none');
});

test('a kernel that has just loaded the extension is spoken with on a subshell: it may have been given all cells at once', async () => {
  far.isLoaded = false;
  const kernel = new FakeKernel();
  const { link, context } = await linked(kernel);
  kernel.supportsSubshells = true;
  kernel.announce();
  expect(link.state).toBe('looking');
  await rest();
  expect(wire().onSubshell).toBe(true);
  kernel.announce();
  context.turn('restarting');
  await rest();
  expect(far.wires.filter(one => one.isOpen)).toEqual([]);
});

test('a kernel that is restarted is asked anew when it is back', async () => {
  const { link, context } = await linked();
  wire().hear(HELLO);
  far.isLoaded = false;
  context.turn('restarting');
  expect(link.state).toBe('looking');
  context.turn('starting');
  context.turn('idle');
  await rest();
  expect(link.state).toBe('unloaded');
  context.turn('busy');
  context.turn('idle');
  expect(link.state).toBe('unloaded');
});

test('a lost connection is taken up again, and what came over the old one is not heard', async () => {
  const { link, context } = await linked();
  wire().hear(HELLO);
  const old = wire();
  context.connect('connecting');
  context.connect('connected');
  await rest();
  expect(wire()).not.toBe(old);
  old.hear({ show: { workflow: 'old' } });
  wire().hear(HELLO);
  expect(link.document).toEqual({});
  expect(link.state).toBe('loaded');
});

test('another kernel in the middle of it all is the one that counts', async () => {
  const context = new FakeContext(new FakeKernel());
  const link = new Link(context as unknown as Context);
  context.session = { kernel: new FakeKernel('R') };
  context.kernelChanged.emit(undefined as never);
  await rest();
  expect(link.state).toBe('foreign');
  expect(far.wires.filter(one => one.isOpen)).toEqual([]);
});

test('a run that is underway as the page is loaded is asked for, on a subshell where the kernel is busy', async () => {
  far.isBusy = true;
  const { link } = await linked();
  expect(wire().onSubshell).toBe(true);
  const heard: RunMessage[] = [];
  link.heard.connect((_, message) => heard.push(message));
  wire().hear(HELLO);
  const messages = [
    { event: 'begin', nodes: [['a', 'compute', 1]] },
    { event: 'changes', nodes: [['a', 'running', 3]] }
  ];
  wire().hear({ answer: wire().sent.find(one => one.ask === 'run')!.id, data: messages });
  await rest();
  expect(heard).toEqual(messages);
  expect(link.isRunning).toBe(true);
  wire().hear({ event: 'end', status: 'done' });
  expect(link.isRunning).toBe(false);
});

test('a run is stopped by the kernel, else from outside', async () => {
  vi.useFakeTimers();
  const kernel = new FakeKernel();
  const { link } = await linked(kernel);
  wire().hear(HELLO);
  const stopped = link.stop();
  wire().hear({ answer: wire().sent.find(one => one.ask === 'stop')!.id, data: true });
  await stopped;
  expect(kernel.interrupt).not.toHaveBeenCalled();
  const again = link.stop();
  await vi.advanceTimersByTimeAsync(1_000);
  await again;
  expect(kernel.interrupt).toHaveBeenCalledOnce();
  vi.useRealTimers();
});

test('what is malformed changes nothing', async () => {
  const { link } = await linked();
  wire().hear(HELLO);
  for (const data of [null, 5, {}, { show: { dag: 'none' } }, { event: 'begin' }]) wire().hear(data);
  expect([link.state, link.document, link.isRunning]).toEqual(['loaded', {}, false]);
  expect(console.warn).toHaveBeenCalledTimes(5);
});

test('whoever waits for it is told when it is known', async () => {
  const { link } = await linked();
  let known = false;
  void link.settled().then(() => (known = true));
  await rest();
  expect(known).toBe(false);
  wire().hear(HELLO);
  await rest();
  expect(known).toBe(true);
});

test('whoever waits for cells that run is told once what they loaded has answered', async () => {
  far.isLoaded = false;
  const kernel = new FakeKernel();
  let ran: () => void = () => undefined;
  kernel.requestKernelInfo = () => new Promise<void>(resolve => (ran = resolve));
  const { link } = await linked(kernel);
  const seen: string[] = [];
  void link.rested().then(() => seen.push(link.state));
  kernel.announce();
  ran();
  await rest();
  expect(seen).toEqual([]);
  wire().hear(HELLO);
  await rest();
  expect(seen).toEqual(['loaded']);
});
