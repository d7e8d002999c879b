import { parser } from '@lezer/python';
import type { Tree } from '@lezer/common';
import { expect, test } from 'vitest';
import { row } from '../drafts/samples';
import type { Row } from '../drafts/wire';
import { declaredUpTo, declaringWords } from './declaration';
import { makerOf, outputNames, placeIn } from './names';
import { BelowDeclaration } from './python';

const kinds = (text: string): [string, string][] => declaringWords(text).map(({ from, to, kind }) => [text.slice(from, to), kind]);

test.each<[string, [string, string][]]>([
  ['rows = 1', []],
  ['%helix run', []],
  ['%%helixir x', []],
  ['%%helix', [['%%helix', 'magic']]],
  ['\n  # helix: rows\nrows = 1', [['# helix:', 'magic'], ['rows', 'name']]],
  [
    '%%helix a b --name split --metrics c --watch "x y.csv" d\n1',
    [
      ['%%helix', 'magic'],
      ['a', 'name'],
      ['b', 'name'],
      ['--name', 'option'],
      ['split', 'value'],
      ['--metrics', 'option'],
      ['c', 'name'],
      ['--watch', 'option'],
      ['"x y.csv"', 'value'],
      ['d', 'name']
    ]
  ],
  ["# helix: a --group '# 3'  # that's a comment", [['# helix:', 'magic'], ['a', 'name'], ['--group', 'option'], ["'# 3'", 'value']]],
  ['%%helix a --watch "open\nb', [['%%helix', 'magic'], ['a', 'name'], ['--watch', 'option'], ['"open', 'value']]]
])('the words of a declaring line: %j', (text, expected) => {
  expect(kinds(text)).toEqual(expected);
});

test('how far a declaring line goes', () => {
  expect(declaredUpTo('\n%%helix a\nb')).toBe(10);
  expect(declaredUpTo('a\n%%helix b')).toBe(0);
});

const BODY = "rows = pd.read_csv('a')\nfor i in rows:\n    print(i)\n";
const leaves = (tree: Tree, text: string, from: number): string[] => {
  const found: string[] = [];
  tree.iterate({
    enter: node => {
      if (node.from >= from && !node.node.firstChild) found.push(`${node.name} ${text.slice(node.from, node.to)}`);
    }
  });
  return found;
};

test.each(['', ' --group (', ' --group [', ' --watch a{b', " --watch '''a", ' --watch a\\', ' --group a:', ' --watch "it\'s.csv"'])(
  'whatever stands on the line, what is below is Python: %%helix rows%s',
  rest => {
    const first = `%%helix rows${rest}\n`;
    const text = first + BODY;
    expect(leaves(new BelowDeclaration(parser).parse(text), text, first.length)).toEqual(leaves(parser.parse(BODY), BODY, 0));
  }
);

test('a cell that declares nothing is read as it is', () => {
  const text = "x = (1,\n  2)\n%%helix rows --group (\ny = 'z'";
  expect(leaves(new BelowDeclaration(parser).parse(text), text, 0)).toEqual(leaves(parser.parse(text), text, 0));
});

const ROWS = [
  row('rows'),
  row('clean', { outputs: ['rows'], inputs: { rows: 'rows' } }),
  row('split', { outputs: ['train', 'test'], inputs: { rows: 'clean' } })
];
const BY_CELL = new Map<string, Row>(ROWS.map(one => [one.cell, one]));
const BY_NODE = new Map<string, Row>(ROWS.map(one => [one.node, one]));

test.each([
  ['rows', 'cell-clean', 'rows'],
  ['rows', 'cell-split', 'clean'],
  ['train', 'cell-split', 'split'],
  ['train', 'cell-rows', undefined],
  ['rows', 'plain', 'clean'],
  ['other', 'plain', undefined],
  ['constructor', 'cell-split', undefined]
])('who gives %s in %s', (name, cell, node) => {
  expect(makerOf(name, cell, BY_CELL, BY_NODE)?.node).toBe(node);
});

test('names that nodes give are listed once, with the last that makes them', () => {
  expect(outputNames(BY_NODE).map(one => [one.name, one.row.node])).toEqual([
    ['rows', 'clean'],
    ['train', 'split'],
    ['test', 'split']
  ]);
});

test.each<[string, 'code' | 'nodes' | null, string]>([
  ['x = ro|', 'code', 'ro'],
  ['%%helix x\ny = ro|', 'code', 'ro'],
  ['%%helix x --map ro|', 'code', 'ro'],
  ['%%helix ro|', 'code', 'ro'],
  ['f(ro|, 1)', 'code', 'ro'],
  ['größ|', 'code', 'größ'],
  ['%helix run ro|', 'nodes', 'ro'],
  ['%helix why a b.|', 'nodes', 'b.'],
  ['v = %helix run |', 'nodes', ''],
  ['%helix run -|', null, ''],
  ['%helix ru|', null, ''],
  ['%%helix x --wat|', null, ''],
  ['x.ro|', null, ''],
  ['x = |', null, ''],
  ['1ro|', null, ''],
  ['!ls ro|', null, ''],
  ['%timeit ro|', null, '']
])('what can be completed at %j', (marked, kind, begun) => {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const place = placeIn(text, offset);
  expect(place?.kind ?? null).toBe(kind);
  if (place) expect(text.slice(place.start, offset)).toBe(begun);
});
