"""Files that one node writes and another reads: a way of the data that the graph does not show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from helix_jupyter.graph.dag import Graph
from helix_jupyter.session.outside import FILE, LOOKS, WRITTEN
from helix_jupyter.session.resolve import Known
from helix_jupyter.store.types import Result

_READING, _WRITING = frozenset({FILE, *LOOKS}), frozenset({WRITTEN})


def readers_of(known: Mapping[str, Known], node: str, result: Result) -> tuple[str, ...]:
    """The nodes that have read files which ``node`` wrote."""
    if not (written := _names(result, _WRITING)):
        return ()
    others = ((other, one.result) for other, one in known.items() if other != node)
    return tuple(other for other, one in others if written & _names(one, _READING))


def crossings(graph: Graph, known: Mapping[str, Known], node: str, result: Result) -> Iterator[str]:
    """One line for each file between ``node`` and another that no edge puts in order."""
    read, written = _names(result, _READING), _names(result, _WRITING)
    if not read and not written:
        return
    for other in graph.order:
        theirs = known[other].result if other != node else None
        shared = {(node, other): read & _names(theirs, _WRITING), (other, node): written & _names(theirs, _READING)}
        for (reader, writer), names in shared.items():
            if names and reader not in graph.descendants([writer]):
                yield (
                    f"Node '{reader}' reads {sorted(names)[0]}, which node '{writer}' writes: nothing says which runs "
                    f"first. Have '{writer}' give the path (or the value), and '{reader}' read that name."
                )


def _names(result: Result | None, kinds: frozenset[str]) -> set[str]:
    return {fact.name for fact in result.outside if fact.kind in kinds} if result else set()
