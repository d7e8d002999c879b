"""Where the nodes and edges of a picture stand: what a layout gives.

Top to bottom: pipelines are deeper than wide, and a notebook scrolls downwards. Units are CSS pixels, y grows
downwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Point = tuple[float, float]

NODE_GAP = 16.0
LAYER_GAP = 32.0
MARGIN = 10.0


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
