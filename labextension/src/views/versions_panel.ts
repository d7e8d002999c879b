/** One version in full, in a column beside the list: what it is, what is said of it, what may be done with it. */
import { number as figure, signed } from './compare/numbers';
import { h, type Child } from './dom';
import { icon } from './icons';
import { plainReason } from './reason';
import { duration, line, plural, size } from './text';
import { button } from './versions_bar';
import type { VersionDetails } from './versions_types';
import { momentInFull, valueOf } from './versions_words';

export interface PanelActions {
  close(): void;
  open(id: number): void;
  /** Say something of a version: message, tags, untag, note. */
  annotate(id: number, said: Record<string, unknown>): unknown;
  checkout(id: number): void;
  copy(id: number): unknown;
  remove(id: number): void;
}

export function panelOf(details: VersionDetails, isCurrent: boolean, actions: PanelActions): HTMLElement {
  const { id } = details;
  const remove = button('Delete', 'Take it off the list', () => actions.remove(id));
  remove.classList.add('hxv-delete');
  const close = button('×', 'Close (Esc)', () => actions.close());
  close.classList.add('hx-quiet');
  return h(
    'div',
    { class: 'hxv-panel' },
    h('header', { class: 'hx-panel-head' }, h('p', { class: 'hx-title' }, `v${id}`, isCurrent ? h('span', { class: 'hxv-chip hxv-here' }, 'current') : null), close),
    message(details, actions),
    facts(details, actions),
    h(
      'div',
      { class: 'hxv-actions' },
      button('Check out', 'Make its declarations the workflow’s', () => actions.checkout(id)),
      button('Copy code', 'Its cells, to the clipboard', () => actions.copy(id)),
      remove
    ),
    details.error ? section('Error', h('p', { class: 'hxv-failed' }, icon('failed'), ` ${line(details.error, 1000)}`)) : null,
    section('Tags', tags(details, actions)),
    section('Note', note(details, actions)),
    details.metrics.length ? section(details.parent === null ? 'Metrics' : `Metrics, against v${details.parent}`, metrics(details)) : null,
    details.nodes.length ? section(plural(details.nodes.length, 'node'), nodes(details)) : null
  );
}

function section(title: string, ...content: Child[]): HTMLElement {
  // no landmarks: the comparison below has some of the same names
  return h('div', { role: 'group', 'aria-label': title }, h('p', { class: 'hx-heading' }, title), ...content);
}

function message(details: VersionDetails, actions: PanelActions): HTMLElement {
  const input = h('input', { class: 'hx-search hxv-wide', 'aria-label': 'message', placeholder: 'No message yet', spellcheck: 'false' });
  input.value = details.message;
  const save = button('Rename', 'Give it this message (Enter)', () => actions.annotate(details.id, { message: input.value }));
  save.disabled = true;
  edits(input, details.message, save);
  return h('div', { class: 'hxv-edit' }, input, save);
}

function facts(details: VersionDetails, actions: PanelActions): HTMLElement {
  const { parent } = details;
  const from = parent === null ? null : button(`v${parent}`, 'Open it', () => actions.open(parent));
  const outcome = ['done', 'interrupted'].includes(details.status) ? details.status : 'failed';
  const saved = valueOf(details.saved);
  const full = valueOf(details.full);
  return h(
    'dl',
    { class: 'hx-fields' },
    fact('Run', momentInFull(details.created)),
    fact('Outcome', h('span', { class: `hxv-${outcome}` }, icon(outcome), ` ${line(details.status, 30)}`)),
    from ? fact('Made from', from) : null,
    fact('Nodes', `${details.compute} computed, ${details.load} loaded, ${details.prune} pruned`),
    fact('Time', `${duration(details.seconds) || '0 s'}${full > 0 ? `; computing everything ${duration(full)}` : ''}`),
    saved > 0 ? fact('Saved', duration(saved)) : null
  );
}

function fact(name: string, value: Child): HTMLElement {
  return h('div', {}, h('dt', {}, name), h('dd', {}, value));
}

function tags(details: VersionDetails, actions: PanelActions): HTMLElement {
  const { id } = details;
  const chips = details.tags.map(tag => {
    const off = button('×', `Take off the tag ${line(tag, 60)}`, () => actions.annotate(id, { untag: [tag] }));
    return h('span', { class: 'hxv-chip' }, line(tag, 60), off);
  });
  const input = h('input', { class: 'hx-search hxv-tag', 'aria-label': 'another tag', placeholder: 'another tag', spellcheck: 'false' });
  const add = button('Add', 'Add the tag (Enter)', () => {
    const tag = input.value.trim();
    if (tag) actions.annotate(id, { tags: [tag] });
  });
  add.disabled = true;
  edits(input, '', add);
  return h('div', { class: 'hxv-tags' }, ...chips, h('span', { class: 'hxv-edit' }, input, add));
}

function note(details: VersionDetails, actions: PanelActions): HTMLElement {
  const area = h('textarea', { class: 'hxv-area', rows: 2, 'aria-label': 'note', placeholder: 'What is to be remembered of it' });
  area.value = details.note;
  const save = button('Keep', 'Keep the note (Ctrl+Enter)', () => actions.annotate(details.id, { note: area.value }));
  save.disabled = true;
  edits(area, details.note, save);
  return h('div', { class: 'hxv-edit' }, area, save);
}

/** A field is edited when it says something else than before; Enter saves it, Escape takes the edit back. */
function edits(field: HTMLInputElement | HTMLTextAreaElement, before: string, save: HTMLButtonElement): void {
  const told = (): void => {
    save.disabled = field.value === before;
    field.classList.toggle('hxv-edited', !save.disabled);
  };
  field.addEventListener('input', told);
  // from here on it is the kernel's: what else is being written stays written
  save.addEventListener('click', () => field.classList.remove('hxv-edited'));
  field.addEventListener('keydown', event => {
    const { key, ctrlKey, metaKey } = event as KeyboardEvent;
    if (key === 'Enter' && (field instanceof HTMLInputElement || ctrlKey || metaKey)) save.click();
    if (key !== 'Escape' || save.disabled) return;
    field.value = before;
    told();
    event.stopPropagation();
  });
}

function metrics(details: VersionDetails): HTMLElement {
  const rows = details.metrics.map(metric => {
    const delta = metric.delta === 0 ? '' : signed(metric.delta);
    const verdict = metric.better === null ? '' : metric.better ? 'better' : 'worse';
    const kind = metric.better === null ? 'hx-soft' : metric.better ? 'hxv-done' : 'hxv-failed';
    const change = delta ? h('span', { class: kind }, ` ${delta} ${verdict}`) : null;
    return fact(line(metric.name, 80), h('span', {}, h('strong', {}, figure(metric.value)), change));
  });
  return h('dl', { class: 'hx-fields' }, ...rows);
}

function nodes(details: VersionDetails): HTMLElement {
  const rows = details.nodes.map(node =>
    h(
      'tr',
      { title: node.reason ? plainReason(node.reason) : null },
      h('td', {}, icon(node.state), h('span', { class: 'hx-hidden' }, line(node.state, 20)), ' ', h('span', { class: 'hxv-mono' }, line(node.name, 60))),
      h('td', {}, node.state === 'prune' ? '' : duration(node.seconds)),
      h('td', {}, size(node.bytes))
    )
  );
  const head = ['node', 'time', 'size'].map(name => h('th', { scope: 'col' }, name));
  const table = h('table', { class: 'hxv-nodes' }, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rows));
  return h('div', { class: 'hx-scroll', tabindex: 0, role: 'group', 'aria-label': 'nodes' }, table);
}
