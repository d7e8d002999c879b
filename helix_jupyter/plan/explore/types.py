"""A what-if question and its answer. Frozen values; they decide nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helix_jupyter.plan.types import Plan


@dataclass(frozen=True)
class WhatIf:
    """What would be otherwise. Whatever is empty or None is as it is.

    Attributes
    ----------
    targets
        Nodes to bring up to date; None, or none that stays: every node that nothing consumes.
    force
        Nodes to compute whatever is stored.
    pin, never, unpin
        Nodes to keep whatever the policy says, never to store, and to leave to the policy.
    drop
        Nodes to take out of the DAG, with all that rests on them. What is dropped is neither target nor forced.
    budget
        Bytes that the store may hold.
    policy
        What decides which results are kept.
    """

    targets: tuple[str, ...] | None = None
    force: tuple[str, ...] = ()
    pin: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    unpin: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    budget: int | None = None
    policy: str | None = None


@dataclass(frozen=True)
class Going:
    """A stored value that would be deleted: the node whose value it is (empty: another workflow's), bytes, why.

    ``current`` says whether it is the node's value of today and not of an earlier version.
    """

    node: str
    bytes: int
    reason: str
    current: bool
    digests: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prospect:
    """The coming run and what it leaves behind, under one set of choices.

    Attributes
    ----------
    plan
        The coming run, as the session's own ``plan`` would have it.
    budget, policy, pinned, never
        The choices, with names of nodes.
    gone_before, gone_during
        What is deleted before the run (for a lower budget, or since it is never to be stored), and by the policy
        while it runs.
    kept
        What the run writes, ``{node: bytes}``, as far as sizes are known.
    unsized
        Nodes that the run computes for the first time: their size, and so whether they are kept, is not known.
    used
        Bytes in the store after the run.
    next_seconds
        Expected seconds of the iteration after this run, by the outlook on this workflow's history, started as
        after a restart.
    """

    plan: Plan
    budget: int
    policy: str
    pinned: frozenset[str]
    never: frozenset[str]
    gone_before: tuple[Going, ...]
    gone_during: tuple[Going, ...]
    kept: Mapping[str, int]
    unsized: tuple[str, ...]
    used: int
    next_seconds: float


@dataclass(frozen=True)
class CurvePoint:
    """What a budget buys: bytes of the budget, those of them that would be used, expected seconds of the next
    iteration."""

    budget: int
    used: int
    seconds: float


@dataclass(frozen=True, repr=False)
class Explored:
    """The answer to a what-if: things as they are beside things as they would be.

    Attributes
    ----------
    what_if
        The question, names resolved to nodes.
    actual, explored
        As it is, and as it would be.
    dropped
        The nodes that would leave the DAG, those named first and all that rests on them, in topological order.
    curve
        Expected seconds of the next iteration at about a dozen budgets, smallest first, with the other choices as
        explored; none where nothing could be stored.
    problem
        One line on why this cannot be made so; empty where it can.
    """

    what_if: WhatIf
    actual: Prospect
    explored: Prospect
    dropped: tuple[str, ...] = ()
    curve: tuple[CurvePoint, ...] = ()
    problem: str = ""

    @property
    def changed(self) -> tuple[str, ...]:
        """The nodes whose state in the coming run would be another, dropped ones included, in topological order."""
        after = self.explored.plan.states
        return tuple(node for node, state in self.actual.plan.states.items() if after.get(node) is not state)

    @property
    def extra_seconds(self) -> float:
        """Predicted seconds that the coming run would take longer (negative: less long)."""
        return self.explored.plan.seconds - self.actual.plan.seconds

    def __repr__(self) -> str:
        return (
            f"<Explored: {len(self.changed)} nodes otherwise, {self.extra_seconds:+.3g} s now, "
            f"{self.explored.next_seconds - self.actual.next_seconds:+.3g} s in the next iteration>"
        )
