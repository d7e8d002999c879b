"""One more declaration into a graph, where that leaves all else as it is: what declaring cell after cell mostly does.

Reads a graph and a declaration; returns the graph that ``build_graph`` would make, or None where it has to. A cell
then costs what it is, not what stands beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from helix_jupyter.graph.dag import Graph, names_read
from helix_jupyter.graph.declaration import Declaration


def extend_graph(
    graph: Graph, declarations: Mapping[str, Declaration], node: str, extra: Collection[str]
) -> Graph | None:
    """``graph`` with ``node`` as it stands in ``declarations``.

    Parameters
    ----------
    declarations
        In order of place: those of ``graph``, but for ``node``, which is new and comes last, or takes the place of the
        one of its name.
    extra
        Names that it reads through helper functions.
    """
    made, reads = declarations[node], names_read(declarations[node], extra)
    before = graph.declarations.get(node)
    if len(declarations) != len(graph.declarations) + (before is None):
        return None
    extras = {name: found for name, found in graph.extra_reads.items() if name != node}
    if extra:
        extras[node] = frozenset(extra)
    if before is not None:
        # the same names in the same place: the same edges
        same = (made.outputs, made.update, reads) == (before.outputs, before.update, graph.reads[node])
        # reads that are certain now, of a name that it gives itself, are an error
        itself = not made.update and not set(made.outputs).isdisjoint(made.analysis.reads)
        return replace(graph, declarations=declarations, extra_reads=extras) if same and not itself else None
    return _appended(graph, declarations, made, reads, extras)


def _appended(
    graph: Graph,
    declarations: Mapping[str, Declaration],
    made: Declaration,
    reads: tuple[str, ...],
    extras: Mapping[str, frozenset[str]],
) -> Graph | None:
    """The graph with one more node behind all others. Nothing reads it yet, so it is last in every order."""
    node, new = made.node, set(made.outputs)
    if len(new) < len(made.outputs):
        return None
    if made.update:
        if not all(output in graph.producers for output in new):
            return None
    elif not (new.isdisjoint(graph.producers) and new.isdisjoint(graph.all_reads) and new.isdisjoint(reads)):
        return None  # a second producer, a name that others wait for, or its own: whoever builds anew tells them apart
    inputs = {name: graph.producers[name] for name in reads if name in graph.producers}
    parents = tuple(dict.fromkeys(inputs.values()))
    children = {**graph.children_of, node: (), **{parent: (*graph.children(parent), node) for parent in parents}}
    return Graph(
        declarations=declarations,
        order=(*graph.order, node),
        inputs={**graph.inputs, node: inputs},
        outputs=graph.outputs if made.update else (*graph.outputs, *made.outputs),
        extra_reads=extras,
        producers={**graph.producers, **dict.fromkeys(made.outputs, node)},
        parents_of={**graph.parents_of, node: parents},
        children_of=children,
        reads={**graph.reads, node: reads},
        all_reads=graph.all_reads.union(reads),
    )
