/** What stands in the sidebar's place where there is no workflow to show: why, and what can be done about it. */
import { fill, h } from '../../views/dom';
import type { LinkState } from '../link';
import type { Words } from './words';

export class Notice {
  readonly element = h('div', { class: 'helix-Notice', role: 'status' });
  private readonly button = h('button', { class: 'hx-button hx-primary', type: 'button' });

  constructor(
    private readonly words: Words,
    load: () => Promise<unknown>
  ) {
    this.button.addEventListener('click', () => {
      this.button.disabled = true;
      void load().finally(() => (this.button.disabled = false));
    });
  }

  /** `told` is what the link was told beside its state; null as a state: no notebook is open. */
  show(state: LinkState | null, told = ''): void {
    const [title, ...lines] = this.text(state, told);
    const paragraphs = lines.map(line => h('p', { class: 'hx-soft' }, line));
    fill(this.button, this.words.__('Load helix_jupyter'));
    fill(this.element, h('p', { class: 'helix-Notice-title' }, title), ...paragraphs, state === 'unloaded' && this.button);
  }

  private text(state: LinkState | null, told: string): string[] {
    const { words } = this;
    switch (state) {
      case null:
        return [words.__('No notebook is open'), words.__('The workflow of the notebook that you work in is shown here.')];
      case 'none':
        return [words.__('No kernel runs'), words.__('Start a kernel for this notebook to see its workflow.')];
      case 'looking':
        return [words.__('Asking the kernel…')];
      case 'foreign':
        return [words.__('This kernel runs %1', told), words.__('Workflows are made of Python cells: this notebook has none.')];
      case 'unfit':
        return [
          words.__('Extension and kernel do not fit'),
          words.__('The kernel has helix_jupyter %1, which speaks another protocol. Update the older one, then reload the page.', told)
        ];
      default:
        return [
          words.__('Not loaded in this kernel'),
          words.__('helix_jupyter has to be loaded in each kernel that is to use it. The button runs %1.', '%load_ext helix_jupyter')
        ];
    }
  }
}
