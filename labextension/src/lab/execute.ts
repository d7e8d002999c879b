/** Code that the extension runs in a kernel, and what came of it. Knows no kernel but what it needs of one. */

/** As much of a kernel's connection as is needed. */
export interface Runs {
  requestExecute(content: {
    code: string;
    silent?: boolean;
    store_history?: boolean;
    allow_stdin?: boolean;
    stop_on_error?: boolean;
    user_expressions?: Record<string, string>;
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

/**
 * What a Python expression gives, as JSON; nothing of the notebook is touched and no cell runs.
 *
 * @throws what it raised: its words, with its name as the cause
 */
export async function evaluate(kernel: Runs, expression: string): Promise<unknown> {
  const shown = `__import__("IPython.display", fromlist=["JSON"]).JSON(${expression})`;
  const { done } = kernel.requestExecute({ code: '', silent: true, store_history: false, allow_stdin: false, user_expressions: { shown } });
  const { content } = (await done) as { content?: { user_expressions?: Record<string, Evaluated> } };
  const { status, data, ename, evalue } = content?.user_expressions?.shown ?? {};
  if (status !== 'ok') throw new Error(plain(evalue) || 'The kernel did not answer.', { cause: plain(ename) });
  return data?.['application/json'];
}

interface Evaluated {
  status?: string;
  data?: Record<string, unknown>;
  ename?: unknown;
  evalue?: unknown;
}

function plain(text: unknown): string {
  return String(text ?? '').replace(ESCAPES, '');
}
