"""In which order a run walks its plan: that of the plan, or one that keeps fewer bytes alive where memory is short.

Reads the plan, recorded sizes and the memory budget; runs nothing.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from helix_jupyter.graph.dag import Graph
from helix_jupyter.plan.ordering import memory_order
from helix_jupyter.plan.types import Plan, State
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.resolve import Known


def walk_order(
    bench: Bench, graph: Graph, known: Mapping[str, Known], plan: Plan, done: Container[str]
) -> tuple[str, ...]:
    """The nodes of ``plan`` that are left to be loaded or computed, parents first.

    Sizes are those of the last runs; what never ran counts as nothing, and so does what was done before: it is there
    whatever the order.
    """
    left = {node: state for node, state in plan.states.items() if state is not State.PRUNE and node not in done}
    if len(left) < 3:
        return tuple(left)
    parents = {
        node: tuple(parent for parent in graph.parents(node) if parent in left) if state is State.COMPUTE else ()
        for node, state in left.items()
    }
    costs = bench.store.costs(bench.workflow)
    sizes = {}
    for node in left:
        result, cost = known[node].result, costs.get(node)
        sizes[node] = result.bytes if result else cost.bytes if cost else 0
    return memory_order(parents, sizes, frozenset(plan.targets), bench.settings["memory"])
