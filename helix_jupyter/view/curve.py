"""What storage buys, as a small picture: seconds of the next iteration over bytes. Reads points, returns HTML."""

from __future__ import annotations

from collections.abc import Sequence

from helix_jupyter.plan.explore.types import CurvePoint
from helix_jupyter.view.markup import picture
from helix_jupyter.view.style import COLOURS
from helix_jupyter.view.words import seconds, size

_WIDTH, _HEIGHT = 420, 150
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 14, 12, 30
# ink for both grounds: the picture says which by itself
_STYLE = (
    "<style>text{font:11px system-ui,sans-serif;fill:#3c4248}.axis{stroke:#9aa1a9}"
    "@media(prefers-color-scheme:dark){text{fill:#c9ced4}.axis{stroke:#6a727b}}</style>"
)


def curve_picture(points: Sequence[CurvePoint], actual: tuple[int, float], explored: tuple[int, float]) -> str:
    """Draw ``points``, and a mark each for (bytes, seconds) as it is (hollow) and as it would be (filled)."""
    if len(points) < 2:
        return ""
    marks = (actual, explored)
    most = max(points[-1].budget, actual[0], explored[0], 1)
    tops = [point.seconds for point in points] + [one[1] for one in marks]
    high = max(tops) or 1.0
    place = _Place(most, high)
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(point.budget, point.seconds) for point in points))
    (was_x, was_y), (now_x, now_y) = (place(*one) for one in marks)
    base, ends = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{_WIDTH}' height='{_HEIGHT}' "
        f"viewBox='0 0 {_WIDTH} {_HEIGHT}'>{_STYLE}"
        f"<path class='axis' d='M{_LEFT},{_TOP}V{base}H{ends}' fill='none'/>"
        f"<polyline points='{line}' fill='none' stroke='{COLOURS['load']}' stroke-width='1.8' stroke-linejoin='round'/>"
        f"<circle cx='{was_x:.1f}' cy='{was_y:.1f}' r='5' fill='none' stroke='{COLOURS['none']}' stroke-width='2'/>"
        f"<circle cx='{now_x:.1f}' cy='{now_y:.1f}' r='3.2' fill='{COLOURS['compute']}'/>"
        f"<text x='{_LEFT - 6}' y='{_TOP + 8}' text-anchor='end'>{seconds(high) or '0 s'}</text>"
        f"<text x='{_LEFT - 6}' y='{base}' text-anchor='end'>0 s</text>"
        f"<text x='{_LEFT}' y='{_HEIGHT - 10}'>0 B</text>"
        f"<text x='{ends}' y='{_HEIGHT - 10}' text-anchor='end'>{size(most)} stored</text></svg>"
    )
    told = (
        f"next iteration: {seconds(points[0].seconds) or '0 s'} with nothing stored, "
        f"{seconds(points[-1].seconds) or '0 s'} with {size(most)}"
    )
    return picture(svg, told, f"max-width:100%;width:{_WIDTH}px")


class _Place:
    """From bytes and seconds to the picture's coordinates."""

    def __init__(self, most: int, high: float) -> None:
        self._most, self._high = most, high

    def __call__(self, bytes: int, seconds: float) -> tuple[float, float]:
        wide, tall = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
        return _LEFT + wide * bytes / self._most, _TOP + tall * (1 - seconds / self._high)
