"""Which nodes to compute, load or prune so that the targets are available in the least time: one minimum cut.

Pure: reads a graph and seconds, returns a state per node; touches nothing and does not know what a node is.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import count
from typing import Any, TypeVar

from helix_jupyter.errors import PlanError, UnknownTarget
from helix_jupyter.plan.max_flow import Network, source_side
from helix_jupyter.plan.reduction import Problem, Reduction, problem_of, reduce
from helix_jupyter.plan.types import State

Node = TypeVar("Node", bound=Hashable)


def optimal_reuse(
    graph: Mapping[Node, Iterable[Node]] | Any,
    compute_seconds: Mapping[Node, float],
    load_seconds: Mapping[Node, float],
    targets: Iterable[Node],
) -> dict[Node, State]:
    """The states of least total seconds in which all targets are available.

    A node is available when it is computed or loaded; a computed node needs all its parents available. Of
    several best plans it is the one that computes the fewest nodes, which is unique: see
    ``max_flow.source_side``.

    Parameters
    ----------
    graph
        ``{node: parents}``, or a networkx ``DiGraph`` whose edges go from parent to child.
    compute_seconds
        Seconds to compute each node, its inputs given; finite, not negative.
    load_seconds
        Seconds to load each node. Missing or infinite: nothing usable is stored.
    targets
        Nodes that must be available.

    Returns
    -------
    dict
        ``{node: State}`` for every node, in the graph's order.

    Raises
    ------
    UnknownTarget
        A target is not in the graph.
    PlanError
        Seconds are missing, negative or not a number; a parent is not in the graph; a cycle.

    Notes
    -----
    OPT-EXEC-PLAN of HELIX (Xin et al., PVLDB 12(4), 2018, section 5.2), a project selection problem. Seconds
    are rounded to 52 bits of their sum; where more than some hundreds of arcs stay undecided, to 30 bits.
    """
    parents = _parents(graph)
    return reuse_in_order(_topological(parents), parents, compute_seconds, load_seconds, targets)


def reuse_in_order(
    order: Sequence[Node],
    parents: Mapping[Node, Collection[Node]],
    compute_seconds: Mapping[Node, float],
    load_seconds: Mapping[Node, float],
    targets: Iterable[Node],
) -> dict[Node, State]:
    """As ``optimal_reuse``, of a graph whose topological ``order`` is known already."""
    wanted = dict.fromkeys(targets)
    _check(parents, compute_seconds, load_seconds, wanted)
    problem = problem_of(reversed(order), parents, compute_seconds, load_seconds, wanted)
    reduction = reduce(problem)
    computed = reduction.computed
    available = problem.available(computed)
    if not reduction.is_complete:
        of_cut = _cut(problem, reduction, available)
        computed, available = computed | of_cut[0], available | of_cut[1]
    prune, load, compute = State.PRUNE, State.LOAD, State.COMPUTE
    # in the graph's order: a set's own is that of chance, and twice as slow
    return {node: prune if node not in available else compute if node in computed else load for node in parents}


def _cut(problem: Problem[Node], reduction: Reduction[Node], certain: AbstractSet[Node]) -> tuple[set[Node], set[Node]]:
    """By minimum cut: which of the undecided nodes a best plan computes, and what it needs beside ``certain``.

    Vertices: a(n) "n is available" and c(n) "n is computed"; the source is a(n) for all that are certainly
    available. Arcs: a(n) -> c(n) of what loading costs, c(n) -> sink of what computing costs, c(n) -> a(p)
    infinite for each parent p. With a and c on the source side n is computed, with a alone loaded, with
    neither pruned: the arcs from the source side to the sink side are what the plan costs. Where n is never
    loaded, a and c are one vertex; where it is never computed, it has no c, and the arc from its a ends in
    the sink.
    """
    source, sink, infinite = Network.SOURCE, Network.SINK, Network.INFINITE
    load, compute, parents = reduction.load, reduction.compute, problem.parents
    loaded, always = reduction.loaded, reduction.computed
    vertex = count(2).__next__
    available: defaultdict[Node, int] = defaultdict(vertex)  # a(n) of those that are not certain
    computed: dict[Node, int] = {}  # c(n) of those that are undecided
    arcs: list[int] = []  # tail, head, capacity, and so on: a tuple an arc would take a fifth longer
    for node in problem.nodes:
        if node in certain:
            if node in loaded or node in always:
                continue
            at = source
        elif node in available:
            at = available[node]
        else:
            continue
        if node in loaded:
            arcs += (at, sink, load[node])
            continue
        if node not in always:
            computed[node] = vertex()
            arcs += (at, computed[node], load[node])
            at = computed[node]
        arcs += (at, sink, compute[node])
        for parent in parents[node]:
            if parent not in certain:
                arcs += (at, available[parent], infinite)
    if not computed:
        return set(), set()
    side = source_side(Network(vertex(), arcs[::3], arcs[1::3], arcs[2::3]))
    return {node for node, at in computed.items() if at in side}, {node for node, at in available.items() if at in side}


def _parents(graph: Mapping[Node, Iterable[Node]] | Any) -> dict[Node, Collection[Node]]:
    """``{node: parents}``. A networkx graph is told by its attribute: importing networkx takes 50 ms."""
    return {node: tuple(above) for node, above in getattr(graph, "pred", graph).items()}


def _check(
    parents: Mapping[Node, Collection[Node]],
    compute_seconds: Mapping[Node, float],
    load_seconds: Mapping[Node, float],
    wanted: Iterable[Node],
) -> None:
    for node in wanted:
        if node not in parents:
            raise UnknownTarget(str(node), map(str, parents))
    if _all_fit(parents, compute_seconds, load_seconds):
        return
    for node in parents:
        if node not in compute_seconds:
            raise PlanError(f"There are no compute seconds for '{node}'. Give a measurement or a guess.")
        if not 0 <= compute_seconds[node] < math.inf:
            raise PlanError(_misfit("compute", node, compute_seconds[node], "finite"))
        if not load_seconds.get(node, math.inf) >= 0:
            raise PlanError(_misfit("load", node, load_seconds[node], "inf where nothing is stored"))


def _all_fit(
    parents: Mapping[Node, Collection[Node]],
    compute_seconds: Mapping[Node, float],
    load_seconds: Mapping[Node, float],
) -> bool:
    """A quick look at all seconds at once; where it fails, one after the other tells which."""
    if not parents.keys() <= compute_seconds.keys():
        return False
    # a sum is not a number as soon as one of its terms is none
    fits = math.isfinite(sum(compute_seconds.values())) and min(compute_seconds.values(), default=0.0) >= 0
    return fits and sum(load_seconds.values()) >= 0 and min(load_seconds.values(), default=0.0) >= 0


def _misfit(what: str, node: object, seconds: float, hint: str) -> str:
    return f"'{node}' has {seconds} {what} seconds. Give a number from 0 on, {hint}."


def _topological(parents: Mapping[Node, Collection[Node]]) -> Sequence[Node]:
    """The nodes, parents first."""
    seen: set[Node] = set()
    for node, above in parents.items():
        if not seen.issuperset(above):
            return _sorted(parents)
        seen.add(node)
    return list(parents)


def _sorted(parents: Mapping[Node, Collection[Node]]) -> Sequence[Node]:
    import graphlib

    try:
        order = list(graphlib.TopologicalSorter(parents).static_order())
    except graphlib.CycleError as error:
        path = " -> ".join(map(str, error.args[1]))
        raise PlanError(f"The graph has a cycle: {path}. Remove one of these edges.") from None
    for node in order:
        if node not in parents:
            child = next(child for child, above in parents.items() if node in above)
            raise PlanError(f"'{node}', a parent of '{child}', is not in the graph. Add it as a node.")
    return order
