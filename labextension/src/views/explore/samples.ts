/** What-ifs for tests. */
import { node as pictureNode, picture } from '../samples';
import { NOTHING } from './question';
import type { Explored, ExploredNode, ExploreDocument, Outlook, Question, Totals } from './types';

export function outlook(given: Partial<Outlook> = {}): Outlook {
  return { state: 'load', place: 'store', reason: 'unchanged', seconds: 0.1, keeping: '', kept: 0, ...given };
}

export function exploredNode(name: string, given: Partial<ExploredNode> = {}): ExploredNode {
  return { name, changed: false, dropped: false, actual: outlook(), explored: outlook(), ...given };
}

export function totals(given: Partial<Totals> = {}): Totals {
  return {
    seconds: 2,
    bytes_read: 0,
    targets: [],
    guessed: [],
    budget: 2e9,
    policy: 'adaptive',
    used: 4e6,
    written: 0,
    next_seconds: 1,
    unsized: [],
    gone_before: [],
    gone_during: [],
    ...given
  };
}

export function explored(nodes: ExploredNode[], given: Partial<Explored> = {}): Explored {
  return { format: 1, question: NOTHING, nodes, actual: totals(), explored: totals(), dropped: [], curve: [], problem: '', ...given };
}

/** An answer to a question: what is dropped is gone, what is forced is computed. */
export function answer(names: string[], question: Question): Explored {
  const nodes = names.map(name => {
    if (question.drop.includes(name)) return exploredNode(name, { dropped: true, changed: true, explored: null });
    if (question.force.includes(name)) return exploredNode(name, { changed: true, explored: outlook({ state: 'compute', seconds: 3, reason: 'forced' }) });
    return exploredNode(name);
  });
  const budget = typeof question.budget === 'string' ? 5e6 : question.budget;
  const then = totals({ seconds: 2 + 3 * question.force.length, budget: budget ?? 2e9, policy: question.policy ?? 'adaptive' });
  return explored(nodes, { question: { ...question, budget }, explored: then, dropped: question.drop });
}

export function documentOf(names: string[], question: Question = NOTHING, applied = false): ExploreDocument {
  const edges = names.slice(1).map((name, at): [string, string] => [names[at], name]);
  return { picture: picture(names.map(name => pictureNode(name)), edges), explored: answer(names, question), policies: ['adaptive', 'none'], applied };
}
