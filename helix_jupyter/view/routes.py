"""Fewer points for the ways of edges: what runs straight on, to within what one can see, is one piece. Pure."""

from __future__ import annotations

import math

from helix_jupyter.view.places import Point

# pixels that a way may be moved by
_APART = 1.0


def straightened(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """A way (a start, then two controls and an end for each piece) with straight pieces joined, in one pass.

    From where a run begins, each end leaves a range of directions that pass it by no more than a pixel (the cone of
    Williams, 1978); a run ends before these ranges have nothing in common.
    """
    kept = [points[0]]
    run: list[tuple[Point, Point, Point]] = []  # the straight pieces since
    low, high = -math.inf, math.inf
    for at in range(1, len(points) - 2, 3):
        first, second, end = points[at : at + 3]
        start = run[-1][-1] if run else kept[-1]
        if not _is_straight(start, first, second, end):
            run = _end_run(kept, run)
            kept += (first, second, end)
            low, high = -math.inf, math.inf
            continue
        seen = _directions(kept[-1], end)
        if run and not (max(low, seen[0]) <= _direction(kept[-1], end) <= min(high, seen[1])):
            run = _end_run(kept, run)
            low, high = -math.inf, math.inf
            seen = _directions(kept[-1], end)
        low, high = max(low, seen[0]), min(high, seen[1])
        run.append((first, second, end))
    _end_run(kept, run)
    return tuple(kept)


def _end_run(kept: list[Point], run: list[tuple[Point, Point, Point]]) -> list[tuple[Point, Point, Point]]:
    if len(run) == 1:
        kept += run[0]  # bent by less than one can see, but its ends fit what comes before and after
    elif run:
        end = run[-1][-1]
        kept += (kept[-1], end, end)
    return []


def _is_straight(start: Point, first: Point, second: Point, end: Point) -> bool:
    """Whether a piece runs downwards and keeps to the line between its ends."""
    if end[1] <= start[1]:
        return False
    slope = (end[0] - start[0]) / (end[1] - start[1])
    return all(abs(start[0] + slope * (y - start[1]) - x) <= _APART for x, y in (first, second))


def _direction(start: Point, end: Point) -> float:
    return (end[0] - start[0]) / (end[1] - start[1])


def _directions(start: Point, end: Point) -> tuple[float, float]:
    down = end[1] - start[1]
    return (end[0] - _APART - start[0]) / down, (end[0] + _APART - start[0]) / down
