"""Progress of a run in a notebook: a bar with the seconds that remain."""

from __future__ import annotations

from html import escape
from typing import Any

from IPython.display import display

from helix_jupyter.plan.types import State
from helix_jupyter.view.progress import TerminalProgress


class NotebookProgress(TerminalProgress):
    """A bar that disappears, so that a saved notebook holds no dead widget.

    One widget of HTML, not a bar and a label in a box: a node costs one message, and each is one that the run waits
    for.
    """

    def __init__(self) -> None:
        super().__init__()
        self._bar: Any = None
        self._handle: Any = None

    def node(self, name: str, state: State) -> None:
        """Show what starts, if it is worth it."""
        if self.is_worth_showing:
            self._show(self.line(name, state))

    def _show(self, line: str) -> None:
        html = (
            f'<progress value="{self.fraction:.3f}" style="width: 40%; vertical-align: middle" '
            f'aria-label="run"></progress> {escape(line)}'
        )
        if self._bar is not None:
            self._bar.value = html
            return
        from ipywidgets import HTML

        self._bar = HTML(html)
        self._handle = display(self._bar, display_id=True)

    def end(self, status: str) -> None:
        """Take the bar away."""
        if self._bar is None:
            return
        self._bar.close()
        # nothing at all: an empty text would leave an empty line
        self._handle.update({}, raw=True)
