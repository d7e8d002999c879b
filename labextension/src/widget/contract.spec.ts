/** Each widget in a front end that has anywidget's contract and nothing else, as VS Code and Colab may be. */
import { afterEach, expect, test, vi } from 'vitest';
import { comparison, diff } from '../views/compare/samples';
import { documentOf } from '../views/explore/samples';
import { node, picture } from '../views/samples';
import { listOf, row } from '../views/versions_samples';
import comparisonWidget from './kinds/comparison';
import dagWidget from './kinds/dag';
import diffWidget from './kinds/diff';
import exploreWidget from './kinds/explore';
import versionsWidget from './kinds/versions';

const KINDS = {
  dag: [dagWidget, picture([node('rows'), node('model')], [['rows', 'model']]), '[data-node="rows"]'],
  explore: [exploreWidget, documentOf(['rows', 'model']), '[data-node="rows"]'],
  versions: [versionsWidget, listOf([row(1), row(2)]), '.hxv-grid'],
  diff: [diffWidget, diff(), '[data-node]'],
  comparison: [comparisonWidget, comparison(), '[data-version]']
} as const;

afterEach(() => vi.unstubAllGlobals());

test.each(Object.entries(KINDS))('%s: drawn from what it carries, asks by messages, leaves nothing behind', (kind, [widget, document, found]) => {
  const fetched = vi.fn();
  vi.stubGlobal('fetch', fetched);
  vi.stubGlobal('XMLHttpRequest', fetched);
  const heard = new Set<string>();
  const sent: unknown[] = [];
  const traits: Record<string, unknown> = { kind, packed: JSON.stringify([[], document]) };
  const model = {
    get: (name: string) => traits[name],
    on: (event: string) => void heard.add(event),
    off: (event: string) => void heard.delete(event),
    send: (message: unknown) => void sent.push(message)
  };
  const el = globalThis.document.createElement('div');
  const leave = widget.render({ model, el });
  expect(el.querySelector(found)).not.toBeNull();
  expect(el.querySelectorAll('script, link, iframe')).toHaveLength(0);
  expect(sent.every(message => typeof (message as { ask: unknown }).ask === 'string')).toBe(true);
  leave();
  expect(el.querySelector('.hx')).toBeNull();
  expect([...heard]).toEqual([]);
  expect(fetched).not.toHaveBeenCalled();
});
