/**
 * The only way that elements are made. Text becomes text nodes and attribute values, never markup: nothing here or
 * elsewhere in the views parses HTML.
 */
import { clean } from './text';

type Attributes = Record<string, string | number | boolean | null | undefined>;
export type Child = Node | string | null | undefined | false;

const SVG = 'http://www.w3.org/2000/svg';

export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  return filled(document.createElement(name), attributes, children);
}

export function s<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[Name] {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

/** A long name that may go on in another line behind a mark within it, and not amid a word. */
export function breakable(text: string): Child[] {
  const parts = text.split(/(?<=[a-z])(?=[A-Z])|(?<=[_.\-/:,=([])(?=[^_.\-/:,=([\s])/);
  return parts.flatMap((part, at) => (at ? [document.createElement('wbr'), part] : [part]));
}

/** Take all children out and put others in. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...children.filter(isThere).map(child => (typeof child === 'string' ? clean(child) : child)));
}

function filled<Kind extends Element>(element: Kind, attributes: Attributes, children: Child[]): Kind {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : clean(value));
  }
  fill(element, ...children);
  return element;
}

function isThere(child: Child): child is Node | string {
  return child !== null && child !== undefined && child !== false;
}
