"""The values that planning takes and gives."""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from helix_jupyter.plan.forecast import Forecast, likely_range


class State(enum.Enum):
    """What a run does with a node."""

    COMPUTE = "compute"
    LOAD = "load"
    PRUNE = "prune"

    def __str__(self) -> str:
        return self.value


class Place(enum.Enum):
    """Where a node's values can be had without computing them."""

    MEMORY = "memory"
    STORE = "store"
    NOWHERE = "nowhere"


@dataclass(frozen=True)
class Fact:
    """What is known of one node before a run.

    Attributes
    ----------
    compute_seconds
        Predicted seconds to compute it, inputs given.
    load_seconds
        Predicted seconds until its needed outputs are available without computing; ``inf`` where they are
        not.
    place
        Where they are.
    bytes
        Size of its outputs in bytes, as last seen (0: never seen).
    reason
        Why its value is not simply the one of the version before, in a user's words; empty if nothing
        changed.
    must_compute
        It may not be loaded in this run (volatile, forced, undigestable).
    note
        What is to be said of its value wherever it is reused (it rests on a clock, say); empty if nothing.
    spread
        How sure ``compute_seconds`` are: see ``forecast``.
    measured
        ``compute_seconds`` rests on a measurement of this node, not on a guess.
    """

    compute_seconds: float
    load_seconds: float = math.inf
    place: Place = Place.NOWHERE
    bytes: int = 0
    reason: str = ""
    must_compute: bool = False
    measured: bool = True
    note: str = ""
    spread: float = 0.0


@dataclass(frozen=True, repr=False)
class Plan:
    """What a run would do.

    Attributes
    ----------
    states
        ``{node: State}`` for every node of the workflow, in topological order. Nodes outside the slice are
        pruned.
    reasons
        One line per node: why it is in that state.
    node_seconds
        Predicted seconds per node in its state (0 for pruned ones).
    seconds
        Predicted seconds of the run: the value of the minimum cut.
    bytes_read
        Bytes of the artifacts that it reads from the store.
    targets
        The nodes that it brings up to date.
    places
        For loaded nodes, where from.
    guessed
        Nodes whose compute seconds are a guess, since they never ran.
    spreads
        How sure the seconds of the computed nodes are: see ``forecast``. A node that is not in it is taken for sure.
    deferred
        Targets left out under ``--within``, each with the extra seconds that it would take (``inf``: not known).
    """

    states: Mapping[str, State]
    reasons: Mapping[str, str]
    node_seconds: Mapping[str, float]
    seconds: float
    bytes_read: int
    targets: tuple[str, ...]
    places: Mapping[str, Place]
    guessed: tuple[str, ...] = ()
    deferred: Mapping[str, float] | None = None
    spreads: Mapping[str, float] = field(default_factory=dict)

    def likely_range(self, nodes: Iterable[str]) -> tuple[float, float]:
        """Within which seconds these nodes together are to stay, four times of five."""
        return likely_range(Forecast(self.node_seconds[node], self.spreads.get(node, 0.0)) for node in nodes)

    def __repr__(self) -> str:
        # a line; ``states`` and ``reasons`` tell of each node
        counts = ", ".join(f"{len(self.nodes(state))} {state}" for state in State if self.nodes(state))
        return f"<Plan: {counts or 'no nodes'}, about {self.seconds:.3g} s{' or unknown' if self.guessed else ''}>"

    def nodes(self, state: State) -> tuple[str, ...]:
        """The nodes in ``state``, in topological order."""
        return tuple(node for node, is_in in self.states.items() if is_in is state)
