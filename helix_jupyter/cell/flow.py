"""Which names a cell has assigned when a given point of it is reached. Knows no syntax: `names` drives it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Flow:
    """The names assigned on every path to a point (``definite``) and on some path (``possible``, a superset).

    ``live`` is false behind ``return``, ``raise``, ``break`` and ``continue``.
    """

    definite: set[str] = field(default_factory=set)
    possible: set[str] = field(default_factory=set)
    live: bool = True

    def copy(self) -> Flow:
        """A flow that goes its own way from here."""
        return Flow(set(self.definite), set(self.possible), self.live)

    def bind(self, name: str) -> None:
        """From here on the name is assigned."""
        self.definite.add(name)
        self.possible.add(name)

    def unbind(self, name: str) -> None:
        """From here on the name is not assigned."""
        self.definite.discard(name)
        self.possible.discard(name)


def join(flows: Sequence[Flow]) -> Flow:
    """Where several paths meet. Paths that ended before do not count, unless all did."""
    arriving = [flow for flow in flows if flow.live]
    counted = arriving or flows
    return Flow(_common(flow.definite for flow in counted), _united(counted), bool(arriving))


def _common(sets: Iterable[set[str]]) -> set[str]:
    first, *others = sets
    return first.intersection(*others)


def _united(flows: Sequence[Flow]) -> set[str]:
    return set().union(*(flow.possible for flow in flows))


@dataclass(slots=True)
class Loop:
    """A loop that is being read.

    ``waiting`` are names loaded under a condition: whether an earlier turn of the loop may have assigned
    them is known at its end, when ``bound`` is complete.
    """

    bound: set[str] = field(default_factory=set)
    waiting: list[str] = field(default_factory=list)
    continued: list[Flow] = field(default_factory=list)
    broken: list[Flow] = field(default_factory=list)
