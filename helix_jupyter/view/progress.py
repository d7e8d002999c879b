"""Progress of a run with the seconds that remain; here silent, or a line in a terminal.

Shown only where the forecast says that somebody will wait; gone when the run is over.
"""

from __future__ import annotations

import logging
import sys

from helix_jupyter.plan.types import Plan, State
from helix_jupyter.units import format_duration, format_range

SHORTEST_SECONDS = 0.5
PRIOR_SHARE = 0.2


class Progress:
    """Told by a run, in this order: ``begin``, then ``node`` and ``done`` (``failed``, ``interrupted``) for each node,
    ``end``.

    This form shows nothing and logs warnings.
    """

    def __init__(self) -> None:
        self._plan: Plan | None = None
        self._done: dict[str, float] = {}
        self._expected: dict[str, float] = {}

    def begin(self, plan: Plan) -> None:
        """A run starts, or its plan was made again."""
        self._plan = plan
        expected = {
            node: seconds for node, seconds in plan.node_seconds.items() if seconds and node not in plan.guessed
        }
        self._expected = expected | self._expected

    def node(self, name: str, state: State) -> None:
        """A node starts."""

    def items(self, name: str, done: int, total: int) -> None:
        """A node that goes item by item has computed so many of what is new."""

    def done(self, name: str, state: State, seconds: float) -> None:
        """A node is done."""
        self._done[name] = seconds

    def failed(self, name: str, seconds: float) -> None:
        """A node raised, after so many seconds."""

    def interrupted(self, name: str, seconds: float) -> None:
        """A node was interrupted, after so many seconds."""

    def end(self, status: str) -> None:
        """The run is over."""

    def warn(self, message: str) -> None:
        """One line that the user should see."""
        logging.getLogger("helix_jupyter").warning(message)

    @property
    def remaining(self) -> float:
        """Predicted seconds of what is still to be done, at the pace of what was done."""
        plan = self._plan
        return 0.0 if plan is None else self._pace * sum(plan.node_seconds[node] for node in self._left)

    @property
    def remaining_range(self) -> tuple[float, float]:
        """Within which seconds that is four times of five."""
        low, high = (0.0, 0.0) if self._plan is None else self._plan.likely_range(self._left)
        return self._pace * low, self._pace * high

    @property
    def _left(self) -> list[str]:
        return [] if self._plan is None else [node for node in self._plan.node_seconds if node not in self._done]

    @property
    def _pace(self) -> float:
        """How slow this run is against its forecast: a busy machine slows down all that is left. The forecast of the
        whole is believed as much as a fifth of it done, so that the first small nodes prove nothing."""
        expected = sum(seconds for node, seconds in self._expected.items() if node in self._done)
        took = sum(self._done[node] for node in self._expected if node in self._done)
        prior = PRIOR_SHARE * sum(self._expected.values())
        return (took + prior) / (expected + prior) if prior else 1.0

    @property
    def unknown(self) -> int:
        """How many nodes are still to be computed that never ran, so that nobody knows how long they take."""
        return 0 if self._plan is None else sum(node not in self._done for node in self._plan.guessed)

    @property
    def is_worth_showing(self) -> bool:
        """Whether somebody will wait, or may."""
        return bool(self.unknown) or self.remaining + sum(self._done.values()) >= SHORTEST_SECONDS

    @property
    def count(self) -> int:
        """How many nodes the run handles."""
        return 0 if self._plan is None else sum(one is not State.PRUNE for one in self._plan.states.values())

    @property
    def fraction(self) -> float:
        """How far the run is, from 0 to 1: by seconds, or by nodes where seconds are not known."""
        if self.unknown:
            return len(self._done) / max(self.count, 1)
        done = sum(self._done.values())
        return done / (done + self.remaining) if done else 0.0

    @property
    def _time_left(self) -> str:
        likely = format_range(*self.remaining_range)
        return f"{format_duration(self.remaining)} left" + (f" ({likely})" if likely else "")

    def items_line(self, name: str, done: int, total: int) -> str:
        """How far a node is that goes item by item."""
        return f"{min(len(self._done) + 1, self.count)}/{self.count} computing {name}, {done:,} of {total:,} new items"

    def line(self, name: str, state: State) -> str:
        """What is being done, how far it is, and how long it may still take."""
        verb = "loading" if state is State.LOAD else "computing"
        left = f"time unknown ({self.unknown} never ran)" if self.unknown else self._time_left
        return f"{min(len(self._done) + 1, self.count)}/{self.count} {verb} {name}, {left}"


class TerminalProgress(Progress):
    """One line on standard error, written over itself."""

    _width = 0

    def warn(self, message: str) -> None:
        """One line that the user should see."""
        sys.stdout.flush()
        print(f"helix: {message}", file=sys.stderr)

    def node(self, name: str, state: State) -> None:
        """Show what starts, if it is worth it."""
        if self.is_worth_showing:
            self._show(self.line(name, state))

    def items(self, name: str, done: int, total: int) -> None:
        """Show how far a node is."""
        if done:
            self._show(self.items_line(name, done, total))

    def _show(self, line: str) -> None:
        if sys.stderr.isatty():
            text = f"helix: {line}"
            sys.stderr.write(f"\r{text:<{self._width}}")
            sys.stderr.flush()
            self._width = len(text)

    def end(self, status: str) -> None:
        """Wipe the line."""
        if self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()
