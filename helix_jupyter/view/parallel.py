"""Several versions as parallel curves (Inselberg 1985): one upright axis for each parameter or metric that is a number.

Reads rows of numbers; returns SVG as text.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from helix_jupyter.view.markup import attribute, escape
from helix_jupyter.view.words import cells, line, number

_TOP, _BOTTOM, _HEIGHT, _STEP, _LEFT, _RIGHT = 40, 22, 220, 132, 66, 66
# middle tones that hold on white and on black; beyond their number, strokes tell versions apart as well
_COLOURS = ("#2a78d0", "#c2620c", "#2b8a4b", "#8f63d2", "#d1383d", "#78818c")
_DASHES = ("", "7 3", "2 3", "9 3 2 3")
AXES = 12


@dataclass(frozen=True)
class Axis:
    """One axis: its name, a value per curve (None: the curve has none), and which way is better, if any."""

    name: str
    values: tuple[float | None, ...]
    direction: str = ""


def parallel_svg(labels: Sequence[str], axes: Sequence[Axis]) -> str:
    """Curves that go from axis to axis; each is labelled at its right end, so colour is never alone."""
    shown = axes[:AXES]
    width = _LEFT + _STEP * (len(shown) - 1) + _RIGHT
    body = [_axis(axis, _LEFT + _STEP * place, place == len(shown) - 1) for place, axis in enumerate(shown)]
    ends = _apart([_end(shown, at) for at in range(len(labels))])
    body += [_curve(shown, at, label, ends[at]) for at, label in enumerate(labels)]
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{_HEIGHT}' viewBox='0 0 {width} {_HEIGHT}' "
        "font-family='system-ui,sans-serif' font-size='11'><style>text{fill:#222}"
        "@media (prefers-color-scheme:dark){text{fill:#ddd}}</style>"
        f"{''.join(body)}</svg>"
    )


def _axis(axis: Axis, x: float, is_last: bool) -> str:
    known = [value for value in axis.values if value is not None and math.isfinite(value)]
    top, bottom = (number(max(known)), number(min(known))) if known else ("", "")
    way = {"higher": " ↑", "lower": " ↓"}.get(axis.direction, "")
    title = line(axis.name, 20)
    while cells(title) * 7 > _STEP - 10 and len(title) > 4:
        title = f"{title[:-2]}…"
    # lines go from the last axis down to the versions' names
    low, anchor = (x + 3, "end") if is_last else (x, "middle")
    return (
        f"<path d='M{x},{_TOP}V{_HEIGHT - _BOTTOM}' stroke='#78818c' stroke-width='1'/>"
        f"<text x='{x}' y='14' text-anchor='middle' font-weight='600'>{escape(title)}{way}</text>"
        f"<text x='{x}' y='30' text-anchor='middle'>{escape(top)}</text>"
        f"<text x='{low}' y='{_HEIGHT - 6}' text-anchor='{anchor}'>{escape(bottom)}</text>"
    )


def _height(axis: Axis, at: int) -> float | None:
    value = axis.values[at]
    known = [one for one in axis.values if one is not None and math.isfinite(one)]
    if value is None or not math.isfinite(value):
        return None
    low, high = min(known), max(known)
    # halved, so that the largest floats have a finite distance
    share = (value / 2 - low / 2) / (high / 2 - low / 2) if high / 2 > low / 2 else 0.5
    return _HEIGHT - _BOTTOM - share * (_HEIGHT - _BOTTOM - _TOP)


def _end(axes: Sequence[Axis], at: int) -> float:
    heights = [height for axis in reversed(axes) if (height := _height(axis, at)) is not None]
    return heights[0] if heights else _HEIGHT / 2


def _apart(ends: Sequence[float]) -> list[float]:
    """Heights of labels that do not cover each other."""
    placed = list(ends)
    last = -math.inf
    for at in sorted(range(len(ends)), key=lambda one: ends[one]):
        placed[at] = last = max(ends[at], last + 13)
    low = max(placed, default=0.0) - (_HEIGHT - 4)
    return [height - low for height in placed] if low > 0 else placed


def _curve(axes: Sequence[Axis], at: int, label: str, label_height: float) -> str:
    colour, dash = _COLOURS[at % len(_COLOURS)], _DASHES[at // len(_COLOURS) % len(_DASHES)]
    steps, dots, drawing = "", "", False
    for place, axis in enumerate(axes):
        height = _height(axis, at)
        if height is not None:
            x = _LEFT + _STEP * place
            steps += f"{'L' if drawing else 'M'}{x},{height:.1f}"
            dots += f"<circle cx='{x}' cy='{height:.1f}' r='3' fill='{colour}'/>"
        drawing = height is not None
    x = _LEFT + _STEP * (len(axes) - 1)
    lead = f"M{x + 4},{_end(axes, at):.1f}L{x + 14},{label_height:.1f}"
    return (
        f"<g data-version='{attribute(label)}'><path d='{steps}' fill='none' stroke='{colour}' stroke-width='2' "
        f"stroke-dasharray='{dash}' stroke-linejoin='round'/>{dots}"
        f"<path d='{lead}' stroke='{colour}' stroke-width='1' fill='none'/>"
        f"<text x='{x + 17}' y='{label_height + 4:.1f}' font-weight='600'>v{escape(label)}</text></g>"
    )
