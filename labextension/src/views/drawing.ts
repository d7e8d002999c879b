/** The picture as SVG elements, and how they change. Where things are has been decided by the kernel. */
import { s } from './dom';
import { known, shape } from './icons';
import { line } from './text';
import type { Box, Picture, PictureNode } from './types';
import { belowWords, spoken, valueWords, type Told } from './words';

const LINE = 14;
const LARGEST = 26;
const ARROW = 6;
const FAR_MARK = 22;
// pixels that a character takes for each pixel of its size
const WIDE = 0.605;
const [NAME, WORDS] = [12, 10.5];
// from afar names are of one size, which so large a share of the boxes has room for
const MOST = 0.75;

/** The chosen node, and what lies above and below it. */
export const MARKS = ['hx-chosen', 'hx-up', 'hx-down'] as const;

export interface Drawn {
  svg: SVGSVGElement;
  nodes: Map<string, DrawnNode>;
  edges: { parent: string; child: string; element: SVGElement }[];
}

export interface DrawnNode {
  node: PictureNode;
  element: SVGGElement;
  /** Its state's mark, as it stands near and from afar. */
  marks: SVGPathElement[];
  words: SVGTextElement;
  /** The line below them, and its mark. */
  below: SVGTextElement;
  dot: SVGPathElement;
  badge: SVGGElement | null;
  width: number;
  told: string;
}

/** All of it; `tell` says what stands in each box. */
export function draw(picture: Picture, tell: (node: PictureNode) => Told): Drawn {
  const { layout } = picture;
  const edges = picture.layout.edges.map(([parent, child, points], at) => ({
    parent,
    child,
    element: edge(parent, child, points, picture.edges[at]?.chain ?? false)
  }));
  const sizes = picture.nodes.map(node => far(node, layout.nodes[node.name]).size).sort((a, b) => b - a);
  const common = sizes[Math.floor((sizes.length - 1) * MOST)] ?? LARGEST;
  const nodes = new Map(
    picture.nodes.map(node => [node.name, box(node, layout.nodes[node.name], tell(node), common)] as const)
  );
  const svg = s(
    'svg',
    { class: 'hx-picture', width: layout.width, height: layout.height, viewBox: `0 0 ${layout.width} ${layout.height}` },
    s('g', { class: 'hx-edges', 'aria-hidden': 'true' }, ...edges.map(one => one.element)),
    s('g', {}, ...[...nodes.values()].map(one => one.element))
  );
  return { svg, nodes, edges };
}

/** Let a box stand for a node that is otherwise now. */
export function restate(drawn: DrawnNode, node: PictureNode, now: Told): void {
  const isSame = valueWords(drawn.node) === valueWords(node) && drawn.node.value === node.value;
  drawn.node = node;
  if (!isSame) {
    if (node.value === null) drawn.element.removeAttribute('data-value');
    else drawn.element.setAttribute('data-value', node.value);
    drawn.told = '';
  }
  retell(drawn, now);
}

/** Let a node tell something else. */
export function retell(drawn: DrawnNode, now: Told): void {
  const told = signature(now);
  if (told === drawn.told) return;
  drawn.told = told;
  const { element, node } = drawn;
  // what the user looks at stays marked, whatever the node says
  const marks = MARKS.filter(mark => element.classList.contains(mark));
  element.setAttribute('class', [classOf(node, now), ...marks].join(' '));
  element.setAttribute('data-state', line(now.state, 40));
  element.setAttribute('aria-label', spoken(node, now));
  for (const mark of drawn.marks) mark.setAttribute('d', shape(now.state));
  drawn.words.textContent = line(now.words, 60);
  const { state, words } = belowOf(node, now);
  const widest = Math.max(now.words.length, words.length);
  element.style.setProperty('--hx-words-room', room(drawn.width - 26 - 6, widest, WORDS));
  drawn.below.textContent = line(words, 60);
  drawn.below.setAttribute('x', state === null ? '11' : '26');
  drawn.dot.setAttribute('class', `hx-dot hx-is-${known(state)}`);
  drawn.dot.setAttribute('d', state === null ? '' : shape(state));
  drawn.badge?.remove();
  drawn.badge = badge(now, drawn.width);
  if (drawn.badge) element.append(drawn.badge);
}

/** All that decides how a box looks. */
function signature({ state, words, reason, below, badge, changed }: Told): string {
  return [state, words, reason, below?.state, below?.words, badge, changed].join('\n');
}

function classOf(node: PictureNode, now: Told): string {
  const group = node.members.length ? ' hx-group' : '';
  return `hx-node hx-is-${known(now.state)}${group}${now.changed ? ' hx-changed' : ''}`;
}

/** The lowest line: what is told there, else whether the node has a value. */
function belowOf(node: PictureNode, now: Told): { state: string | null; words: string } {
  if (now.below) return now.below;
  const words = belowWords(node, now);
  const isMarked = words && node.value !== null && node.value !== 'none' && !node.members.length;
  return { state: isMarked ? node.value : null, words };
}

/** On the upper edge, at the right, where names end last. */
function badge({ badge }: Told, room: number): SVGGElement | null {
  if (!badge) return null;
  const width = badge.length * 5.3 + 13;
  return s(
    'g',
    { class: 'hx-badge', transform: `translate(${room - width - 5},-9)` },
    s('rect', { width, height: 15, rx: 7.5 }),
    s('text', { x: 6, y: 10.8 }, line(badge, 60))
  );
}

/** From afar only mark and name are left, in two lines where that is larger, as large as the box lets them be. */
function far({ lines }: PictureNode, [, , width, height]: Box): Far {
  const sized = (broken: string[]): Far => ({
    lines: broken,
    size: Math.min((width - 10 - FAR_MARK) / (longest(broken) * 0.62), (height - 8) / (broken.length * 1.15), LARGEST)
  });
  const [one, two] = [sized(lines), sized(lines.length === 1 ? halves(lines[0]) : lines)];
  return two.size > one.size ? two : one;
}

interface Far {
  lines: string[];
  size: number;
}

/** A name broken behind the mark that is nearest to its middle; as it is where it has none. */
function halves(name: string): string[] {
  const breaks = [...name.matchAll(/[_.\- ]+|(?<=[a-z])(?=[A-Z])/g)].map(({ index, 0: { length } }) => index + length).filter(at => at < name.length);
  const fromMiddle = (at: number): number => Math.abs(at - name.length / 2);
  const [at] = breaks.sort((a, b) => fromMiddle(a) - fromMiddle(b));
  return at ? [name.slice(0, at), name.slice(at)] : [name];
}

function longest(lines: readonly string[]): number {
  return Math.max(...lines.map(one => [...one].length), 1);
}

/** How many times as large as it is a text of so many characters may be. */
function room(pixels: number, characters: number, size: number): string {
  return Math.max(pixels / (Math.max(characters, 1) * WIDE * size), 0.8).toFixed(2);
}

function box(node: PictureNode, [x, y, width, height]: Box, now: Told, common: number): DrawnNode {
  const low = 17 + (node.lines.length - 1) * LINE;
  const mark = s('path', { class: 'hx-icon', transform: `translate(11,${low + 7})` });
  const words = s('text', { class: 'hx-words', x: 26, y: low + 16 });
  const afar = far(node, [x, y, width, height]);
  const farSize = Math.min(afar.size, common);
  const names = node.lines.map((text, at) =>
    s('text', { class: 'hx-name', x: 11, y: 17 + at * LINE }, line(text, 80))
  );
  const large = afar.lines.map((text, at) =>
    s(
      'text',
      {
        class: 'hx-far',
        x: (width + FAR_MARK - 4) / 2,
        y: height / 2 + (at - (afar.lines.length - 1) / 2) * farSize * 1.15 + farSize * 0.35,
        style: `font-size:${farSize.toFixed(1)}px`
      },
      line(text, 80)
    )
  );
  const farMark = s('path', { class: 'hx-far-icon', transform: `translate(6,${height / 2 - 8}) scale(1.6)` });
  const dot = s('path', { transform: `translate(11,${low + 20.5})` });
  const below = s('text', { class: 'hx-words', y: low + 29.5 });
  const element = s(
    'g',
    { 'data-node': node.name, 'data-value': node.value, transform: `translate(${x},${y})`, role: 'button', tabindex: -1 },
    node.members.length ? s('rect', { class: 'hx-behind', x: 3, y: 3, width, height, rx: 7 }) : null,
    s('rect', { class: 'hx-box', width, height, rx: 7 }),
    s('rect', { class: 'hx-ring', x: -3, y: -3, width: width + 6, height: height + 6, rx: 9 }),
    ...names,
    ...large,
    farMark,
    mark,
    words,
    dot,
    below
  );
  element.style.setProperty('--hx-name-room', room(width - 11 - 6, longest(node.lines), NAME));
  const drawn = { node, element, marks: [mark, farMark], words, below, dot, badge: null, width, told: '' };
  retell(drawn, now);
  return drawn;
}

function edge(parent: string, child: string, points: number[], chain: boolean): SVGElement {
  const { tip, way } = arrow(points);
  return s(
    'g',
    { class: chain ? 'hx-edge hx-chain' : 'hx-edge', 'data-parent': parent, 'data-child': child },
    s('path', { class: 'hx-way', d: way }),
    s('path', { class: 'hx-tip', d: tip })
  );
}

/** The arrow's head, and the way shortened so that the line ends inside it. */
function arrow(points: number[]): { tip: string; way: string } {
  const end = points.length - 2;
  const [x, y] = points.slice(end);
  let [fromX, fromY] = points.slice(end - 2, end);
  if (fromX === x && fromY === y) [fromX, fromY] = points.slice(Math.max(end - 6, 0));
  const length = Math.hypot(x - fromX, y - fromY) || 1;
  const [aheadX, aheadY] = [(x - fromX) / length, (y - fromY) / length];
  const [backX, backY] = [x - aheadX * ARROW, y - aheadY * ARROW];
  const [sideX, sideY] = [-aheadY * ARROW * 0.55, aheadX * ARROW * 0.55];
  const short = [...points.slice(0, end), x - aheadX * ARROW * 0.6, y - aheadY * ARROW * 0.6];
  const rest = short.slice(2).map(value => Math.round(value * 10) / 10);
  return {
    tip: `M${x},${y}L${backX + sideX},${backY + sideY}L${backX - sideX},${backY - sideY}Z`,
    way: `M${short[0]},${short[1]}C${rest.join(' ')}`
  };
}
