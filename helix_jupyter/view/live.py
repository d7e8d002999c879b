"""A run as the open widgets are told of it: a progress that passes on to another one what it is told.

Messages, all JSON: ``begin`` (``nodes``: name, state and predicted seconds, None where nobody knows; a second one is a
plan that was made again; to a page that is loaded meanwhile ``elapsed``, the run's seconds so far, as well),
``changes`` (``nodes``: name, phase, seconds), ``end`` (``status``).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from helix_jupyter.plan.types import Plan, State
from helix_jupyter.view.audience import Audience
from helix_jupyter.view.progress import Progress

# cheap nodes come by the hundred in a second: nobody could see each
PAUSE_SECONDS = 0.05


class LiveProgress(Progress):
    """Tells an audience, and ``inner``, which is the front end's own progress."""

    def __init__(self, inner: Progress, audience: Audience, underway: Callable[[bool], None]) -> None:
        super().__init__()
        self._inner, self._audience, self._underway = inner, audience, underway
        self._changes: dict[str, tuple[str, float | None]] = {}
        self._told = 0.0

    def begin(self, plan: Plan) -> None:
        """A run starts, or its plan was made again."""
        self._inner.begin(plan)
        if not self._audience:
            return
        self._flush()
        guessed = frozenset(plan.guessed)
        nodes = [
            [node, state.value, None if node in guessed else plan.node_seconds.get(node, 0.0)]
            for node, state in plan.states.items()
        ]
        self._audience.tell({"event": "begin", "nodes": nodes})

    def node(self, name: str, state: State) -> None:
        """A node starts."""
        self._underway(True)  # not before: from here on an interrupt ends in a version
        # what is computed may take long, whatever the forecast says: it is told at once
        self._change(name, "running", 0.0, at_once=state is State.COMPUTE)
        self._inner.node(name, state)

    def items(self, name: str, done: int, total: int) -> None:
        """A node that goes item by item goes on."""
        self._inner.items(name, done, total)

    def done(self, name: str, state: State, seconds: float) -> None:
        """A node is done."""
        self._change(name, "loaded" if state is State.LOAD else "done", seconds)
        self._inner.done(name, state, seconds)

    def failed(self, name: str, seconds: float) -> None:
        """A node failed."""
        self._change(name, "failed", seconds, at_once=True)
        self._inner.failed(name, seconds)

    def interrupted(self, name: str, seconds: float) -> None:
        """A node was interrupted."""
        self._change(name, "interrupted", seconds, at_once=True)
        self._inner.interrupted(name, seconds)

    def end(self, status: str) -> None:
        """The run is over."""
        self._underway(False)
        if self._audience:
            self._flush()
            self._audience.tell({"event": "end", "status": status})
        self._inner.end(status)

    def warn(self, message: str) -> None:
        """One line that the user should see."""
        self._inner.warn(message)

    def _change(self, name: str, phase: str, seconds: float | None, at_once: bool = False) -> None:
        if not self._audience:
            return
        self._changes[name] = (phase, seconds)
        if at_once or time.monotonic() - self._told >= PAUSE_SECONDS:
            self._flush()

    def _flush(self) -> None:
        if not self._changes:
            return
        changes: list[list[Any]] = [[name, phase, seconds] for name, (phase, seconds) in self._changes.items()]
        self._changes.clear()
        self._told = time.monotonic()
        self._audience.tell({"event": "changes", "nodes": changes})
