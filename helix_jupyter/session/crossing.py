"""Files that one node writes and another reads: a way of the data that the graph does not show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from helix_jupyter.graph.dag import Graph
from helix_jupyter.session.outside import FILE, LOOKS, WRITTEN
from helix_jupyter.store.types import Result

Results = Mapping[str, Result | None]
_READING, _WRITING = frozenset({FILE, *LOOKS}), frozenset({WRITTEN})


def readers_of(results: Results, node: str) -> tuple[str, ...]:
    """The nodes that have read files which ``node`` wrote."""
    written = _names(results[node], _WRITING)
    return tuple(other for other, result in results.items() if other != node and written & _names(result, _READING))


def crossings(graph: Graph, results: Results, node: str) -> Iterator[str]:
    """One line for each file between ``node`` and another that no edge puts in order."""
    for other in graph.order:
        for reader, writer in ((node, other), (other, node)) if other != node else ():
            shared = _names(results[reader], _READING) & _names(results[writer], _WRITING)
            if shared and reader not in graph.descendants([writer]):
                yield (
                    f"Node '{reader}' reads {sorted(shared)[0]}, which node '{writer}' writes: nothing says which runs "
                    f"first. Have '{writer}' give the path (or the value), and '{reader}' read that name."
                )


def _names(result: Result | None, kinds: frozenset[str]) -> set[str]:
    return {fact.name for fact in result.outside if fact.kind in kinds} if result else set()
