"""A console that knows rich displays: what a node shows in a notebook is shown live, recorded, and shown again."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING, Any

from helix_jupyter.execute.console import Console, Recording
from helix_jupyter.execute.types import Event

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

# the state of a widget does not outlive its kernel; what is left of it is its text
_LIVE_ONLY = ("application/vnd.jupyter.widget-view+json",)


class NotebookConsole(Console):
    """Shows and records in an IPython shell."""

    def __init__(self, shell: InteractiveShell, live: bool = True) -> None:
        super().__init__(live)
        self._shell = shell

    def quiet(self) -> Console:
        """One that records the same displays and shows none."""
        return NotebookConsole(self._shell, live=False)

    @contextmanager
    def recording(self) -> Iterator[Recording]:
        """Record (and show) prints and displays inside; figures that a node leaves open are shown at its end."""
        publisher: Any = self._shell.display_pub
        out = sys.stdout
        publish, clear = publisher.publish, publisher.clear_output
        shown: dict[Any, Event] = {}
        with super().recording() as recording:

            def record(data: Mapping[str, Any], metadata: Mapping[str, Any] | None = None, **rest: Any) -> Any:
                identity = (rest.get("transient") or {}).get("display_id")
                event = Event(data=_lasting(data), metadata=dict(metadata or {}))
                if not rest.get("update"):
                    recording.add(event)
                elif identity in shown:
                    recording.replace(shown[identity], event)
                shown[identity] = event
                if not self.live:
                    return None
                with redirect_stdout(out):  # a terminal's publisher prints: it is on record already
                    return publish(data, metadata, **rest)

            def forget(wait: bool = False) -> Any:
                recording.clear()
                return clear(wait) if self.live else None

            publisher.publish, publisher.clear_output = record, forget
            try:
                yield recording
                _show_figures()
            finally:
                del publisher.publish, publisher.clear_output

    def show_value(self, value: object, recording: Recording) -> None:
        """Show the value of a cell's last expression, as a notebook does."""
        if value is None:
            return
        data, metadata = self._shell.display_formatter.format(value)  # type: ignore[union-attr]  # always set
        if data:
            self._shell.display_pub.publish(data, metadata)

    def replay(self, events: Iterable[Event]) -> None:
        """Show again what a node showed when it was computed."""
        for event in events if self.live else ():
            if event.stream:
                stream = sys.stderr if event.stream == "stderr" else sys.stdout
                stream.write(event.text)
                stream.flush()
            else:
                self._shell.display_pub.publish(dict(event.data), dict(event.metadata))


def _lasting(data: Mapping[str, Any]) -> dict[str, Any]:
    return {kind: content for kind, content in data.items() if kind not in _LIVE_ONLY}


def _show_figures() -> None:
    """Flush Matplotlib's inline figures now, so that they belong to the node that drew them."""
    backend = sys.modules.get("matplotlib_inline.backend_inline")
    if backend is not None and "matplotlib.pyplot" in sys.modules:
        pyplot = sys.modules["matplotlib.pyplot"]
        if "inline" in str(pyplot.get_backend()).lower():
            backend.flush_figures()
