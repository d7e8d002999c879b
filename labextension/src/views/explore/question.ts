/** How a user's choices change a what-if. Pure: every function gives another question. */
import { size } from '../text';
import type { ExploredNode, Question } from './types';

export type Choice = 'pin' | 'force' | 'never' | 'drop' | 'target';

export const NOTHING: Question = { targets: null, force: [], pin: [], never: [], unpin: [], drop: [], budget: null, policy: null };

/** What holds for a node under a question: what is asked, and where nothing is what is so anyway. */
export function holds(question: Question, node: ExploredNode): Record<Choice, boolean> {
  const kept = keeping(question, node);
  return {
    pin: kept === 'pin',
    never: kept === 'never',
    force: question.force.includes(node.name),
    drop: question.drop.includes(node.name),
    target: question.targets?.includes(node.name) ?? false
  };
}

/** The question with one choice for one node turned on, or off where it holds. */
export function toggled(question: Question, node: ExploredNode, choice: Choice): Question {
  const { name } = node;
  if (choice === 'force' || choice === 'drop') return { ...question, [choice]: switched(question[choice], name) };
  if (choice === 'target') {
    const targets = switched(question.targets ?? [], name);
    return { ...question, targets: targets.length ? targets : null };
  }
  const wanted = keeping(question, node) === choice ? '' : choice;
  const [pin, never, unpin] = [question.pin, question.never, question.unpin].map(names => names.filter(one => one !== name));
  // what is so anyway is not asked for
  if (wanted === said(node)) return { ...question, pin, never, unpin };
  if (wanted === 'pin') return { ...question, pin: [...pin, name], never, unpin };
  if (wanted === 'never') return { ...question, pin, never: [...never, name], unpin };
  return { ...question, pin, never, unpin: [...unpin, name] };
}

/** One choice of a question in words, and the question without it. */
export interface Asked {
  words: string;
  without: Question;
}

export function asked(question: Question): Asked[] {
  const listed = (key: 'pin' | 'never' | 'unpin' | 'force' | 'drop', verb: string): Asked[] =>
    question[key].map(name => ({ words: `${verb} ${name}`, without: { ...question, [key]: question[key].filter(one => one !== name) } }));
  const targets = question.targets ?? [];
  const budget = typeof question.budget === 'number' ? size(question.budget) || '0 B' : question.budget;
  return [
    ...targets.map(name => {
      const left = targets.filter(one => one !== name);
      return { words: `target ${name}`, without: { ...question, targets: left.length ? left : null } };
    }),
    ...listed('pin', 'pin'),
    ...listed('never', 'never store'),
    ...listed('unpin', 'unpin'),
    ...listed('force', 'force'),
    ...listed('drop', 'drop'),
    ...(budget === null ? [] : [{ words: `budget ${budget}`, without: { ...question, budget: null } }]),
    ...(question.policy === null ? [] : [{ words: `policy ${question.policy}`, without: { ...question, policy: null } }])
  ];
}

/** All of a question that decides the curve: the budget does not. */
export function apartFromBudget(question: Question): string {
  return JSON.stringify({ ...question, budget: null });
}

function keeping(question: Question, { name, actual }: ExploredNode): '' | 'pin' | 'never' {
  if (question.pin.includes(name)) return 'pin';
  if (question.never.includes(name)) return 'never';
  return question.unpin.includes(name) ? '' : said({ actual });
}

function said({ actual }: Pick<ExploredNode, 'actual'>): '' | 'pin' | 'never' {
  return actual.keeping === 'pinned' ? 'pin' : actual.keeping === 'never stored' ? 'never' : '';
}

function switched(names: string[], name: string): string[] {
  return names.includes(name) ? names.filter(one => one !== name) : [...names, name];
}
