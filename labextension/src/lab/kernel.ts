/**
 * The comm to a kernel, by hand where JupyterLab's own would wait: it sends on a kernel's subshell only once the kernel has
 * told that it has them, and one that runs a cell as the page is loaded tells that when the cell is over.
 */
import { KernelMessage, type Kernel } from '@jupyterlab/services';
import { TARGET } from './wire';

// milliseconds after which a kernel that has not told anything about itself is taken to be running a cell
const SOON = 1_500;
const PATIENCE = 3_000;

type Data = Record<string, unknown>;

export class Wire {
  private subshell: string | null = null;
  private comm: Kernel.IComm | null = null;

  constructor(readonly kernel: Kernel.IKernelConnection) {}

  /** Ask for a subshell, and send all that comes on it; a kernel that has none leaves it as it is. */
  async useSubshell(): Promise<void> {
    const message = this.message('create_subshell_request', 'control', {});
    const reply = this.kernel.sendControlMessage(message as never, true).done as Promise<unknown>;
    const told = (await within(PATIENCE, reply)) as { content?: { subshell_id?: string } } | undefined;
    this.subshell = told?.content?.subshell_id ?? null;
  }

  /** Whether the kernel has loaded the extension: whether it has opened a comm of ours. */
  async isHeard(): Promise<boolean> {
    const message = this.message('comm_info_request', 'shell', { target_name: TARGET });
    try {
      const reply = (await this.kernel.sendShellMessage(message as never, true).done) as KernelMessage.ICommInfoReplyMsg;
      return reply.content.status === 'ok' && Object.keys(reply.content.comms).length > 0;
    } catch {
      return false; // it ended, and is connected to anew when it is back
    }
  }

  open(data: Data, heard: (data: unknown) => void, closed: () => void): void {
    this.comm = this.kernel.createComm(TARGET);
    this.comm.onMsg = message => heard(message.content.data);
    this.comm.onClose = () => closed();
    if (!this.subshell) this.comm.open(data as never);
    else this.post('comm_open', { comm_id: this.comm.commId, target_name: TARGET, data });
  }

  send(data: Data): void {
    if (!this.comm) return;
    if (!this.subshell) this.comm.send(data as never);
    else this.post('comm_msg', { comm_id: this.comm.commId, data });
  }

  /** Leave the kernel alone; what it still says is not heard. */
  close(): void {
    const { comm, kernel, subshell } = this;
    this.comm = null;
    if (kernel.isDisposed || kernel.connectionStatus !== 'connected' || kernel.status === 'restarting') return;
    if (comm && !comm.isDisposed) void comm.close();
    if (subshell && kernel.supportsSubshells) void kernel.requestDeleteSubshell({ subshell_id: subshell });
  }

  private post(type: string, content: Data): void {
    this.kernel.sendShellMessage(this.message(type, 'shell', content) as never, false);
  }

  private message(msgType: string, channel: string, content: Data): KernelMessage.IMessage {
    const { username, clientId: session } = this.kernel;
    return KernelMessage.createMessage({ msgType, channel, content, username, session, subshellId: this.subshell } as never);
  }
}

/** Whether a kernel tells of itself, as one does that runs no cell. */
export async function answersSoon(kernel: Kernel.IKernelConnection): Promise<boolean> {
  return kernel.status !== 'busy' && (await within(SOON, kernel.info)) !== undefined;
}

/** What a promise gives within so many milliseconds; nothing where it fails or takes longer. */
async function within<Value>(patience: number, promise: Promise<Value>): Promise<Value | undefined> {
  const late = new Promise<undefined>(resolve => setTimeout(() => resolve(undefined), patience));
  return Promise.race([promise.catch(() => undefined), late]);
}
