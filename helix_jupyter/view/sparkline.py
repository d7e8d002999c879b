"""A curve as small as a word. Reads numbers, returns an inline SVG picture."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from helix_jupyter.view.markup import escape
from helix_jupyter.view.words import number

_WIDTH, _HEIGHT, _EDGE = 64, 20, 3


def sparkline(values: Sequence[float | None], label: str) -> str:
    """Draw ``values``, oldest first; None, nan and infinity leave a gap. The last value carries a dot.

    ``label`` is what is read aloud and shown on hovering, together with the range.
    """
    known = [value for value in values if value is not None and math.isfinite(value)]
    if not known:
        return ""
    low, high = min(known), max(known)
    told = escape(f"{label}: {number(low)} to {number(high)}, last {number(known[-1])}")
    points = _points(values, low, high)
    dot = next(point for point in reversed(points) if point is not None)
    return (
        f'<svg class="helix-curve" role="img" aria-label="{told}" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}"><title>{told}</title>'
        f'<path d="{"".join(_steps(points))}" fill="none" stroke="currentColor" stroke-width="1.4" '
        'stroke-linejoin="round" stroke-linecap="round" opacity=".75"/>'
        f'<circle cx="{dot[0]:.1f}" cy="{dot[1]:.1f}" r="2.3" fill="#2a78d0"/></svg>'
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
