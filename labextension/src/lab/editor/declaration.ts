/** The declaring line of a cell as text: where it stands, and what its words are. `cell/options.py` reads it for good. Pure. */

export type Kind = 'magic' | 'name' | 'option' | 'value';

export interface Word {
  from: number;
  to: number;
  kind: Kind;
}

// blank lines may stand above it
const LINE = /^\s*(%%helix(?=\s|$)|#\s*helix:)[^\n]*/;
const WORD = /"(?:[^"\\]|\\.)*"?|'[^']*'?|\S+/g;
// switches; what stands behind any other option is its value
const SWITCHES = new Set(['--metrics', '--volatile', '--update', '--replace', '--run']);
/** No declaring line is longer than this. */
export const LONGEST = 2_000;

/** Up to where the declaring line goes, from the start of a cell's text; 0 where it declares nothing. */
export function declaredUpTo(text: string): number {
  return LINE.exec(text)?.[0].length ?? 0;
}

/** The words of the declaring line; none where there is none. */
export function declaringWords(text: string): Word[] {
  const found = LINE.exec(text);
  if (!found) return [];
  const end = found[0].length;
  const start = found[0].indexOf(found[1]);
  const words: Word[] = [{ from: start, to: start + found[1].length, kind: 'magic' }];
  let takesValue = false;
  for (const word of found[0].slice(words[0].to).matchAll(WORD)) {
    if (word[0].startsWith('#')) break; // a comment
    const from = words[0].to + word.index;
    const isOption = word[0].startsWith('--');
    words.push({ from, to: Math.min(from + word[0].length, end), kind: isOption ? 'option' : takesValue ? 'value' : 'name' });
    takesValue = isOption && !SWITCHES.has(word[0]);
  }
  return words;
}
