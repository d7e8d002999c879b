"""Layout by Graphviz' ``dot`` (Gansner et al., A Technique for Drawing Directed Graphs, 1993).

Starts the executable through the ``graphviz`` package and reads its ``plain`` output; names never reach it,
only numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from helix_jupyter.view.places import LAYER_GAP, MARGIN, NODE_GAP, Box, Layout, Point, Route

_PIXELS = 72.0


def lay_out_with_dot(
    nodes: Sequence[str], edges: Sequence[tuple[str, str]], sizes: Mapping[str, tuple[float, float]]
) -> Layout:
    """Lay out a graph with ``dot``; parameters as in ``layout.lay_out``."""
    import graphviz

    source = graphviz.Source(_dot_source(nodes, edges, sizes))
    return _parsed(source.pipe(format="plain", encoding="utf-8"), nodes, edges)


def _dot_source(
    nodes: Sequence[str], edges: Sequence[tuple[str, str]], sizes: Mapping[str, tuple[float, float]]
) -> str:
    number = {name: place for place, name in enumerate(nodes)}
    lines = [
        "digraph {",
        f"graph [rankdir=TB nodesep={NODE_GAP / _PIXELS:.4f} ranksep={LAYER_GAP / _PIXELS:.4f}]",
        "graph [nslimit=4 nslimit1=4]",
        'node [shape=box fixedsize=true label=""]',
        "edge [dir=none]",
    ]
    for name in nodes:
        width, height = sizes[name]
        lines.append(f"{number[name]} [width={width / _PIXELS:.4f} height={height / _PIXELS:.4f}]")
    lines += [f"{number[parent]} -> {number[child]}" for parent, child in edges]
    return "\n".join((*lines, "}"))


def _parsed(plain: str, nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> Layout:
    boxes: dict[str, Box] = {}
    routes: dict[tuple[str, str], Route] = {}
    total = 0.0
    width = 0.0
    for line in plain.replace("\\\n", "").splitlines():
        kind, *fields = line.split()
        if kind == "graph":
            width, total = (float(field) * _PIXELS for field in fields[1:3])
        elif kind == "node":
            x, y, wide, high = (float(field) * _PIXELS for field in fields[1:5])
            boxes[nodes[int(fields[0])]] = Box(MARGIN + x - wide / 2, MARGIN + total - y - high / 2, wide, high)
        elif kind == "edge":
            parent, child = nodes[int(fields[0])], nodes[int(fields[1])]
            numbers = [float(field) * _PIXELS for field in fields[3 : 3 + 2 * int(fields[2])]]
            points = zip(numbers[::2], numbers[1::2], strict=True)
            routes[parent, child] = Route(parent, child, _downwards(points, total))
    ordered = {name: boxes[name] for name in nodes}
    return Layout(ordered, tuple(routes[edge] for edge in edges), width + 2 * MARGIN, total + 2 * MARGIN)


def _downwards(points: zip[tuple[float, float]], total: float) -> tuple[Point, ...]:
    return tuple((MARGIN + x, MARGIN + total - y) for x, y in points)
