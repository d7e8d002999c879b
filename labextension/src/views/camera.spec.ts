import { expect, test } from 'vitest';
import { centred, fitted, LARGEST, opening, showing, SMALLEST, zoomed } from './camera';

const FRAME = { width: 800, height: 400 };

test('a small drawing stands in the middle as large as it is', () => {
  expect(fitted({ width: 200, height: 100 }, FRAME)).toEqual({ scale: 1, x: 300, y: 150 });
});

test('a large one is shown whole, unless that could not be read', () => {
  expect(opening({ width: 1600, height: 700 }, FRAME).scale).toBeCloseTo(0.485);
  expect(opening({ width: 1600, height: 9000 }, FRAME)).toMatchObject({ scale: 0.485, y: 12 });
  expect(fitted({ width: 1600, height: 9000 }, FRAME).scale).toBeCloseTo(376 / 9000, 5);
});

const SIDEBAR = { width: 235, height: 320 };

test('in a frame as narrow as a sidebar names can be read', () => {
  expect(opening({ width: 300, height: 400 }, SIDEBAR)).toEqual(fitted({ width: 300, height: 400 }, SIDEBAR));
  expect(opening({ width: 900, height: 900 }, SIDEBAR)).toEqual({ scale: 0.6, x: (235 - 540) / 2, y: 12 });
});

// the drawing is 540 x 600 pixels large there
test.each<[string, number[], number, number]>([
  ['in the middle, with room above', [400, 500, 100, 50], 235 / 2 - 270, 320 / 4 - 300],
  ['nothing is left empty at the left and above', [0, 0, 100, 50], 12, 12],
  ['nor at the right and below', [800, 950, 100, 50], 235 - 12 - 540, 320 - 12 - 600]
])('of one too large the part around a box is shown: %s', (_, box, x, y) => {
  expect(opening({ width: 900, height: 1000 }, SIDEBAR, box)).toEqual({ scale: 0.6, x, y });
});

test('what is no larger than the frame one way stands in the middle of it', () => {
  expect(opening({ width: 900, height: 400 }, SIDEBAR, [0, 0, 100, 50])).toEqual({ scale: 0.6, x: 12, y: 40 });
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
