"""Minimum cuts of small and large flow networks.

Reads a network, returns the source side of a minimum cut; knows nothing of plans.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

# Arcs from which SciPy is faster, its conversions counted; and from which it is even if it must be imported.
# Measured with `benchmarks/bench_plan.py --solvers`.
ARCS_FOR_SCIPY = 100
ARCS_FOR_IMPORT = 20_000

_SCIPY = "scipy.sparse.csgraph"
_BITS = 30  # SciPy's capacities are int32; one bit is left for rounding up


@dataclass(frozen=True)
class Network:
    """A flow network: arc ``i`` goes from ``tails[i]`` to ``heads[i]``.

    Vertices are ``0 .. vertices - 1``; 0 is the source, 1 the sink. ``capacities[i]`` is a whole number, or INFINITE
    for an arc that may never be cut. Arcs into the sink are always finite, so that a finite cut exists; their sum and
    each capacity are below 2**62.
    """

    SOURCE: ClassVar[int] = 0
    SINK: ClassVar[int] = 1
    INFINITE: ClassVar[int] = -1

    vertices: int
    tails: Sequence[int]
    heads: Sequence[int]
    capacities: Sequence[int]


def source_side(network: Network) -> set[int]:
    """The vertices on the source side of a minimum cut: of all minimum cuts, the one with the fewest.

    The source sides of minimum cuts are closed under intersection, so the smallest is contained in all
    others and does not depend on the solver that found the flow: what the source still reaches in the
    residual network.
    """
    if _scipy_pays(len(network.tails)):
        return source_side_scipy(network)
    return source_side_dinic(network)


def _scipy_pays(arcs: int) -> bool:
    return arcs > (ARCS_FOR_SCIPY if _SCIPY in sys.modules else ARCS_FOR_IMPORT)


def source_side_dinic(network: Network) -> set[int]:
    """As ``source_side``, in plain Python; exact, since whole numbers of any size are.

    Dinic (1970): blocking flows on shortest paths. The last search, which no longer reaches the sink, is the
    answer.
    """
    ends, residual, arcs_from = _residual_network(network)
    while True:
        level = _levels(network.vertices, ends, residual, arcs_from)
        if level[Network.SINK] < 0:
            return {vertex for vertex, depth in enumerate(level) if depth >= 0}
        _push_blocking_flow(level, ends, residual, arcs_from)


def _residual_network(network: Network) -> tuple[list[int], list[int], list[list[int]]]:
    """Where each residual arc ends, what it can carry, and each vertex's arcs; ``arc ^ 1`` is the reverse."""
    ends: list[int] = []
    residual: list[int] = []
    arcs_from: list[list[int]] = [[] for _ in range(network.vertices)]
    arcs = list(zip(network.tails, network.heads, network.capacities, strict=True))
    # no minimum cut can contain more than all arcs into the sink
    limit = sum([capacity for _, head, capacity in arcs if head == Network.SINK]) + 1
    for tail, head, capacity in arcs:
        arcs_from[tail].append(len(ends))
        arcs_from[head].append(len(ends) + 1)
        ends += (head, tail)
        residual += (capacity if 0 <= capacity < limit else limit, 0)
    return ends, residual, arcs_from


def _levels(vertices: int, ends: list[int], residual: list[int], arcs_from: list[list[int]]) -> list[int]:
    """Distance in arcs from the source in the residual network; -1 where there is no way."""
    level = [-1] * vertices
    level[Network.SOURCE] = depth = 0
    reached = [Network.SOURCE]
    while reached and level[Network.SINK] < 0:
        depth += 1
        following = []
        for vertex in reached:
            for arc in arcs_from[vertex]:
                if residual[arc] and level[ends[arc]] < 0:
                    level[ends[arc]] = depth
                    following.append(ends[arc])
        reached = following
    return level


def _push_blocking_flow(level: list[int], ends: list[int], residual: list[int], arcs_from: list[list[int]]) -> None:
    """Saturate every shortest path. Walks with a stack of its own: a chain of 10,000 nodes is one path."""
    next_arc = [0] * len(level)
    path: list[int] = []
    vertex = Network.SOURCE
    while True:
        if vertex == Network.SINK:
            vertex = _augment(path, ends, residual)
        arcs = arcs_from[vertex]
        below = level[vertex] + 1
        at = next_arc[vertex]
        while at < len(arcs) and not (residual[arcs[at]] and level[ends[arcs[at]]] == below):
            at += 1
        next_arc[vertex] = at
        if at < len(arcs):
            path.append(arcs[at])
            vertex = ends[arcs[at]]
        elif path:
            vertex = ends[path.pop() ^ 1]
            next_arc[vertex] += 1
        else:
            return


def _augment(path: list[int], ends: list[int], residual: list[int]) -> int:
    """Push what ``path`` can carry, cut it back to its first saturated arc, return where it now ends."""
    amount = min([residual[arc] for arc in path])
    for arc in path:
        residual[arc] -= amount
        residual[arc ^ 1] += amount
    saturated = next(at for at, arc in enumerate(path) if not residual[arc])
    vertex = ends[path[saturated] ^ 1]
    del path[saturated:]
    return vertex


def source_side_scipy(network: Network) -> set[int]:
    """As ``source_side``, by SciPy's ``maximum_flow``.

    Its capacities are 32 bits wide, so larger ones are rounded to 2**-29 of some cut's value: the cut found
    is exact for the rounded capacities, and infinite arcs stay above the value of that cut, so that none is
    ever cut.
    """
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    tails, heads = (np.fromiter(ends, np.int32, len(ends)) for ends in (network.tails, network.heads))
    fitted, limit = _fitted(network, heads == Network.SINK)
    arcs = csr_array((fitted, (tails, heads)), shape=(network.vertices, network.vertices))
    # parallel infinite arcs have been added up
    arcs.data = np.minimum(arcs.data, limit).astype(np.int32)
    residual = arcs - maximum_flow(arcs, Network.SOURCE, Network.SINK).flow
    residual.eliminate_zeros()
    reached = breadth_first_order(residual, Network.SOURCE, return_predecessors=False)
    return set(reached.tolist())


def _fitted(network: Network, into_sink: Any) -> tuple[Any, int]:
    """The capacities, in units of the smallest power of two with which some cut's value has ``_BITS``, as an array; and
    the one in it that no minimum cut can contain."""
    import numpy as np

    exact = np.fromiter(network.capacities, np.int64, len(network.capacities))
    limit = int(exact[into_sink].sum()) + 1
    never = (exact > limit) | (exact == Network.INFINITE)
    exact[never] = limit
    if not (shift := max(0, limit.bit_length() - _BITS)):
        return exact, limit
    rounded = (exact + (1 << (shift - 1))) >> shift
    above = int(rounded[into_sink].sum()) + 1
    rounded[never] = above
    return np.minimum(rounded, above), above
