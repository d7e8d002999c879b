/** Where one looks at a drawing from: a scale and a shift, in CSS pixels. Pure. */

export interface Camera {
  x: number;
  y: number;
  scale: number;
}

export interface Size {
  width: number;
  height: number;
}

export const SMALLEST = 0.04;
export const LARGEST = 2.5;
const MARGIN = 12;
const READABLE = 0.3;
const START = 0.55;
// in a frame that is no wider than a sidebar all of it comes first, as long as it can be told apart; then names that can be read
const NARROW = { width: 360, readable: 0.3, start: 0.8 };

/** The whole drawing in the middle, not larger than it is. */
export function fitted(drawing: Size, frame: Size): Camera {
  const room = { width: Math.max(frame.width - 2 * MARGIN, 1), height: Math.max(frame.height - 2 * MARGIN, 1) };
  const scale = limited(Math.min(room.width / drawing.width, room.height / drawing.height, 1));
  return {
    scale,
    x: (frame.width - drawing.width * scale) / 2,
    y: (frame.height - drawing.height * scale) / 2
  };
}

/** Where to begin: the whole drawing, or of one too large to be read so its upper part. */
export function opening(drawing: Size, frame: Size): Camera {
  const whole = fitted(drawing, frame);
  if (frame.width > 0 && frame.width <= NARROW.width) {
    const { start: scale, readable } = NARROW;
    return whole.scale >= readable ? whole : { scale, x: (frame.width - drawing.width * scale) / 2, y: MARGIN };
  }
  if (whole.scale >= READABLE) return whole;
  const scale = Math.min(START, Math.max(whole.scale, (frame.width - 2 * MARGIN) / drawing.width, READABLE));
  return { scale, x: (frame.width - drawing.width * scale) / 2, y: MARGIN };
}

/** Nearer by `factor`, while the point `x`, `y` of the frame stays where it is. */
export function zoomed(camera: Camera, factor: number, x: number, y: number): Camera {
  const scale = limited(camera.scale * factor);
  const by = scale / camera.scale;
  return { scale, x: x - (x - camera.x) * by, y: y - (y - camera.y) * by };
}

export function moved(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x + dx, y: camera.y + dy };
}

/** Moved by as little as brings a box (of the drawing) into the frame; as it is where it is inside already. */
export function showing(camera: Camera, box: readonly number[], frame: Size): Camera {
  const [x, y, width, height] = box;
  return {
    ...camera,
    x: camera.x + nudge(x * camera.scale + camera.x, width * camera.scale, frame.width),
    y: camera.y + nudge(y * camera.scale + camera.y, height * camera.scale, frame.height)
  };
}

/** The box in the middle, large enough to be read. */
export function centred(camera: Camera, box: readonly number[], frame: Size): Camera {
  const scale = Math.max(camera.scale, 0.8);
  const [x, y, width, height] = box;
  return { scale, x: frame.width / 2 - (x + width / 2) * scale, y: frame.height / 2 - (y + height / 2) * scale };
}

function nudge(start: number, length: number, room: number): number {
  if (start < MARGIN) return MARGIN - start;
  const over = start + length - (room - MARGIN);
  return over > 0 ? -Math.min(over, start - MARGIN) : 0;
}

function limited(scale: number): number {
  return Math.min(Math.max(scale, SMALLEST), LARGEST);
}
