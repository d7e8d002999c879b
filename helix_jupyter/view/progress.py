"""Progress of a run with the seconds that remain; here silent, or a line in a terminal.

Shown only where the forecast says that somebody will wait; gone when the run is over.
"""

from __future__ import annotations

import logging
import sys

from helix_jupyter.plan.types import Plan, State
from helix_jupyter.units import format_duration

SHORTEST_SECONDS = 0.5


class Progress:
    """Told by a run, in this order: ``begin``, then ``node`` and ``done`` for each node, ``end``.

    This form shows nothing and logs warnings.
    """

    def __init__(self) -> None:
        self._plan: Plan | None = None
        self._done: dict[str, float] = {}

    def begin(self, plan: Plan) -> None:
        """A run starts, or its plan was made again."""
        self._plan = plan

    def node(self, name: str, state: State) -> None:
        """A node starts."""

    def done(self, name: str, state: State, seconds: float) -> None:
        """A node is done."""
        self._done[name] = seconds

    def end(self, status: str) -> None:
        """The run is over."""

    def warn(self, message: str) -> None:
        """One line that the user should see."""
        logging.getLogger("helix_jupyter").warning(message)

    @property
    def remaining(self) -> float:
        """Predicted seconds of what is still to be done."""
        plan = self._plan
        return 0.0 if plan is None else sum(s for node, s in plan.node_seconds.items() if node not in self._done)

    @property
    def total(self) -> float:
        """Predicted seconds of everything, what is done counted as it was."""
        return self.remaining + sum(self._done.values())

    def line(self, name: str, state: State) -> str:
        """What is being done, how far it is, and how long it may still take."""
        plan = self._plan
        count = 0 if plan is None else sum(one is not State.PRUNE for one in plan.states.values())
        verb = "loading" if state is State.LOAD else "computing"
        guess = "at least " if plan is not None and plan.guessed else ""
        place = f"{min(len(self._done) + 1, count)}/{count}"
        return f"{place} {verb} {name}, {guess}{format_duration(self.remaining)} left"


class TerminalProgress(Progress):
    """One line on standard error, written over itself."""

    _width = 0

    def warn(self, message: str) -> None:
        """One line that the user should see."""
        sys.stdout.flush()
        print(f"helix: {message}", file=sys.stderr)

    def node(self, name: str, state: State) -> None:
        """Show what starts, if it is worth it."""
        if self.total >= SHORTEST_SECONDS and sys.stderr.isatty():
            text = f"helix: {self.line(name, state)}"
            sys.stderr.write(f"\r{text:<{self._width}}")
            sys.stderr.flush()
            self._width = len(text)

    def end(self, status: str) -> None:
        """Wipe the line."""
        if self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()
