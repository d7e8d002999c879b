"""Files that one node writes and another reads: a way of the data that the graph does not show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from helix_jupyter.graph.dag import Graph
from helix_jupyter.session.outside import BY, FILE, LOOKS, WRITTEN
from helix_jupyter.session.resolve import Known
from helix_jupyter.store.types import Result

_LONGEST = 80
_READING, _WRITING = frozenset({FILE, *LOOKS}), frozenset({WRITTEN})


def readers_of(known: Mapping[str, Known], node: str, result: Result) -> tuple[str, ...]:
    """The nodes that have read files which ``node`` wrote."""
    if not (written := _names(result, _WRITING).keys()):
        return ()
    others = ((other, one.result) for other, one in known.items() if other != node)
    return tuple(other for other, one in others if written & _names(one, _READING).keys())


def crossings(graph: Graph, known: Mapping[str, Known], node: str, result: Result) -> Iterator[str]:
    """One line for each file between ``node`` and another that no edge puts in order."""
    read, written = _names(result, _READING), _names(result, _WRITING)
    if not read and not written:
        return
    for other in graph.order:
        theirs = known[other].result if other != node else None
        for reader, writer, reads, writes in (
            (node, other, read, _names(theirs, _WRITING)),
            (other, node, _names(theirs, _READING), written),
        ):
            shared = sorted(reads.keys() & writes.keys())
            if shared and reader not in graph.descendants([writer]):
                yield _told(reader, writer, shared, reads[shared[0]])


def _told(reader: str, writer: str, files: Sequence[str], module: str) -> str:
    file = _short(files[0]) + (f" (and {len(files) - 1:,} more)" if len(files) > 1 else "")
    if module:
        return (
            f"Node '{reader}' imports {module}, which reads {file} when it is imported, and node '{writer}' writes "
            f"that: nothing says which comes first. Have {module} read it in a function, and '{writer}' give the path."
        )
    return (
        f"Node '{reader}' reads {file}, which node '{writer}' writes: nothing says which runs first. Have '{writer}' "
        f"give the path (or the value), and '{reader}' read that name."
    )


def _short(path: str) -> str:
    """A long path by its ends, as caches of packages have them."""
    parts = path.split("/")
    return path if len(path) <= _LONGEST or len(parts) < 5 else "/".join((parts[0], "...", *parts[-2:]))


def _names(result: Result | None, kinds: frozenset[str]) -> dict[str, str]:
    """The files, each with the module that turned to it when it was imported; empty where the node did itself."""
    found: dict[str, str] = {}
    for fact in result.outside if result else ():
        kind, _, module = fact.kind.partition(BY)
        if kind in kinds and found.get(fact.name) != "":
            found[fact.name] = module
    return found
