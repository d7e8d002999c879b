"""What of a reuse problem is decided without a minimum cut: exact rules, applied before it.

Reads a numbered graph, seconds and targets; returns which nodes may matter, their costs as whole numbers,
and what is decided of each. Most plans are decided here as a whole; the cut solves what is left.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """A reuse problem, its nodes numbered in topological order (loops by number are 2x faster than by name).

    ``parents[n]`` are the parents of node ``n``, each smaller than ``n``; ``compute[n]`` and ``load[n]`` its
    costs (``load`` may be ``inf``); ``targets`` what must be available.
    """

    parents: Sequence[Sequence[int]]
    compute: Sequence[float]
    load: Sequence[float]
    targets: Collection[int]

    def available(self, computed: Collection[int]) -> set[int]:
        """The targets and all that is then needed if just ``computed`` are computed where they are needed."""
        needed = set(self.targets)
        for node in sorted(computed, reverse=True):
            if node in needed:
                needed.update(self.parents[node])
        return needed


@dataclass(frozen=True)
class Reduction:
    """A smaller problem with the same best plan.

    Attributes
    ----------
    compute, load
        Whole costs in one unit of the nodes that matter, parents first.
    loaded
        Nodes that are never computed: loaded where needed.
    computed
        Nodes that are never loaded: computed where needed. Those in neither are for the cut to decide.
    """

    compute: dict[int, int]
    load: dict[int, int]
    loaded: set[int]
    computed: set[int]

    @property
    def is_complete(self) -> bool:
        """Nothing is left for the cut to decide."""
        return len(self.loaded) + len(self.computed) == len(self.compute)


def reduce(problem: Problem) -> Reduction:
    """Leave out what cannot matter and decide what does not depend on the rest."""
    order = _slice(problem)
    compute, load, limit = _whole_costs(problem, order)
    loaded, computed = _decided(problem, order, compute, load, limit)
    return Reduction(compute, load, loaded, computed)


def _slice(problem: Problem) -> list[int]:
    """The nodes that matter, parents first: the targets and what may be needed to compute them.

    Nothing above a node that costs no more to load than to compute is needed for it: computing it can only
    add costs.
    """
    needed = set(problem.targets)
    order = []
    for node in range(len(problem.parents) - 1, -1, -1):
        if node in needed:
            order.append(node)
            if problem.compute[node] < problem.load[node]:
                needed.update(problem.parents[node])
    order.reverse()
    return order


def _whole_costs(problem: Problem, order: Sequence[int]) -> tuple[dict[int, int], dict[int, int], int]:
    """Costs as whole numbers, and the number that stands for every load that no best plan contains.

    Whole numbers, so that sums and ties are exact: floats such as 0.1 + 0.2 - 0.3 leave a rest. They keep 52
    bits of the sum, as a float would, and whole seconds stay whole, since the unit is a power of two.
    """
    compute = [problem.compute[node] for node in order]
    load = [problem.load[node] for node in order]
    exponent = math.frexp(min(sum(map(min, compute, load)), sys.float_info.max))[1]
    scale = math.ldexp(1.0, min(52 - exponent, 1000))
    whole_compute = [round(seconds * scale) for seconds in compute]
    scaled_load = [seconds * scale for seconds in load]
    # Each node in its cheapest state is a plan, so nothing dearer than all of that is in a best one.
    limit = sum(map(math.ceil, map(min, whole_compute, scaled_load))) + 1
    whole_load = [round(seconds) if seconds < limit else limit for seconds in scaled_load]
    return dict(zip(order, whole_compute, strict=True)), dict(zip(order, whole_load, strict=True)), limit


def _decided(
    problem: Problem, order: Sequence[int], compute: dict[int, int], load: dict[int, int], limit: int
) -> tuple[set[int], set[int]]:
    """The nodes that are never computed, and those that are never loaded.

    Two bounds on what a node adds to a plan, when needed. ``most``: it and all above it in their cheapest
    states, shared ancestors counted once per way; a load above that is in no best plan. ``least``: what is
    certainly saved when it is not needed by its only child any more, so nothing where others may need it; a
    load not above what computing costs and saves in this way is as good as computing. On chains and trees
    the two meet and no node is left undecided.
    """
    loaded, computed = set(), set()
    children = _children(problem, order, compute, load)
    parents, targets = problem.parents, problem.targets
    most, least = dict.fromkeys(order, 0), dict.fromkeys(order, 0)
    for node in order:
        at_load = load[node]
        at_most = at_least = compute[node]
        if at_load > at_least:
            for parent in parents[node]:
                at_most += most[parent]
                at_least += least[parent]
        if at_load <= at_least:
            loaded.add(node)
            at_most = at_least = at_load
        elif at_load == limit or at_load > at_most:
            computed.add(node)
        if node not in targets:  # those are needed anyway
            most[node] = at_most if at_most < at_load else at_load
            if children[node] == 1:
                least[node] = at_least
    return loaded, computed


def _children(problem: Problem, order: Sequence[int], compute: dict[int, int], load: dict[int, int]) -> dict[int, int]:
    """How many children may need each node, because they may be computed."""
    children = dict.fromkeys(order, 0)
    for node in order:
        if load[node] > compute[node]:
            for parent in problem.parents[node]:
                children[parent] += 1
    return children
