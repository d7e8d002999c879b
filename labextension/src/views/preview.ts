/** A value as the kernel previewed it: tables of text, an image, or text. */
import { breakable, h, type Child } from './dom';
import type { Preview } from './types';

export function preview(value: Preview): HTMLElement {
  switch (value.kind) {
    case 'frame':
      return frame(value);
    case 'array':
      return h(
        'div',
        {},
        fields(value.statistics),
        value.head ? code(value.head) : null
      );
    case 'fields':
      return h('div', {}, value.title ? h('p', { class: 'hx-soft' }, value.title) : null, fields(value.fields));
    case 'image':
      return h('img', { class: 'hx-figure', src: isImage(value.source) ? value.source : null, alt: value.told });
    default:
      return code(value.text);
  }
}

/** Only what is an image by itself: nothing is fetched, and no script runs in it. */
export function isImage(source: string): boolean {
  return /^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]/.test(source);
}

export function code(...text: Child[]): HTMLElement {
  return h('pre', { class: 'hx-code', tabindex: 0 }, ...text);
}

function fields(listed: [name: string, value: string][]): HTMLElement {
  return h(
    'dl',
    { class: 'hx-fields' },
    ...listed.map(([name, value]) => h('div', {}, h('dt', {}, ...breakable(name)), h('dd', {}, ...breakable(value))))
  );
}

function frame(value: Extract<Preview, { kind: 'frame' }>): HTMLElement {
  const head = value.columns.map(column =>
    h('th', { scope: 'col' }, h('span', {}, column.name), h('span', { class: 'hx-type' }, column.type))
  );
  // of several levels as many as there are columns to the left
  const labels = value.labels ?? [];
  const levels = Array.from(labels[0] ?? [], () => h('td', {}));
  const rows = value.head.map((row, at) =>
    h('tr', {}, ...(labels[at] ?? []).map(label => h('th', { scope: 'row', class: 'hx-label' }, label)), ...row.map(cell => h('td', {}, cell)))
  );
  const more = value.hidden ? `, ${value.hidden.toLocaleString('en')} more columns` : '';
  return h(
    'div',
    {},
    h(
      'div',
      { class: 'hx-scroll', tabindex: 0, role: 'group', 'aria-label': 'first rows' },
      h('table', { class: 'hx-frame' }, h('thead', {}, h('tr', {}, ...levels, ...head)), h('tbody', {}, ...rows))
    ),
    h('p', { class: 'hx-soft' }, `first ${rows.length} of ${value.rows.toLocaleString('en')} rows${more}`)
  );
}
