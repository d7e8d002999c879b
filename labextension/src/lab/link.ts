/**
 * A notebook's link to the extension's side in its kernel: found, opened, opened again after a restart or a lost
 * connection, and what the kernel last showed over it.
 */
import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel } from '@jupyterlab/services';
import { Signal, type ISignal } from '@lumino/signaling';
import type { Host } from '../views/host';
import { Questions } from '../views/questions';
import type { RunMessage } from '../views/types';
import { evaluate, execute, type Outcome } from './execute';
import { answersSoon, Wire } from './kernel';
import { PROTOCOL, read, TARGET, type PanelDocument } from './wire';

export type LinkState =
  /** No kernel runs. */
  | 'none'
  /** It is not known yet, or the kernel starts. */
  | 'looking'
  /** The kernel is of another language. */
  | 'foreign'
  /** The kernel has not loaded the extension. */
  | 'unloaded'
  /** Both sides speak. */
  | 'loaded'
  /** They speak different protocols. */
  | 'unfit';

/** As much of a notebook's session as is needed. */
export type Context = Pick<ISessionContext, 'session' | 'kernelChanged' | 'statusChanged' | 'connectionStatusChanged'>;

const GONE = 'The kernel was restarted or has gone.';

export class Link implements Host {
  state: LinkState = 'looking';
  /** The language of a foreign kernel, the package's version of one that speaks. */
  told = '';
  document: Partial<PanelDocument> = {};
  /** Whether a run is underway, as far as the kernel has told. */
  isRunning = false;
  /** Whether code of ours was sent, and the kernel has not come to it. */
  isWaiting = false;
  private kernel: Kernel.IKernelConnection | null = null;
  private wire: Wire | null = null;
  private wasLost = false;
  private isRestarting = false;
  /** Counts attempts: what an earlier one finds is of no interest. */
  private turn = 0;
  private readonly questions = new Questions(message => this.wire?.send({ ...message }));
  private readonly changes = new Signal<this, Partial<PanelDocument> | null>(this);
  private readonly runs = new Signal<this, RunMessage>(this);

  constructor(private readonly context: Context) {
    context.kernelChanged.connect(this.connect, this);
    context.statusChanged.connect(this.statusChanged, this);
    context.connectionStatusChanged.connect(this.connectionChanged, this);
    void this.connect();
  }

  /** What is shown, or the state, is another: the parts that came, or null for the state. */
  get changed(): ISignal<this, Partial<PanelDocument> | null> {
    return this.changes;
  }

  /** A message of a run. */
  get heard(): ISignal<this, RunMessage> {
    return this.runs;
  }

  ask<Answer>(question: string, details?: Record<string, unknown>): Promise<Answer> {
    if (this.state !== 'loaded') return Promise.reject(new Error('The kernel has not loaded helix_jupyter.'));
    return this.questions.ask(question, details);
  }

  async stop(): Promise<void> {
    const interrupt = async (): Promise<void> => this.kernel?.interrupt();
    await (this.state === 'loaded' ? this.questions.stop(interrupt) : interrupt());
  }

  /** Wait until it is known whether the kernel speaks. */
  async settled(): Promise<void> {
    if (this.state !== 'looking') return;
    await new Promise<void>(resolve => {
      const look = (): void => {
        if (this.state === 'looking') return;
        this.changes.disconnect(look);
        resolve();
      };
      this.changes.connect(look);
    });
  }

  /** Wait until the kernel has run the cells that it was given: one of them may load the extension. */
  async rested(): Promise<void> {
    await this.kernel?.requestKernelInfo().catch(() => undefined); // of one that ends in between the state tells
    await this.settled();
  }

  /** Run code in the kernel, without a cell. */
  async run(code: string, silent = false): Promise<Outcome> {
    if (!this.kernel) throw new Error('No kernel runs.');
    this.wait(true);
    try {
      return await execute(this.kernel, code, silent);
    } finally {
      this.wait(false);
    }
  }

  /** What a Python expression gives in the kernel, whether it has loaded the extension or not. */
  async evaluate(expression: string): Promise<unknown> {
    if (!this.kernel) throw new Error('No kernel runs.');
    return evaluate(this.kernel, expression);
  }

  dispose(): void {
    this.turn += 1;
    Signal.disconnectReceiver(this);
    this.leave();
    Signal.clearData(this);
  }

  private async connect(): Promise<void> {
    const turn = ++this.turn;
    this.leave();
    const kernel = (this.kernel = this.context.session?.kernel ?? null);
    if (!kernel || kernel.status === 'dead') return this.become('none');
    this.become('looking');
    // the kernel opens one when the extension is loaded there, which may be at any moment
    kernel.registerCommTarget(TARGET, () => {
      void this.answer(kernel); // not handed back: JupyterLab would wait for it, and read no message meanwhile
    });
    const language = (await kernel.spec)?.language ?? '';
    if (turn !== this.turn) return;
    if (language && language.toLowerCase() !== 'python') return this.become('foreign', language);
    const wire = new Wire(kernel);
    // a kernel that runs a cell answers on a subshell
    if (!(await answersSoon(kernel))) await wire.useSubshell();
    const isThere = await wire.isHeard();
    if (turn !== this.turn || this.wire) return wire.close();
    if (isThere) return this.open(wire);
    wire.close();
    this.become('unloaded');
  }

  /** Speak with a kernel that has just loaded the extension, on a subshell: it may have been given all cells at once. */
  private async answer(kernel: Kernel.IKernelConnection): Promise<void> {
    const { turn } = this;
    const wire = new Wire(kernel);
    this.become('looking');
    if (kernel.supportsSubshells) await wire.useSubshell();
    if (turn === this.turn) this.open(wire);
    else wire.close();
  }

  private open(wire: Wire): void {
    this.leave();
    this.wire = wire;
    this.become('looking');
    wire.open(
      { protocol: PROTOCOL },
      data => {
        if (wire === this.wire) this.take(data);
      },
      () => {
        if (wire !== this.wire) return;
        this.wire = null;
        this.leave();
        this.become('unloaded');
      }
    );
  }

  private take(data: unknown): void {
    const message = read(data);
    if (message.kind === 'malformed') return console.warn(`helix_jupyter: ${message.problem}`);
    if (message.kind === 'hello') return this.greeted(message.protocol, message.package);
    if (message.kind === 'answer') return this.questions.heard(message.message);
    if (message.kind === 'run') return this.hear(message.message);
    this.document = { ...this.document, ...message.parts };
    this.changes.emit(message.parts);
  }

  private greeted(protocol: number, version: string): void {
    this.become(protocol === PROTOCOL ? 'loaded' : 'unfit', version);
    if (this.state !== 'loaded') return;
    // the page may have been loaded while a run is underway
    this.ask<RunMessage[]>('run').then(
      messages => messages.forEach(message => this.take(message)),
      () => undefined // nothing is declared yet
    );
  }

  private hear(message: RunMessage): void {
    this.isRunning = message.event !== 'end';
    this.isWaiting = false;
    this.runs.emit(message);
  }

  private statusChanged(): void {
    const status = this.context.session?.kernel?.status;
    if (status === 'restarting' || status === 'autorestarting') {
      this.isRestarting = true;
      this.turn += 1;
      this.leave();
      this.become('looking');
    } else if (status === 'dead') {
      void this.connect();
    } else if (this.isRestarting && status === 'idle') {
      this.isRestarting = false;
      void this.connect();
    }
  }

  private connectionChanged(): void {
    const status = this.context.session?.kernel?.connectionStatus;
    // what was sent meanwhile may be lost, so all is asked for anew
    if (status === 'connected' && this.wasLost && !this.isRestarting) void this.connect();
    this.wasLost = status !== 'connected' && (this.wasLost || this.wire !== null);
  }

  /** Forget what the kernel has shown, and let nobody wait for its answers. */
  private leave(): void {
    const { wire } = this;
    this.wire = null;
    this.isRunning = this.isWaiting = false;
    this.document = {};
    this.questions.end(GONE);
    wire?.close();
  }

  private wait(isWaiting: boolean): void {
    if (this.isWaiting === isWaiting) return;
    this.isWaiting = isWaiting;
    this.changes.emit({});
  }

  private become(state: LinkState, told = ''): void {
    this.state = state;
    this.told = told;
    this.changes.emit(null);
  }
}
