/** Room for what is wide in an application whose main area holds the notebook alone. Knows of panels what it needs. */
import type { SplitPanel, Widget } from '@lumino/widgets';

/** Give a widget so much of the width that it shares with others, unless it has more; they keep their shares of the rest. */
export function widen(widget: Widget, share: number): void {
  for (let child = widget; child.parent; child = child.parent) {
    const { parent } = child;
    if (!isSplit(parent) || parent.orientation !== 'horizontal') continue;
    const at = parent.widgets.indexOf(child);
    const sizes = parent.relativeSizes();
    if (sizes[at] < share) parent.setRelativeSizes(sizes.map((size, place) => (place === at ? share : (size / (1 - sizes[at])) * (1 - share))));
    return;
  }
}

function isSplit(widget: Widget): widget is SplitPanel {
  return 'setRelativeSizes' in widget;
}
