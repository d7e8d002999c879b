"""Progress of a run in a notebook: an ipywidgets bar with the seconds that remain."""

from __future__ import annotations

from typing import Any

from IPython.display import display

from helix_jupyter.plan.types import State
from helix_jupyter.view.progress import TerminalProgress


class NotebookProgress(TerminalProgress):
    """An ipywidgets bar that disappears, so that a saved notebook holds no dead widget."""

    def __init__(self) -> None:
        super().__init__()
        self._bar: Any = None
        self._handle: Any = None

    def node(self, name: str, state: State) -> None:
        """Show what starts, if it is worth it."""
        if not self.is_worth_showing:
            return
        self._show(self.line(name, state))

    def _show(self, line: str) -> None:
        if self._bar is None:
            self._open()
        self._bar.children[0].value = self.fraction
        self._bar.children[1].value = line

    def _open(self) -> None:
        import ipywidgets

        bar = ipywidgets.FloatProgress(min=0.0, max=1.0, layout=ipywidgets.Layout(width="40%"))
        self._bar = ipywidgets.HBox([bar, ipywidgets.Label()])
        self._handle = display(self._bar, display_id=True)

    def end(self, status: str) -> None:
        """Take the bar away."""
        if self._bar is None:
            return
        for widget in (*self._bar.children, self._bar):
            widget.close()
        # nothing at all: an empty text would leave an empty line
        self._handle.update({}, raw=True)
