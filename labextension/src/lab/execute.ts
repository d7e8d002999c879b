/** Code that the extension runs in a kernel, and what came of it. Knows no kernel but what it needs of one. */

/** As much of a kernel's connection as is needed. */
export interface Runs {
  requestExecute(content: {
    code: string;
    silent?: boolean;
    store_history?: boolean;
    allow_stdin?: boolean;
    stop_on_error?: boolean;
  }): {
    onIOPub: unknown;
    done: Promise<unknown>;
  };
}

export interface Outcome {
  /** What it wrote on standard error, by lines: warnings of the kernel's side among them. */
  said: string[];
  /** The exception's name and words; null where it went well. */
  error: { name: string; words: string } | null;
}

// colours and the like that a terminal would take out
// eslint-disable-next-line no-control-regex
const ESCAPES = /\x1b\[[0-9;]*[A-Za-z]/g;

/** Run code without a cell; `silent` leaves no trace in the kernel's history and runs no hook of a cell. */
export async function execute(kernel: Runs, code: string, silent = false): Promise<Outcome> {
  const future = kernel.requestExecute({ code, silent, store_history: false, allow_stdin: false, stop_on_error: false });
  let said = '';
  let error: Outcome['error'] = null;
  future.onIOPub = (message: unknown): void => {
    const { header, content } = message as { header: { msg_type: string }; content: Record<string, unknown> };
    if (header.msg_type === 'stream' && content.name === 'stderr') said += plain(content.text);
    if (header.msg_type === 'error') error = { name: plain(content.ename), words: plain(content.evalue) };
  };
  const { content } = (await future.done) as { content?: { status?: string; ename?: unknown; evalue?: unknown } };
  if (!error && content?.status === 'error') error = { name: plain(content.ename), words: plain(content.evalue) };
  return { said: said.split('\n').filter(one => one.trim()), error };
}

function plain(text: unknown): string {
  return String(text ?? '').replace(ESCAPES, '');
}
