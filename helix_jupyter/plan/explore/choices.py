"""From a situation and a what-if to the choices that would hold: targets, forced nodes, pins, budget, policy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from helix_jupyter.plan.explore.situation import Situation
from helix_jupyter.plan.explore.types import WhatIf


@dataclass(frozen=True)
class Choices:
    """What a user decides, for the nodes that stay. ``lowered``: the budget is to be held before the run."""

    targets: tuple[str, ...]
    forced: frozenset[str]
    pinned: frozenset[str]
    never: frozenset[str]
    dropped: frozenset[str]
    budget: int
    policy: str
    lowered: bool = False


def choices(situation: Situation, what_if: WhatIf) -> Choices:
    """The choices of ``situation`` with those of ``what_if`` in their place."""
    dropped = with_dependants(situation.graph, what_if.drop)
    left = {node: parents for node, parents in situation.graph.items() if node not in dropped}
    asked = tuple(node for node in dict.fromkeys(what_if.targets or ()) if node in left)
    pinned = (situation.pinned | set(what_if.pin)) - set(what_if.never) - set(what_if.unpin)
    never = (situation.never | set(what_if.never)) - set(what_if.pin) - set(what_if.unpin)
    return Choices(
        asked or sinks(left),  # as a run takes none for all
        frozenset(what_if.force).intersection(left),
        pinned,
        never,
        dropped,
        situation.budget if what_if.budget is None else what_if.budget,
        what_if.policy or situation.policy,
        what_if.budget is not None,
    )


def sinks(graph: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The nodes that no node reads."""
    read = {parent for parents in graph.values() for parent in parents}
    return tuple(node for node in graph if node not in read)


def with_dependants(graph: Mapping[str, tuple[str, ...]], nodes: Iterable[str]) -> frozenset[str]:
    """``nodes`` and all that rests on them."""
    found = set(nodes)
    for node, parents in graph.items():
        if not found.isdisjoint(parents):
            found.add(node)
    return frozenset(found)
