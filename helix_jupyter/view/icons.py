"""A small drawn mark for each state, 10 by 10 pixels, so that colour never tells anything alone."""

from __future__ import annotations

_SHAPES = {
    "compute": "M2,1L9,5L2,9Z",
    "load": "M5,.8V6.2M2.4,3.8L5,6.4L7.6,3.8M1,9.2H9",
    "prune": "M1.5,5H8.5",
    "failed": "M2,2L8,8M8,2L2,8",
    "interrupted": "M2,2H8V8H2Z",
    "done": "M1.2,5.4L4,8.2L8.8,2",
    "added": "M5,1.2V8.8M1.2,5H8.8",
    "removed": "M1.2,5H8.8",
    "edited": "M1.4,8.6L2,6.3L6.9,1.4L8.6,3.1L3.7,8Z",
    "affected": "M1.2,5H8M5.4,2.2L8.2,5L5.4,7.8",
    "same": "M1.5,3.4H8.5M1.5,6.6H8.5",
    "none": "M1.6,5a3.4,3.4 0 1,0 6.8,0a3.4,3.4 0 1,0 -6.8,0",
}


def icon(state: str) -> str:
    """The shape as the data of an SVG path, to be stroked."""
    return _SHAPES.get(state, _SHAPES["none"])
