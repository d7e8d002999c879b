/** The picture as SVG elements, and how they change. Where things are has been decided by the kernel. */
import { s } from './dom';
import { known, shape } from './icons';
import { line } from './text';
import type { Box, Picture, PictureNode } from './types';
import { spoken, valueWords, type Told } from './words';

const LINE = 14;
const ARROW = 6;
const FAR_MARK = 22;

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
  const nodes = new Map(
    picture.nodes.map(node => [node.name, box(node, layout.nodes[node.name], tell(node))] as const)
  );
  const svg = s(
    'svg',
    { class: 'hx-picture', width: layout.width, height: layout.height, viewBox: `0 0 ${layout.width} ${layout.height}` },
    s('g', { class: 'hx-edges', 'aria-hidden': 'true' }, ...edges.map(one => one.element)),
    s('g', {}, ...[...nodes.values()].map(one => one.element))
  );
  return { svg, nodes, edges };
}

/** Let a node tell something else. */
export function retell(drawn: DrawnNode, now: Told): void {
  const told = `${now.state} ${now.words} ${now.reason}`;
  if (told === drawn.told) return;
  drawn.told = told;
  drawn.element.setAttribute('class', `hx-node hx-is-${known(now.state)}${stacked(drawn.node)}`);
  drawn.element.setAttribute('data-state', line(now.state, 40));
  drawn.element.setAttribute('aria-label', spoken(drawn.node, now));
  for (const mark of drawn.marks) mark.setAttribute('d', shape(now.state));
  drawn.words.textContent = line(now.words, 60);
}

function box(node: PictureNode, [x, y, width, height]: Box, now: Told): DrawnNode {
  const value = valueWords(node);
  const below = 17 + (node.lines.length - 1) * LINE;
  const mark = s('path', { class: 'hx-icon', transform: `translate(11,${below + 7})`, d: shape(now.state) });
  const words = s('text', { class: 'hx-words', x: 26, y: below + 16 }, line(now.words, 60));
  const longest = Math.max(...node.lines.map(one => [...one].length), 1);
  // from afar only mark and name are left, as large as the box lets them be
  const far = Math.min((width - 10 - FAR_MARK) / (longest * 0.62), (height - 8) / (node.lines.length * 1.15), 26);
  const names = node.lines.map((text, at) =>
    s('text', { class: 'hx-name', x: 11, y: 17 + at * LINE }, line(text, 80))
  );
  const large = node.lines.map((text, at) =>
    s(
      'text',
      {
        class: 'hx-far',
        x: (width + FAR_MARK - 4) / 2,
        y: height / 2 + (at - (node.lines.length - 1) / 2) * far * 1.15 + far * 0.35,
        style: `font-size:${far.toFixed(1)}px`
      },
      line(text, 80)
    )
  );
  const farMark = s('path', {
    class: 'hx-far-icon',
    transform: `translate(6,${height / 2 - 8}) scale(1.6)`,
    d: shape(now.state)
  });
  const dot = value && node.value !== null && node.value !== 'none' && !node.members.length;
  const element = s(
    'g',
    {
      class: `hx-node hx-is-${known(now.state)}${stacked(node)}`,
      'data-node': node.name,
      'data-state': line(now.state, 40),
      'data-value': node.value,
      transform: `translate(${x},${y})`,
      role: 'button',
      tabindex: -1,
      'aria-label': spoken(node, now)
    },
    node.members.length ? s('rect', { class: 'hx-behind', x: 3, y: 3, width, height, rx: 7 }) : null,
    s('rect', { class: 'hx-box', width, height, rx: 7 }),
    s('rect', { class: 'hx-ring', x: -3, y: -3, width: width + 6, height: height + 6, rx: 9 }),
    ...names,
    ...large,
    farMark,
    mark,
    words,
    dot
      ? s('path', { class: `hx-dot hx-is-${node.value}`, transform: `translate(11,${below + 20.5})`, d: shape(node.value!) })
      : null,
    value ? s('text', { class: 'hx-words', x: dot ? 26 : 11, y: below + 29.5 }, value) : null
  );
  return { node, element, marks: [mark, farMark], words, told: `${now.state} ${now.words} ${now.reason}` };
}

function stacked(node: PictureNode): string {
  return node.members.length ? ' hx-group' : '';
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
