/**
 * What goes over the comm between a page and a kernel; `session/wire.py` is the other end. Reads messages strictly, so
 * that whoever shows them can rely on their shape: one that is malformed is said to be so, and nothing else happens. Pure.
 */
import type { Picture, RunMessage } from '../views/types';

export const PROTOCOL = 1;
export const TARGET = 'helix_jupyter';

export interface VersionEntry {
  id: number;
  parent: number | null;
  message: string;
  /** Seconds since the epoch. */
  created: number;
  status: string;
  seconds: number;
  compute: number;
  load: number;
  metrics: Record<string, number | string>;
  tags: string[];
  error: string;
}

export interface Versions {
  current: number | null;
  /** How many there are; `versions` are the newest of them, oldest first. */
  total: number;
  metrics: { name: string; direction: string }[];
  versions: VersionEntry[];
}

/** By parts, as they come: see `session/panel_pane.py`. */
export interface PanelDocument {
  workflow: string;
  /** Which session it is of, as the kernel calls it: another one may have the same workflow's name. */
  session: string;
  dag: Picture;
  /** {id of a cell: its node}. */
  cells: Record<string, string>;
  /** Bytes. */
  store: { bytes: number; budget: number };
  versions: Versions;
}

export type FromKernel =
  | { kind: 'hello'; protocol: number; package: string }
  | { kind: 'show'; parts: Partial<PanelDocument> }
  | { kind: 'run'; message: RunMessage }
  | { kind: 'answer'; message: { answer: number; data?: unknown; problem?: string } }
  | { kind: 'malformed'; problem: string };

/** A message of the kernel. */
export function read(data: unknown): FromKernel {
  if (!isObject(data)) return malformed('it is no object');
  if ('hello' in data) return hello(data.hello);
  if ('show' in data) return show(data.show);
  if ('event' in data) return isRun(data) ? { kind: 'run', message: data } : malformed('of a run');
  if ('answer' in data) return answer(data);
  return malformed('of an unknown kind');
}

function hello(data: unknown): FromKernel {
  if (!isObject(data) || !isNumber(data.protocol) || !isText(data.package)) return malformed('hello');
  return { kind: 'hello', protocol: data.protocol, package: data.package };
}

function show(data: unknown): FromKernel {
  if (!isObject(data)) return malformed('show');
  const parts: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(data)) {
    // a newer kernel may show more than is known here
    if (!Object.hasOwn(PARTS, name)) continue;
    if (!PARTS[name as keyof PanelDocument](value)) return malformed(`show ${name}`);
    parts[name] = value;
  }
  return { kind: 'show', parts };
}

function answer(data: Record<string, unknown>): FromKernel {
  const { answer, problem } = data;
  // without a number nobody knows which question is meant
  if (!isNumber(answer)) return malformed(isText(problem) ? problem : 'answer');
  if (problem !== undefined && !isText(problem)) return malformed('problem');
  return { kind: 'answer', message: { answer, data: data.data, problem } };
}

const PARTS: Record<keyof PanelDocument, (value: unknown) => boolean> = {
  workflow: isText,
  session: isText,
  dag: value =>
    isObject(value) &&
    isListOf(value.nodes, node => isObject(node) && isText(node.name) && isListOf(node.outputs, isText) && isListOf(node.members, isText)) &&
    isListOf(value.edges, edge => isObject(edge) && isText(edge.parent) && isText(edge.child)) &&
    isListOf(value.groups, group => isObject(group) && isText(group.name)) &&
    isObject(value.layout) &&
    isNumber(value.layout.width) &&
    isNumber(value.layout.height) &&
    isObject(value.layout.nodes) &&
    isListOf(value.layout.edges, Array.isArray) &&
    (value.plan === null || (isObject(value.plan) && isListOf(value.plan.guessed, isText))),
  cells: value => isObject(value) && Object.values(value).every(isText),
  store: value => isObject(value) && isNumber(value.bytes) && isNumber(value.budget),
  versions: value =>
    isObject(value) &&
    isNumber(value.total) &&
    (value.current === null || isNumber(value.current)) &&
    isListOf(value.metrics, metric => isObject(metric) && isText(metric.name) && isText(metric.direction)) &&
    isListOf(value.versions, isVersion)
};

function isVersion(value: unknown): boolean {
  return (
    isObject(value) &&
    isNumber(value.id) &&
    (value.parent === null || isNumber(value.parent)) &&
    isNumber(value.created) &&
    isText(value.status) &&
    isObject(value.metrics) &&
    isListOf(value.tags, isText)
  );
}

function isRun(data: Record<string, unknown>): data is RunMessage {
  const isNode = (node: unknown): boolean =>
    Array.isArray(node) && node.length === 3 && isText(node[0]) && isText(node[1]) && (node[2] === null || isNumber(node[2]));
  if (data.event === 'begin' || data.event === 'changes') return isListOf(data.nodes, isNode) && (data.elapsed === undefined || isNumber(data.elapsed));
  return data.event === 'end' && isText(data.status);
}

function malformed(what: string): FromKernel {
  return { kind: 'malformed', problem: `A message of the kernel was not understood (${what}).` };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isListOf(value: unknown, isOne: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isOne);
}
