"""A coefficient before and after as one small picture: a hollow mark, a filled one, and the way between them."""

from __future__ import annotations

from helix_jupyter.version.compare_models import WeightChange
from helix_jupyter.view.markup import picture
from helix_jupyter.view.style import COLOURS
from helix_jupyter.view.words import line, number

_WIDTH, _HEIGHT, _EDGE = 132, 16, 6


def weight_bar(weight: WeightChange, widest: float) -> str:
    """``widest`` is the largest weight of all that stand below each other: zero is in the middle for all of them."""
    places = [None if value is None else _place(value, widest) for value in (weight.before, weight.after)]
    middle, y = _WIDTH / 2, _HEIGHT / 2
    parts = [f"<path d='M{middle},0V{_HEIGHT}' stroke='{COLOURS['none']}' stroke-width='1' stroke-opacity='0.6'/>"]
    old, new = places
    if old is not None and new is not None:
        parts.append(f"<path d='M{old:.1f},{y}H{new:.1f}' stroke='{COLOURS['none']}' stroke-width='2'/>")
    if old is not None:
        parts.append(
            f"<rect x='{old - 3.5:.1f}' y='{y - 3.5}' width='7' height='7' fill='none' "
            f"stroke='{COLOURS['edited']}' stroke-width='1.6'/>"
        )
    if new is not None:
        parts.append(f"<rect x='{new - 4:.1f}' y='{y - 4}' width='8' height='8' fill='{COLOURS['load']}'/>")
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' width='{_WIDTH}' height='{_HEIGHT}'>{''.join(parts)}</svg>"
    told = f"{line(weight.feature, 60)}: {number(weight.before)} before, {number(weight.after)} after"
    return picture(svg, told, f"min-width:{_WIDTH}px;vertical-align:middle")


def _place(value: float, widest: float) -> float:
    # not finite: an overflow while fitting; it stands at the edge
    share = value / widest if widest else 0.0
    share = min(max(share, -1.0), 1.0) if share == share else 0.0
    return _WIDTH / 2 + share * (_WIDTH / 2 - _EDGE)
