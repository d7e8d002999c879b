/**
 * What is written into the filter, as a question to a row. Words must all be found in message, tags, note, status or error;
 * `v12` is a number, `auc>0.8`, `time<=3` and `compute>0` are conditions, `tag:best` and `status:failed` look in one place,
 * quotes hold together what has blanks, a minus in front turns it round. What is still being typed (`auc>`, `tag:`) filters
 * nothing. Pure.
 */
import type { Row } from './versions_types';
import { valueOf } from './versions_words';

export interface Filter {
  keeps(row: Row): boolean;
  /** What was not understood; empty where all was. */
  problem: string;
  isEmpty: boolean;
}

type Test = (row: Row) => boolean;

const SHORTEST = 3;
// how a number begins
const UNFINISHED = /^[+-]?(\.|\d+\.?\d*e[+-]?|\.\d+e[+-]?)?$/i;

const FIELDS: Record<string, (row: Row) => number> = {
  version: row => row.id,
  time: row => row.seconds,
  seconds: row => row.seconds,
  saved: row => valueOf(row.saved),
  compute: row => row.compute,
  load: row => row.load,
  prune: row => row.prune
};
const COMPARE: Record<string, (value: number, than: number) => boolean> = {
  '>': (value, than) => value > than,
  '<': (value, than) => value < than,
  '>=': (value, than) => value >= than,
  '<=': (value, than) => value <= than,
  '=': (value, than) => value === than,
  '!=': (value, than) => value !== than && !Number.isNaN(value)
};
const PLACES: Record<string, (row: Row) => string[]> = {
  message: row => [row.message],
  tag: row => row.tags,
  note: row => [row.note],
  status: row => [row.status],
  error: row => [row.error]
};

export function filterOf(text: string, metrics: readonly string[]): Filter {
  const problems: string[] = [];
  const tests = (text.match(/(?:"[^"]*"?|[^\s"])+/g) ?? []).map(word => {
    const turned = word.length > 1 && word.startsWith('-');
    const test = testOf(word.slice(turned ? 1 : 0), metrics, problems);
    return test && turned ? (row: Row) => !test(row) : test;
  }).filter(test => test !== null);
  return { keeps: row => tests.every(test => test(row)), problem: problems[0] ?? '', isEmpty: !tests.length };
}

/** What a word asks; null where it is not written to its end, or not understood. */
function testOf(word: string, metrics: readonly string[], problems: string[]): Test | null {
  if (word === '-' || /^(message|tag|note|status|error):$/i.test(word)) return null;
  const number = /^v(\d+)$/i.exec(word);
  if (number) return row => row.id === Number(number[1]);
  const place = /^(message|tag|note|status|error):(.+)$/i.exec(word);
  if (place) return contains(PLACES[place[1].toLowerCase()], bare(place[2]));
  const condition = /^("[^"]+"|.+?)(>=|<=|!=|=|>|<)(.*)$/.exec(word);
  const asText = contains(row => Object.values(PLACES).flatMap(texts => texts(row)), bare(word));
  if (!condition) return asText;
  const [, name, compare, than] = condition;
  const value = reader(bare(name), metrics);
  if (value && UNFINISHED.test(than)) return null;
  if (!value || Number.isNaN(Number(than))) {
    // C=0.5 may well be what a message says; auc>... is meant as a condition
    const isCondition = compare.includes('>') || compare.includes('<');
    if (isCondition && than) problems.push(value ? `${than} is no number` : `No metric is called ${bare(name)}`);
    return isCondition ? null : asText;
  }
  return row => COMPARE[compare](value(row), Number(than));
}

function reader(name: string, metrics: readonly string[]): ((row: Row) => number) | null {
  const lower = name.toLowerCase();
  const isField = Object.hasOwn(FIELDS, lower);
  // a part of a name will do, unless it is so short that it may be meant as text
  const part = isField || name.length < SHORTEST ? undefined : metrics.find(one => one.toLowerCase().includes(lower));
  const metric = metrics.find(one => one === name) ?? metrics.find(one => one.toLowerCase() === lower) ?? part;
  if (metric !== undefined) return row => (Object.hasOwn(row.metrics, metric) ? valueOf(row.metrics[metric]) : NaN);
  return isField ? FIELDS[lower] : null;
}

function contains(texts: (row: Row) => string[], wanted: string): Test {
  const lower = wanted.toLowerCase();
  return row => texts(row).some(text => text.toLowerCase().includes(lower));
}

function bare(text: string): string {
  return text.replaceAll('"', '');
}
