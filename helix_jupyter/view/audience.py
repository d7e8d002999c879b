"""The open widgets of a session: what is shown to one is shown to all. Thread-safe.

Which of them somebody still looks at is not told to a kernel, so the newest few are kept up to date.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Protocol

MOST = 8

Drawn = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class Shown(Protocol):
    """As much of a widget as is needed here."""

    picture: Any

    def send(self, content: Any) -> None:
        """Send a message to every page that shows it."""


class Audience:
    """Widgets in order of their opening; each with what makes its picture (groups are collapsed in one alone)."""

    def __init__(self) -> None:
        self._widgets: deque[tuple[Shown, Drawn]] = deque(maxlen=MOST)
        self._begin: Mapping[str, Any] | None = None
        self._phases: dict[str, tuple[str, float | None, float]] = {}
        self._lock = threading.RLock()

    def __bool__(self) -> bool:
        return bool(self._widgets)

    def join(self, widget: Shown, drawn: Drawn) -> None:
        """Keep a widget up to date from now on; ``drawn`` makes its picture of a snapshot."""
        with self._lock:
            self._widgets.append((widget, drawn))

    def show(self, snapshot: Mapping[str, Any]) -> None:
        """Let all draw another snapshot."""
        with self._lock:
            for widget, drawn in self._widgets:
                widget.picture = drawn(snapshot)

    def tell(self, message: Mapping[str, Any]) -> None:
        """Tell all of a run: see ``view.live`` for the messages."""
        with self._lock:
            self._remember(message)
            for widget, _ in self._widgets:
                widget.send(message)

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
            return [self._begin, {"event": "changes", "nodes": changes}]

    def _remember(self, message: Mapping[str, Any]) -> None:
        if message["event"] == "changes":
            now = time.monotonic()
            self._phases.update({name: (phase, seconds, now) for name, phase, seconds in message["nodes"]})
            return
        if self._begin is None or message["event"] == "end":
            self._phases = {}
        self._begin = message if message["event"] == "begin" else None
