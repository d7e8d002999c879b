"""The open widgets and panels of a session: what is shown to one is shown to all. Thread-safe.

Which widgets somebody still looks at is not told to a kernel, so the newest few are kept up to date. A panel is a front
end's own view of the whole workflow: it stays until it leaves, and is drawn anew at times of its own.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Protocol

MOST = 8

Look = Callable[[], Mapping[str, Any]]
Redraw = Callable[[Look], Mapping[str, Any]]


class Shown(Protocol):
    """As much of a widget as is needed here."""

    document: Any

    def send(self, content: Any) -> None:
        """Send a message to every page that shows it."""


class Audience:
    """Widgets and panels in order of their opening; each with what makes its document anew, if anything does."""

    def __init__(self) -> None:
        self._widgets: deque[tuple[Shown, Redraw | None]] = deque(maxlen=MOST)
        self._panels: deque[tuple[Shown, Redraw | None]] = deque(maxlen=MOST)
        self._begin: Mapping[str, Any] | None = None
        self._began = 0.0
        self._phases: dict[str, tuple[str, float | None, float]] = {}
        self._lock = threading.RLock()

    def __bool__(self) -> bool:
        return bool(self._widgets or self._panels)

    def join(self, widget: Shown, redraw: Redraw | None) -> None:
        """Keep a widget up to date from now on; ``redraw`` makes its document of a look at the workflow."""
        with self._lock:
            self._widgets.append((widget, redraw))

    def join_panel(self, panel: Shown, redraw: Redraw | None) -> None:
        """The same for a panel, until it leaves."""
        with self._lock:
            self._panels.append((panel, redraw))

    def leave(self, panel: Shown) -> None:
        """Forget a panel."""
        with self._lock:
            for one in [one for one in self._panels if one[0] is panel]:
                self._panels.remove(one)

    def show(self, look: Look) -> None:
        """Let all widgets draw the workflow as it is now; one look is enough for all."""
        self._show(self._widgets, look)

    def show_panels(self, look: Look) -> None:
        """The same for panels."""
        self._show(self._panels, look)

    def _show(self, members: deque[tuple[Shown, Redraw | None]], look: Look) -> None:
        once = cache(look)
        with self._lock:
            for shown, redraw in members:
                if redraw is not None:
                    shown.document = redraw(once)

    def tell(self, message: Mapping[str, Any]) -> None:
        """Tell all of a run: see ``view.live`` for the messages."""
        with self._lock:
            self._remember(message)
            for shown, _ in (*self._widgets, *self._panels):
                shown.send(message)

    def underway(self) -> list[Mapping[str, Any]]:
        """The messages that tell of the run so far, for a page that is loaded while it lasts; none without one."""
        with self._lock:
            if self._begin is None:
                return []
            now = time.monotonic()
            changes = [
                [name, phase, now - told if phase == "running" else seconds]
                for name, (phase, seconds, told) in self._phases.items()
            ]
            return [{**self._begin, "elapsed": now - self._began}, {"event": "changes", "nodes": changes}]

    def _remember(self, message: Mapping[str, Any]) -> None:
        if message["event"] == "changes":
            now = time.monotonic()
            self._phases.update({name: (phase, seconds, now) for name, phase, seconds in message["nodes"]})
            return
        if self._begin is None or message["event"] == "end":
            self._phases, self._began = {}, time.monotonic()
        self._begin = message if message["event"] == "begin" else None
