/** Find nodes by a part of their names, outputs or members: a field, how many were found, and a walk through them. */
import { fill, h } from './dom';
import type { Scene } from './scene';

export class Finder {
  readonly field = h('input', { class: 'hx-search', type: 'search', placeholder: 'Find a node', 'aria-label': 'Find a node', spellcheck: 'false' });
  readonly matches = h('span', { class: 'hx-matches hx-soft', role: 'status' });
  private found: string[] = [];
  private at = 0;
  /** What was typed is shown, and no key has led on yet. */
  private isNew = false;

  constructor(private readonly scene: () => Scene) {
    this.field.addEventListener('input', () => this.search());
    this.field.addEventListener('keydown', event => {
      if (event.key === 'Enter') this.step(event.shiftKey ? -1 : this.isNew ? 0 : 1);
      if (event.key === 'Escape') this.leave();
    });
  }

  /** Mark what fits; again after the picture changed. */
  search(move = true): void {
    const { picture, drawn } = this.scene();
    const wanted = this.field.value.trim().toLowerCase();
    this.found = wanted
      ? picture.nodes
          .filter(node => [node.name, ...node.outputs, ...node.members].some(one => one.toLowerCase().includes(wanted)))
          .map(node => node.name)
      : [];
    this.at = 0;
    const found = new Set(this.found);
    drawn?.svg.classList.toggle('hx-searching', Boolean(wanted));
    for (const [name, box] of drawn?.nodes ?? []) box.element.classList.toggle('hx-found', found.has(name));
    if (move) this.reveal();
    this.isNew = true;
    this.say(wanted ? (this.found.length ? `${this.found.length} found` : 'none') : '');
  }

  /** Say something in the place of the matches. */
  say(text: string): void {
    fill(this.matches, text);
  }

  private step(by: number): void {
    if (!this.found.length) return;
    this.at = (this.at + by + this.found.length) % this.found.length;
    this.isNew = false;
    this.say(`${this.at + 1} of ${this.found.length}`);
    this.reveal();
  }

  private reveal(): void {
    if (!this.found.length) return;
    const scene = this.scene();
    scene.rove(this.found[this.at]);
    scene.stage.centre(scene.picture.layout.nodes[this.found[this.at]]);
  }

  private leave(): void {
    this.field.value = '';
    this.search();
    const scene = this.scene();
    if (scene.current !== null) scene.walk(scene.current);
  }
}
