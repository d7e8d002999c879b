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
// the least scale at which all of it can be read, and that of a part
const READABLE = 0.3;
const START = 0.55;
// in a frame that is no wider than a sidebar names have to be larger: there are few others to guess them by
const NARROW = { width: 360, readable: 0.5, start: 0.6 };
// so far down, of the frame's height, stands what one looks at: what leads to it is to be seen too
const DOWN = 0.25;

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

/** Where to begin: the whole drawing, or of one too large to be read so the part around a box of it, the top if there is none. */
export function opening(drawing: Size, frame: Size, box: readonly number[] | null = null): Camera {
  const whole = fitted(drawing, frame);
  const isNarrow = frame.width > 0 && frame.width <= NARROW.width;
  if (whole.scale >= (isNarrow ? NARROW.readable : READABLE)) return whole;
  const scale = isNarrow ? NARROW.start : Math.min(START, Math.max((frame.width - 2 * MARGIN) / drawing.width, READABLE));
  const [x, y, width] = box ?? [drawing.width / 2, 0, 0];
  return {
    scale,
    x: filling(frame.width / 2 - (x + width / 2) * scale, drawing.width * scale, frame.width),
    y: filling(frame.height * DOWN - y * scale, drawing.height * scale, frame.height)
  };
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

/** A shift that leaves no more room empty than there must be. */
function filling(shift: number, length: number, room: number): number {
  if (length <= room - 2 * MARGIN) return (room - length) / 2;
  return Math.min(Math.max(shift, room - MARGIN - length), MARGIN);
}

function nudge(start: number, length: number, room: number): number {
  if (start < MARGIN) return MARGIN - start;
  const over = start + length - (room - MARGIN);
  return over > 0 ? -Math.min(over, start - MARGIN) : 0;
}

function limited(scale: number): number {
  return Math.min(Math.max(scale, SMALLEST), LARGEST);
}
