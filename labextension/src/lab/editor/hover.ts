/** What is said where the pointer rests on a name that a node gives: which node makes it, how it is, where it is. */
import { syntaxTree } from '@codemirror/language';
import type { EditorState, Extension } from '@codemirror/state';
import { hoverTooltip, type EditorView, type Tooltip } from '@codemirror/view';
import { h } from '../../views/dom';
import type { Drafts } from '../drafts/drafts';
import { told } from '../drafts/told';
import type { Row } from '../drafts/wire';
import { mark } from '../badges/badge';
import type { Words } from '../sidebar/words';
import { declaringWords, LONGEST } from './declaration';
import { makerOf } from './names';

export interface Home {
  drafts: Drafts;
  /** Show a node in the workflow. */
  open(node: string): void;
  /** Go to a node's cell. */
  visit(node: string): void;
}

/** `homeOf` gives the notebook of a cell, or nothing for an editor that is no cell's. */
export function hover(cell: string, homeOf: (cell: string) => Home | undefined, words: Words): Extension {
  const source = ({ state }: EditorView, pos: number): Tooltip | null => {
    const word = nameAt(state, pos);
    const home = word && homeOf(cell);
    if (!home) return null;
    const maker = makerOf(word.name, cell, home.drafts.rows, home.drafts.nodes);
    if (!maker) return null;
    return { pos: word.from, end: word.to, above: true, create: () => ({ dom: card(word.name, maker, maker.cell === cell, home, words) }) };
  };
  return hoverTooltip(source, { hideOnChange: true });
}

function nameAt(state: EditorState, pos: number): { name: string; from: number; to: number } | null {
  const found = state.wordAt(pos);
  if (!found) return null;
  const { from, to } = found;
  const declared = declaringWords(state.sliceDoc(0, Math.min(LONGEST, state.doc.length)));
  const inLine = declared.length > 0 && from < declared[declared.length - 1].to;
  const isName = inLine
    ? declared.some(word => word.kind === 'name' && word.from <= from && to <= word.to)
    : syntaxTree(state).resolveInner(from, 1).name === 'VariableName';
  return isName ? { name: state.sliceDoc(from, to), from, to } : null;
}

function card(name: string, row: Row, isOwn: boolean, home: Home, words: Words): HTMLElement {
  const says = told(row, home.drafts.running(row.node), words, performance.now());
  const by = isOwn ? words.__('given by this cell') : words.__('given by node %1', row.node);
  const link = (text: string, act: () => void): HTMLElement => {
    const button = h('button', { class: 'helix-Hover-link', type: 'button' }, text);
    button.addEventListener('click', act);
    return button;
  };
  return h(
    'div',
    { class: 'helix-Hover', 'data-node': row.node, 'data-state': says.state },
    h('p', { class: 'helix-Hover-head' }, h('code', {}, name), ` ${by}`),
    h('p', { class: 'helix-Hover-state' }, mark(says.state), ` ${[says.word, says.figure].filter(Boolean).join(' · ')}`),
    h('p', { class: 'helix-Hover-words' }, says.sentence),
    h(
      'p',
      { class: 'helix-Hover-links' },
      !isOwn && row.cell ? link(words.__('Go to its cell'), () => home.visit(row.node)) : null,
      row.declared ? link(words.__('Show in the workflow'), () => home.open(row.node)) : null
    )
  );
}
