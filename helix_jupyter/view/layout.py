"""From a graph to coordinates: the one layout that the static SVG, the widget and the JupyterLab panel draw.

Top to bottom: pipelines are deeper than wide, and a notebook scrolls downwards. Units are CSS pixels, y grows
downwards. Deterministic: the same graph is laid out the same way each time.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Point = tuple[float, float]

NODE_GAP = 16.0
LAYER_GAP = 32.0
MARGIN = 10.0
# dot's network simplex has no time limit; above this many nodes and edges the layered layout is the safe
# answer
DOT_LIMIT = 3_000

_log = logging.getLogger("helix_jupyter")


@dataclass(frozen=True)
class Box:
    """A node's place: its top left corner and its size."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Route:
    """An edge's way as cubic Bezier curves: a start, then three points (two controls and an end) for each
    piece."""

    parent: str
    child: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Layout:
    """Where everything is drawn."""

    boxes: Mapping[str, Box]
    routes: tuple[Route, ...]
    width: float
    height: float

    def to_json(self) -> dict[str, Any]:
        """The layout as plain values: boxes to a tenth of a pixel, the ways between, which are most of it, to one."""
        return {
            "width": round(self.width, 1),
            "height": round(self.height, 1),
            "nodes": {n: [round(v, 1) for v in (b.x, b.y, b.width, b.height)] for n, b in self.boxes.items()},
            "edges": [
                [route.parent, route.child, [round(v) for point in route.points for v in point]]
                for route in self.routes
            ],
        }


def lay_out(
    nodes: Sequence[str],
    edges: Sequence[tuple[str, str]],
    sizes: Mapping[str, tuple[float, float]],
    use_dot: bool | None = None,
) -> Layout:
    """Lay out an acyclic graph; what was laid out a moment ago is remembered, as one difference is drawn thrice.

    Parameters
    ----------
    nodes
        In topological order.
    edges
        ``(parent, child)`` pairs, no pair twice.
    sizes
        Width and height of each node's box.
    use_dot
        None: if Graphviz' ``dot`` is installed and the graph is not too large for it.
    """
    if use_dot is None:
        use_dot = len(nodes) > 1 and len(nodes) + len(edges) <= DOT_LIMIT and shutil.which("dot") is not None
    return _laid_out(tuple(nodes), tuple(edges), tuple(sizes.items()), use_dot)


@lru_cache(maxsize=16)
def _laid_out(
    nodes: tuple[str, ...],
    edges: tuple[tuple[str, str], ...],
    listed: tuple[tuple[str, tuple[float, float]], ...],
    use_dot: bool,
) -> Layout:
    sizes = dict(listed)
    if use_dot:
        from helix_jupyter.view.dot import lay_out_with_dot

        try:
            return lay_out_with_dot(nodes, edges, sizes)
        except Exception as problem:  # whatever is wrong with someone's Graphviz, the picture is still drawn
            _log.info("dot failed (%s); using the layered layout", problem)
    from helix_jupyter.view.layers import lay_out_in_layers

    return lay_out_in_layers(nodes, edges, sizes)
