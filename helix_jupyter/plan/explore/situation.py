"""The workflow at one moment, as far as what-ifs rest on it: plain values, so that many are answered from one look."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from helix_jupyter.plan.keeping import Stored
from helix_jupyter.plan.trace import NodeVersion, Step
from helix_jupyter.plan.types import Fact, Place


@dataclass(frozen=True)
class Output:
    """One output of a node: its digest (empty: not known), who reads it, and how it can be had.

    ``load_seconds`` are those from the store, ``inf`` where it is not stored.
    """

    name: str
    digest: str
    readers: tuple[str, ...]
    in_memory: bool
    load_seconds: float


@dataclass(frozen=True)
class Standing:
    """What is known of a node: its fact where its value is at hand, where it is not (without place and load), and its
    outputs."""

    fact: Fact
    anew: Fact
    outputs: tuple[Output, ...]

    @property
    def digests(self) -> frozenset[str]:
        """Of its current value, as far as it is known."""
        return frozenset(output.digest for output in self.outputs if output.digest)

    @property
    def at_hand(self) -> bool:
        """Memory holds its whole value."""
        return bool(self.outputs) and all(output.in_memory for output in self.outputs)


@dataclass(frozen=True, eq=False)
class Situation:
    """The workflow, what it has stored, and how it came here.

    Attributes
    ----------
    graph
        ``{node: parents}`` in topological order.
    standings
        By node.
    nodes
        Each node as the coming run has it: the key of its value, seconds, bytes.
    steps, edits
        Earlier iterations, oldest first, and what was edited since: what the outlook learns from.
    stored, digests
        Stored values by key, and the digests that each takes along when it goes.
    loads
        Seconds to load those that take longer than their bytes tell (compressed ones), by key.
    artifacts
        Bytes on disk of every stored digest.
    writers
        The node of this workflow that wrote a digest.
    used
        Bytes in the store.
    pinned, never, budget, policy
        The choices as they are.
    """

    graph: Mapping[str, tuple[str, ...]]
    standings: Mapping[str, Standing]
    nodes: Mapping[str, NodeVersion]
    steps: tuple[Step, ...]
    edits: Mapping[str, str]
    stored: Mapping[str, Stored]
    digests: Mapping[str, tuple[str, ...]]
    loads: Mapping[str, float]
    artifacts: Mapping[str, int]
    writers: Mapping[str, str]
    used: int
    pinned: frozenset[str]
    never: frozenset[str]
    budget: int
    policy: str

    def fact(self, node: str, needed: Collection[str], gone: Collection[str], forced: bool, why_gone: str) -> Fact:
        """The fact of a node of which the outputs ``needed`` are, with what is ``gone`` no longer stored."""
        standing = self.standings[node]
        place, seconds = _availability(standing, needed, gone)
        known = standing.anew if forced or place is Place.NOWHERE else standing.fact
        reason = known.reason
        if place is Place.NOWHERE and any(output.digest in gone for output in standing.outputs):
            reason = standing.fact.reason or why_gone
        reason = "forced" if forced else reason
        if (known.load_seconds, known.place, known.reason, known.must_compute) == (seconds, place, reason, forced):
            return known
        return replace(known, load_seconds=seconds, place=place, reason=reason, must_compute=forced)

    def of_value(self, key: str) -> tuple[str, bool]:
        """The node whose value is stored under ``key`` (empty: none of this workflow), and whether that is its value of
        today."""
        current = self._current.get(key, "")
        return current or self.writers.get(key.split("+")[0], ""), bool(current)

    @cached_property
    def _current(self) -> Mapping[str, str]:
        """The first node of each value of today."""
        return {node.key: name for name, node in reversed(tuple(self.nodes.items()))}

    def coming(self, targets: tuple[str, ...], dropped: Collection[str]) -> Step:
        """The iteration that is being made, without what is dropped."""
        nodes = {name: node for name, node in self.nodes.items() if name not in dropped}
        return Step(nodes, targets, {name: kind for name, kind in self.edits.items() if name not in dropped})


def _availability(standing: Standing, needed: Collection[str], gone: Collection[str]) -> tuple[Place, float]:
    outputs = [output for output in standing.outputs if output.name in needed]
    if any(not output.digest for output in standing.outputs):
        return Place.NOWHERE, math.inf
    if all(output.in_memory for output in outputs):
        return Place.MEMORY, 0.0
    seconds = 0.0
    for output in outputs:
        if not output.in_memory:
            seconds += math.inf if output.digest in gone else output.load_seconds
    return (Place.STORE, seconds) if math.isfinite(seconds) else (Place.NOWHERE, math.inf)
