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
    """A reuse problem: the nodes that matter, numbered in topological order (lists are 2x faster than names).

    ``parents[n]`` are the parents of node ``n``, each smaller than ``n``, none where loading ``n`` costs no more than
    computing it; ``compute[n]`` and ``load[n]`` are its costs (``load`` may be ``inf``); ``targets`` must be available.
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
    """What is decided without a cut.

    Attributes
    ----------
    compute, load
        Costs as whole numbers in one unit, by node.
    loaded
        Nodes that are never computed: loaded where needed.
    computed
        Nodes that are never loaded: computed where needed. Those in neither are for the cut to decide.
    """

    compute: list[int]
    load: list[int]
    loaded: set[int]
    computed: set[int]

    @property
    def is_complete(self) -> bool:
        """Nothing is left for the cut to decide."""
        return len(self.loaded) + len(self.computed) == len(self.compute)


def reduce(problem: Problem) -> Reduction:
    """Decide what does not depend on the rest."""
    compute, load, limit = _whole_costs(problem)
    loaded, computed = _decided(problem, compute, load, limit)
    return Reduction(compute, load, loaded, computed)


def _whole_costs(problem: Problem) -> tuple[list[int], list[int], int]:
    """Costs as whole numbers, and the number that stands for every load that no best plan contains.

    Whole numbers, so that sums and ties are exact: floats such as 0.1 + 0.2 - 0.3 leave a rest. They keep 52
    bits of the sum, as a float would, and whole seconds stay whole, since the unit is a power of two.
    """
    total = sum(map(min, problem.compute, problem.load))
    exponent = math.frexp(min(total, sys.float_info.max))[1]
    scale = math.ldexp(1.0, min(52 - exponent, 1000))
    compute = [round(seconds * scale) for seconds in problem.compute]
    scaled_load = [seconds * scale for seconds in problem.load]
    # Each node in its cheapest state is a plan, so nothing dearer than all of that is in a best one.
    limit = sum(map(math.ceil, map(min, compute, scaled_load))) + 1
    return compute, [round(seconds) if seconds < limit else limit for seconds in scaled_load], limit


def _decided(problem: Problem, compute: list[int], load: list[int], limit: int) -> tuple[set[int], set[int]]:
    """The nodes that are never computed, and those that are never loaded.

    Two bounds on what a node adds to a plan, when needed. ``most``: it and all above it in their cheapest
    states, shared ancestors counted once per way; a load above that is in no best plan. ``least``: what is
    certainly saved when it is not needed by its only child any more, so nothing where others may need it; a
    load not above what computing costs and saves in this way is as good as computing. On chains and trees
    the two meet and no node is left undecided.
    """
    loaded, computed = set(), set()
    targets, children = problem.targets, _children(problem)
    most, least = [0] * len(compute), [0] * len(compute)
    for node, above in enumerate(problem.parents):
        at_load = load[node]
        at_most = at_least = compute[node]
        for parent in above:
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


def _children(problem: Problem) -> list[int]:
    """How many children may need each node, because they may be computed."""
    children = [0] * len(problem.parents)
    for above in problem.parents:
        for parent in above:
            children[parent] += 1
    return children
