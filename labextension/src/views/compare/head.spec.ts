import { expect, test, vi } from 'vitest';
import { Head } from './head';
import type { VersionHead } from './types';

test('other versions that are asked for before there is a comparison are offered when it is there', async () => {
  const choices = vi.fn(async () => [{ id: 3, message: '' }]);
  const head = new Head({ choices, compare: vi.fn(), everything: vi.fn(), exported: vi.fn() } as never);
  const other = [...head.element.querySelectorAll('button')].find(one => one.textContent === 'Other versions')!;
  other.click();
  expect(choices).not.toHaveBeenCalled();
  expect(head.element.textContent).toContain('As soon as the comparison is there');
  const side = (id: number): VersionHead => ({ id, message: '', created: 0, tags: [] }) as unknown as VersionHead;
  head.show(side(1), side(2), false);
  await vi.waitFor(() => expect(head.element.querySelectorAll('select')).toHaveLength(2));
  expect(choices).toHaveBeenCalledOnce();
});
