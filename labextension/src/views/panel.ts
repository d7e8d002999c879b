/** What is known of one node, in a column beside the picture. */
import { stretch } from './coloured';
import { breakable, h, type Child } from './dom';
import { icon } from './icons';
import { code, isImage, preview } from './preview';
import { reason } from './reason';
import { sparkline } from './spark';
import { duration, line, plural, size } from './text';
import type { Details, PictureNode, Shown } from './types';
import { valueWords, type Told } from './words';

export interface PanelActions {
  close(): void;
  open(node: string): void;
  expand(group: string): void;
}

/** The head of the panel, there before the kernel has answered. */
export function panelHead(node: PictureNode, now: Told, actions: PanelActions): HTMLElement {
  const close = h('button', { class: 'hx-button hx-quiet', type: 'button', 'aria-label': 'Close details', title: 'Close (Esc)' }, '×');
  close.addEventListener('click', () => actions.close());
  const value = valueWords(node);
  return h(
    'header',
    { class: 'hx-panel-head' },
    h('p', { class: 'hx-title' }, ...breakable(line(node.name, 120))),
    close,
    h('p', { class: 'hx-state' }, icon(now.state), ` ${now.words}`, value ? ` · ${value}` : ''),
    now.reason ? h('p', { class: 'hx-soft' }, ...reason(now.reason, 400)) : null
  );
}

export function groupBody(node: PictureNode, actions: PanelActions): HTMLElement {
  const expand = h('button', { class: 'hx-button', type: 'button' }, 'Expand the group');
  expand.addEventListener('click', () => actions.expand(node.group ?? ''));
  return h('div', { class: 'hx-panel-body' }, section('Inside', h('ul', {}, ...node.members.map(one => h('li', {}, one)))), expand);
}

export function panelBody(details: Details, parents: string[], children: string[], actions: PanelActions): HTMLElement {
  return h(
    'div',
    { class: 'hx-panel-body' },
    details.reasons.length > 1 ? section('Why', list(details.reasons)) : null,
    section('Code', code(...(details.runs ?? [[details.code, '']]).map(([text, kind]) => stretch(text, kind)))),
    ...details.outputs.map(output =>
      section(
        `Value ${output.name}`,
        h('p', { class: 'hx-soft' }, [output.summary, size(output.bytes), output.note].filter(Boolean).join(' · ')),
        output.preview ? preview(output.preview) : null
      )
    ),
    details.shown.length ? section('Output', ...details.shown.map(shown)) : null,
    history(details),
    ...links(details, parents, children, actions),
    ...depends(details)
  );
}

function section(title: string, ...content: Child[]): HTMLElement {
  // no headings: their order is that of the page around, which is not ours
  return h('section', { 'aria-label': title }, h('p', { class: 'hx-heading' }, line(title, 80)), ...content);
}

function list(texts: string[]): HTMLElement {
  return h('ul', {}, ...texts.map(text => h('li', {}, ...reason(text, 400))));
}

function shown(event: Shown): HTMLElement {
  if (event.image && isImage(event.image)) return h('img', { class: 'hx-figure', src: event.image, alt: 'what the node showed' });
  const text = code(event.text);
  if (event.stream === 'stderr') text.classList.add('hx-stderr');
  return text;
}

function history(details: Details): HTMLElement | null {
  const runs = details.history;
  if (runs.length < 2) return null;
  const [first, last] = [runs[0], runs[runs.length - 1]];
  const row = (name: string, values: number[], told: (value: number) => string): HTMLElement =>
    h(
      'div',
      { class: 'hx-history' },
      h('span', {}, name),
      sparkline(values, `${name}: ${told(values[0]) || '0'} in version ${first.version}, ${told(values[values.length - 1]) || '0'} in version ${last.version}`),
      h('span', { class: 'hx-figure-now' }, told(values[values.length - 1]) || '0')
    );
  return section(
    'History',
    row('seconds', runs.map(run => run.seconds), duration),
    row('bytes', runs.map(run => run.bytes), size),
    h('p', { class: 'hx-soft' }, `versions ${first.version} to ${last.version}`)
  );
}

function links(details: Details, parents: string[], children: string[], actions: PanelActions): Child[] {
  const named = new Map<string, string[]>();
  for (const [name, node] of details.inputs) named.set(node, [...(named.get(node) ?? []), name]);
  const linked = (nodes: string[], reads: boolean): HTMLElement =>
    h(
      'ul',
      { class: 'hx-links' },
      ...nodes.map(node => {
        const button = h('button', { class: 'hx-button', type: 'button', title: reads ? (named.get(node) ?? []).join(', ') : null }, line(node, 80));
        button.addEventListener('click', () => actions.open(node));
        return h('li', {}, button);
      })
    );
  return [
    parents.length ? section('Reads', linked(parents, true)) : null,
    children.length ? section('Read by', linked(children, false)) : null
  ];
}

const KINDS: [title: string, kinds: string[]][] = [
  ['Files', ['file', 'folder', 'written', 'exists', 'size', 'stat']],
  ['Helpers', ['function', 'class', 'source']],
  ['Captured values', ['value', 'variable']],
  ['Packages', ['module', 'python']]
];

function depends(details: Details): Child[] {
  return KINDS.map(([title, kinds]) => {
    const found = details.depends.filter(one => kinds.includes(one.kind));
    if (!found.length) return null;
    const rows = found.map(one =>
      h('div', {}, h('dt', {}, ...breakable(line(one.name, 120))), h('dd', {}, ...breakable(line(one.detail, 160))))
    );
    const fields = h('dl', { class: 'hx-fields' }, ...rows);
    if (title !== 'Packages') return section(title, fields);
    return section(title, h('details', {}, h('summary', {}, plural(found.length, 'package')), fields));
  });
}
