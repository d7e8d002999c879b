/** A frame through which one looks at a drawing: pan by dragging, zoom by pinch, Ctrl and wheel, or button. */
import { centred, fitted, moved, opening, showing, zoomed, type Camera, type Size } from './camera';

// below this, text as it stands is small: it takes the room that there is in the boxes
const SMALL = 0.9;
// and below this too small to read: the drawing then shows larger names and nothing else
const FAR = 0.62;
const DRAG = 4;

export class Stage {
  private camera: Camera = { x: 0, y: 0, scale: 1 };
  private drawing: SVGSVGElement | null = null;
  private extent: Size = { width: 1, height: 1 };
  private pointers = new Map<number, { x: number; y: number }>();
  private travelled = 0;
  /** What the camera was placed by; null once the user has moved it. */
  private start: ((drawing: Size, frame: Size, box: readonly number[] | null) => Camera) | null = opening;
  /** What one looks at first. */
  private box: readonly number[] | null = null;
  private resting: number | undefined;

  constructor(
    readonly frame: HTMLElement,
    private readonly onZoom: (scale: number) => void
  ) {
    frame.addEventListener('pointerdown', event => this.down(event));
    frame.addEventListener('pointermove', event => this.move(event));
    frame.addEventListener('pointerup', event => this.up(event));
    frame.addEventListener('pointercancel', event => this.up(event));
    frame.addEventListener('wheel', event => this.wheel(event), { passive: false });
    // keyboard focus would scroll the frame to what is focused; the camera does that
    frame.addEventListener('scroll', () => frame.scrollTo(0, 0));
  }

  /** Put a drawing in, with the box that one looks at first. Where one looks from stays, unless `anew`. */
  show(drawing: SVGSVGElement, extent: Size, anew: boolean, box: readonly number[] | null = null): void {
    this.drawing = drawing;
    this.extent = extent;
    this.box = box;
    this.frame.replaceChildren(drawing);
    if (anew) this.start = opening;
    if (anew || this.start) this.begin(this.start ?? opening);
    else this.apply();
  }

  /** Look at another box, as long as nobody has moved the drawing. */
  attend(box: readonly number[] | null): void {
    this.box = box;
    this.resized();
  }

  /** The whole drawing. */
  fit(): void {
    this.begin(fitted);
  }

  /** The frame got another size: what nobody has moved yet is placed anew. */
  resized(): void {
    if (this.start && this.frame.clientWidth) this.begin(this.start);
  }

  private begin(from: NonNullable<Stage['start']>): void {
    this.start = from;
    this.camera = from(this.extent, this.size(), this.box);
    this.apply();
  }

  /** Nearer or farther, around the middle. */
  zoom(factor: number): void {
    const { width, height } = this.size();
    this.set(zoomed(this.camera, factor, width / 2, height / 2));
  }

  pan(dx: number, dy: number): void {
    this.set(moved(this.camera, dx, dy));
  }

  reveal(box: readonly number[]): void {
    this.set(showing(this.camera, box, this.size()));
  }

  centre(box: readonly number[]): void {
    this.set(centred(this.camera, box, this.size()));
  }

  /** Whether the pointer that is being lifted has moved the drawing, so that it was no click. */
  get dragged(): boolean {
    return this.travelled > DRAG;
  }

  /** Whether a pointer is down. */
  get held(): boolean {
    return this.pointers.size > 0;
  }

  /** A point of the drawing in pixels of the frame. */
  project(x: number, y: number): { x: number; y: number } {
    const { camera } = this;
    return { x: x * camera.scale + camera.x, y: y * camera.scale + camera.y };
  }

  private size(): Size {
    return { width: this.frame.clientWidth, height: this.frame.clientHeight };
  }

  private set(camera: Camera): void {
    if (camera.x === this.camera.x && camera.y === this.camera.y && camera.scale === this.camera.scale) return;
    this.start = null;
    this.camera = camera;
    this.apply();
  }

  private apply(): void {
    if (!this.drawing) return;
    const { x, y, scale } = this.camera;
    this.drawing.style.transform = `translate(${x.toFixed(1)}px,${y.toFixed(1)}px) scale(${scale.toFixed(4)})`;
    this.frame.classList.toggle('hx-small', scale < SMALL);
    this.frame.classList.toggle('hx-afar', scale < FAR);
    this.onZoom(scale);
  }

  /** While it moves it is a layer of its own, which is cheap to move; at rest it is drawn sharp. */
  private lift(): void {
    this.frame.classList.add('hx-moving');
    window.clearTimeout(this.resting);
    this.resting = window.setTimeout(() => this.frame.classList.remove('hx-moving'), 250);
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.travelled = 0;
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  }

  private move(event: PointerEvent): void {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const [dx, dy] = [event.clientX - before.x, event.clientY - before.y];
    this.travelled += Math.abs(dx) + Math.abs(dy);
    if (!this.dragged) return;
    if (!this.frame.hasPointerCapture?.(event.pointerId)) this.frame.setPointerCapture?.(event.pointerId);
    this.lift();
    if (this.pointers.size === 1) this.pan(dx, dy);
    else this.pinch(event, before);
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  }

  private pinch(event: PointerEvent, before: { x: number; y: number }): void {
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)![1];
    const was = Math.hypot(before.x - other.x, before.y - other.y) || 1;
    const is = Math.hypot(event.clientX - other.x, event.clientY - other.y);
    const { left, top } = this.frame.getBoundingClientRect();
    this.set(zoomed(this.camera, is / was, (event.clientX + other.x) / 2 - left, (event.clientY + other.y) / 2 - top));
  }

  private up(event: PointerEvent): void {
    this.pointers.delete(event.pointerId);
  }

  private wheel(event: WheelEvent): void {
    // a wheel alone belongs to the page, which a notebook is scrolled with
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.lift();
    const { left, top } = this.frame.getBoundingClientRect();
    const factor = Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.003));
    this.set(zoomed(this.camera, factor, event.clientX - left, event.clientY - top));
  }
}
