"""A person's work as iterations of a workflow: what each node was in each, and what it cost.

Frozen values. A trace is recorded or generated, replayed by a simulation, and what a policy learns from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class NodeVersion:
    """One node as it was in one iteration.

    Attributes
    ----------
    key
        What its value is: equal keys mean equal values, so that what was kept under a key can be loaded.
    parents
        Names of the nodes that it reads.
    compute_seconds, load_seconds
        Seconds to compute it, inputs given, and to load its kept value.
    bytes
        Size of its value.
    write_seconds
        Seconds that the user waits when its value is kept; the rest of a write is in the background.
    reusable
        False where its value may never be loaded (volatile).
    shows
        The digest of what it printed and showed, which is kept and goes with its value; empty: nothing.
    """

    key: str
    parents: tuple[str, ...]
    compute_seconds: float
    load_seconds: float
    bytes: int
    write_seconds: float = 0.0
    reusable: bool = True
    shows: str = ""


@dataclass(frozen=True)
class Step:
    """One iteration.

    Attributes
    ----------
    nodes
        All nodes of the workflow, in topological order.
    targets
        What was asked for.
    edits
        The nodes that were edited (or added) before it, each with the kind of its edit.
    """

    nodes: Mapping[str, NodeVersion]
    targets: tuple[str, ...]
    edits: Mapping[str, str] = field(default_factory=lambda: _NOTHING)

    @cached_property
    def needed(self) -> dict[str, NodeVersion]:
        """The targets and all above them, in topological order."""
        wanted = set(self.targets)
        for name in reversed(tuple(self.nodes)):
            if name in wanted:
                wanted.update(self.nodes[name].parents)
        return {name: node for name, node in self.nodes.items() if name in wanted}

    @cached_property
    def distances(self) -> dict[str, int]:
        """The longest way from each needed node to a result, in edges."""
        distances = dict.fromkeys(self.needed, 0)
        for name in reversed(self.needed):
            for parent in self.needed[name].parents:
                distances[parent] = max(distances[parent], distances[name] + 1)
        return distances

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of what was needed: two iterations with the same keys are one version of the workflow."""
        return frozenset(node.key for node in self.needed.values())


@dataclass(frozen=True)
class Trace:
    """Iterations of one workflow, oldest first."""

    name: str
    steps: tuple[Step, ...]

    @cached_property
    def artifact_bytes(self) -> int:
        """Bytes of all different values that may be reused: a budget of 100 %."""
        sizes = {node.key: node.bytes for step in self.steps for node in step.needed.values() if node.reusable}
        return sum(sizes.values())

    @cached_property
    def rerun_seconds(self) -> float:
        """Seconds without any reuse."""
        return sum(node.compute_seconds for step in self.steps for node in step.needed.values())
