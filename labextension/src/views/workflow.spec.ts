import { expect, test, vi } from 'vitest';
import { documentOf } from './explore/samples';
import { node, picture } from './samples';
import { WorkflowView } from './workflow';

const settled = (): Promise<void> => new Promise(resolve => setTimeout(resolve));

test('the picture gives its place to what would be, and takes it back', async () => {
  const ask = vi.fn(async (kind: string) => (kind === 'look' ? documentOf(['rows', 'model']) : []));
  const view = new WorkflowView({ ask, stop: vi.fn() } as never);
  const press = (text: string): void => [...view.element.querySelectorAll('button')].find(one => one.textContent === text)!.click();
  const shown = (): (string | null)[] => [...view.element.querySelectorAll('.hx')].map(one => one.getAttribute('data-view'));
  view.show(picture([node('rows'), node('model')]));
  press('What if…');
  await settled();
  expect(shown()).toEqual(['explore']);
  expect(view.element.querySelectorAll('[data-node]').length).toBe(2);
  view.show(picture([node('rows')]));
  expect(ask.mock.calls.filter(([kind]) => kind === 'look').length).toBe(2);
  await settled();
  press('Back');
  expect(shown()).toEqual(['dag']);
  expect(view.element.querySelectorAll('[data-node]').length).toBe(1);
  view.dispose();
});
