"""What of a reuse problem is decided without a minimum cut: exact rules, applied before it.

Reads a graph, seconds and targets; returns which nodes may matter, their costs as whole numbers, and what is decided
of each. Most plans are decided here as a whole; the cut solves what is left. Works by the nodes' own names: numbering
them first took as long as the rules.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain
from typing import Generic, TypeVar

Node = TypeVar("Node", bound=Hashable)


@dataclass(frozen=True)
class Problem(Generic[Node]):
    """The part of a reuse problem that matters.

    Attributes
    ----------
    nodes
        The targets and what may be needed to compute them, children first. Nothing above a node that costs no more
        to load than to compute is needed for it: computing it can only add costs.
    parents
        The parents of every node that may be computed; topological order is that of ``nodes`` backwards.
    compute, load
        Seconds; a node that is missing in ``load`` cannot be loaded.
    targets
        What must be available.
    readers
        How many nodes may need each node, because they may be computed; not counted where there is no choice.
    cheapest
        Seconds of each of ``nodes`` in its cheapest state.
    has_choice
        Whether any node can be loaded and is dearer to load than to compute. Else all is decided.
    """

    nodes: Sequence[Node]
    parents: Mapping[Node, Collection[Node]]
    compute: Mapping[Node, float]
    load: Mapping[Node, float]
    targets: Collection[Node]
    readers: Mapping[Node, int]
    cheapest: Sequence[float]
    has_choice: bool

    def available(self, computed: Collection[Node]) -> set[Node]:
        """The targets and all that is then needed if just ``computed`` are computed where they are needed."""
        needed = set(self.targets)
        for node in self.nodes:
            if node in computed and node in needed:
                needed.update(self.parents[node])
        return needed


def problem_of(
    order: Iterable[Node],
    parents: Mapping[Node, Collection[Node]],
    compute: Mapping[Node, float],
    load: Mapping[Node, float],
    targets: Collection[Node],
) -> Problem[Node]:
    """What matters of a problem; ``order`` has children before their parents."""
    needed = set(targets)
    nodes: list[Node] = []
    above: list[Collection[Node]] = []
    cheapest: list[float] = []
    has_choice = False
    load_of, infinite = load.get, math.inf
    for node in order:
        if node not in needed:
            continue
        nodes.append(node)
        computing, loading = compute[node], load_of(node, infinite)
        if loading <= computing:
            cheapest.append(loading)
            continue
        cheapest.append(computing)
        has_choice = has_choice or loading < infinite
        above.append(parents[node])
        needed.update(parents[node])
    readers = Counter(chain.from_iterable(above)) if has_choice else Counter()
    return Problem(nodes, parents, compute, load, targets, readers, cheapest, has_choice)


@dataclass(frozen=True)
class Reduction(Generic[Node]):
    """What is decided without a cut.

    Attributes
    ----------
    compute, load
        Costs as whole numbers in one unit, by node; left out where the cut cannot need them.
    loaded
        Nodes that are never computed: loaded where needed.
    computed
        Nodes that are never loaded: computed where needed. Those in neither are for the cut to decide.
    is_complete
        Nothing is left for the cut to decide.
    """

    compute: Mapping[Node, int]
    load: Mapping[Node, int]
    loaded: AbstractSet[Node]
    computed: AbstractSet[Node]
    is_complete: bool


def reduce(problem: Problem[Node]) -> Reduction[Node]:
    """Decide what does not depend on the rest.

    Two bounds on what a node adds to a plan, when needed. ``most``: it and all above it in their cheapest
    states, shared ancestors counted once per way; a load above that is in no best plan. ``least``: what is
    certainly saved when it is not needed by its only child any more, so nothing where others may need it; a
    load not above what computing costs and saves in this way is as good as computing. On chains and trees
    the two meet and no node is left undecided.
    """
    if not problem.has_choice:
        cannot_load = math.inf
        computed = {node for node in problem.nodes if problem.load.get(node, cannot_load) > problem.compute[node]}
        return Reduction({}, {}, frozenset(), computed, is_complete=True)
    return _decided(problem, *_unit(problem))


def _unit(problem: Problem[Node]) -> tuple[float, int]:
    """What turns seconds into whole numbers, and the number that stands for every load that no best plan contains.

    Whole numbers, so that sums and ties are exact: floats such as 0.1 + 0.2 - 0.3 leave a rest. They keep 52
    bits of the sum, as a float would, and whole seconds stay whole, since the unit is a power of two.
    """
    exponent = math.frexp(min(sum(problem.cheapest), sys.float_info.max))[1]
    scale = math.ldexp(1.0, min(52 - exponent, 1000))
    # Each node in its cheapest state is a plan, so nothing dearer than all of that, rounded, is in a best one.
    return scale, sum([int(seconds * scale) + 1 for seconds in problem.cheapest]) + 1


def _decided(problem: Problem[Node], scale: float, limit: int) -> Reduction[Node]:
    loaded: set[Node] = set()
    computed: set[Node] = set()
    compute: dict[Node, int] = {}
    load: dict[Node, int] = {}
    targets, parents, readers = problem.targets, problem.parents, problem.readers
    compute_seconds, load_seconds, infinite = problem.compute, problem.load.get, math.inf
    most: dict[Node, int] = {}
    least: dict[Node, int] = {}
    for node in reversed(problem.nodes):
        computing, loading = compute_seconds[node], load_seconds(node, infinite)
        if loading <= computing:
            loaded.add(node)
            load[node] = at_load = at_most = at_least = round(loading * scale)
        else:
            compute[node] = at_most = at_least = round(computing * scale)
            for parent in parents[node]:
                at_most += most[parent]
                at_least += least[parent]
            scaled = loading * scale
            at_load = limit
            if scaled >= limit:
                computed.add(node)
            else:
                load[node] = at_load = round(scaled)
                if at_load <= at_least:
                    loaded.add(node)
                    at_most = at_least = at_load
                elif at_load == limit or at_load > at_most:
                    computed.add(node)
        if node in targets:  # those are needed anyway
            most[node] = least[node] = 0
        else:
            most[node] = at_most if at_most < at_load else at_load
            least[node] = at_least if readers[node] == 1 else 0
    return Reduction(compute, load, loaded, computed, len(loaded) + len(computed) == len(problem.nodes))
