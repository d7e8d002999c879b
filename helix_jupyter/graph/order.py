"""The order in which nodes can run: reads edges, returns a topological order or raises for a cycle."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from heapq import heapify, heappop, heappush

from helix_jupyter.errors import CycleError


def topological_order(parents: Mapping[str, Sequence[str]], children: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Every node behind its parents; among those that are ready, the one declared first comes first.

    Kahn's algorithm (CACM 5(11), 1962) with a heap of places. ``graphlib`` was rejected: its static
    order goes by batches, so that a batch's last node comes before an earlier declared child of its first.

    Parameters
    ----------
    parents, children
        For every node, in order of place, its neighbours without duplicates.

    Raises
    ------
    CycleError
        With the path along the edges; it starts at its node of earliest place.
    """
    nodes = list(parents)
    place = {node: number for number, node in enumerate(nodes)}
    missing = {node: len(above) for node, above in parents.items()}
    ready = [place[node] for node in nodes if not missing[node]]
    heapify(ready)
    order = []
    while ready:
        node = nodes[heappop(ready)]
        order.append(node)
        for child in children[node]:
            missing[child] -= 1
            if not missing[child]:
                heappush(ready, place[child])
    if len(order) < len(nodes):
        raise CycleError(_cycle(parents, {node for node in nodes if missing[node]}, place))
    return tuple(order)


def _cycle(parents: Mapping[str, Sequence[str]], left: Collection[str], place: Mapping[str, int]) -> list[str]:
    """A cycle among nodes each of which has a parent among them."""
    path: dict[str, None] = {}
    node = min(left, key=place.__getitem__)
    while node not in path:
        path[node] = None
        node = next(parent for parent in parents[node] if parent in left)
    upwards = list(path)
    cycle = upwards[upwards.index(node) :][::-1]
    start = cycle.index(min(cycle, key=place.__getitem__))
    return [*cycle[start:], *cycle[:start], cycle[start]]
