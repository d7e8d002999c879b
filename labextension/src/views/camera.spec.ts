import { expect, test } from 'vitest';
import { centred, fitted, LARGEST, opening, showing, SMALLEST, zoomed } from './camera';

const FRAME = { width: 800, height: 400 };

test('a small drawing stands in the middle as large as it is', () => {
  expect(fitted({ width: 200, height: 100 }, FRAME)).toEqual({ scale: 1, x: 300, y: 150 });
});

test('a large one is shown whole, unless that could not be read', () => {
  expect(opening({ width: 1600, height: 700 }, FRAME).scale).toBeCloseTo(0.485);
  expect(opening({ width: 1600, height: 9000 }, FRAME)).toMatchObject({ y: 12 });
  expect(fitted({ width: 1600, height: 9000 }, FRAME).scale).toBeCloseTo(376 / 9000, 5);
});

test('in a frame as narrow as a sidebar names can be read', () => {
  const sidebar = { width: 235, height: 320 };
  expect(opening({ width: 300, height: 400 }, sidebar)).toEqual(fitted({ width: 300, height: 400 }, sidebar));
  expect(opening({ width: 900, height: 400 }, sidebar)).toEqual({ scale: 0.8, x: (235 - 720) / 2, y: 12 });
});

test('what is under the pointer stays there', () => {
  const before = { x: 10, y: 20, scale: 1 };
  const after = zoomed(before, 1.5, 100, 50);
  expect([(100 - after.x) / after.scale, (50 - after.y) / after.scale]).toEqual([(100 - 10) / 1, (50 - 20) / 1]);
  expect(zoomed(before, 1e9, 0, 0).scale).toBe(LARGEST);
  expect(zoomed(before, 1e-9, 0, 0).scale).toBe(SMALLEST);
});

test('a box outside is brought in by as little as it takes', () => {
  const camera = { x: 0, y: 0, scale: 1 };
  expect(showing(camera, [100, 100, 50, 50], FRAME)).toEqual(camera);
  expect(showing(camera, [900, 100, 50, 50], FRAME).x).toBe(-(950 - 788));
  expect(showing(camera, [-100, 100, 50, 50], FRAME).x).toBe(112);
  expect(centred({ ...camera, scale: 0.1 }, [0, 0, 100, 50], FRAME).scale).toBe(0.8);
});
