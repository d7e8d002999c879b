/** A file that the kernel has written beside the notebook, in words, with a link where the front end has one. */
import { h, type Child } from './dom';
import type { Host } from './host';
import { line, size } from './text';

interface Exported {
  /** From the notebook's folder. */
  path: string;
  bytes: number;
}

export async function exported(host: Host, versions: number[]): Promise<Child[]> {
  const { path, bytes } = await host.ask<Exported>('export', { versions });
  const href = host.link?.(path) ?? null;
  const name = line(path, 120);
  return ['Written to ', href === null ? name : h('a', { href, target: '_blank', rel: 'noopener' }, name), ` (${size(bytes)})`];
}
