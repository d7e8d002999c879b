"""A curve as small as a word. Reads numbers, returns a picture."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from helix_jupyter.view.markup import picture
from helix_jupyter.view.style import COLOURS
from helix_jupyter.view.words import plural

_WIDTH, _HEIGHT, _EDGE = 64, 20, 3


def sparkline(values: Sequence[float | None], label: str) -> str:
    """Draw ``values``, oldest first; None, nan and infinity leave a gap. The last value carries a dot.

    ``label`` stands for the picture where it cannot be seen; whoever puts it somewhere tells the range beside it.
    """
    known = known_values(values)
    if not known:
        return ""
    low, high = min(known), max(known)
    told = f"{label} over {plural(len(values), 'version')}"
    return picture(_svg(_points(values, low, high)), told, f"min-width:{_WIDTH}px;vertical-align:middle")


def known_values(values: Sequence[float | None]) -> list[float]:
    """The values that can be drawn."""
    return [value for value in values if value is not None and math.isfinite(value)]


def _svg(points: Sequence[tuple[float, float] | None]) -> str:
    dot = next(point for point in reversed(points) if point is not None)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{_WIDTH}' height='{_HEIGHT}'>"
        f"<path d='{''.join(_steps(points))}' fill='none' stroke='{COLOURS['none']}' stroke-width='1.4' "
        "stroke-linejoin='round' stroke-linecap='round'/>"
        f"<circle cx='{dot[0]:.1f}' cy='{dot[1]:.1f}' r='2.3' fill='{COLOURS['load']}'/></svg>"
    )


def _points(values: Sequence[float | None], low: float, high: float) -> list[tuple[float, float] | None]:
    step = (_WIDTH - 2 * _EDGE) / max(len(values) - 1, 1)
    # halved, so that the largest floats have a finite distance
    tall = (high / 2 - low / 2) or 1.0
    room = _HEIGHT - 2 * _EDGE
    points: list[tuple[float, float] | None] = []
    for index, value in enumerate(values):
        if value is None or not math.isfinite(value):
            points.append(None)
            continue
        share = (value / 2 - low / 2) / tall if high > low else 0.5
        points.append((_EDGE + index * step, _HEIGHT - _EDGE - share * room))
    return points


def _steps(points: Sequence[tuple[float, float] | None]) -> Iterator[str]:
    drawing = False
    for point in points:
        if point is not None:
            yield f"{'L' if drawing else 'M'}{point[0]:.1f},{point[1]:.1f}"
        drawing = point is not None
