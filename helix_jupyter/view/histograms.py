"""Two samples in one small picture: after as bars, before as a line round its own. Reads counts, returns a picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from helix_jupyter.version.distributions import Histogram
from helix_jupyter.view.markup import picture
from helix_jupyter.view.style import COLOURS
from helix_jupyter.view.words import line, number

_WIDTH, _HEIGHT, _EDGE = 132, 36, 2


def histogram(of: Histogram, label: str) -> str:
    """Shares rather than counts, so that samples of different sizes can be laid over each other.

    Before and after are told apart by form as well as by colour: a line, and filled bars.
    """
    old, new = (_shares(side) for side in (of.before, of.after))
    top = max((*old, *new), default=0.0) or 1.0
    style = f"min-width:{_WIDTH}px;vertical-align:middle"
    return picture(_svg(old, new, top, bool(of.labels)), f"distribution of {label}, before and after", style)


def span(of: Histogram) -> str:
    """What the picture's axis goes over, in words."""
    if of.bounds:
        return f"{line(of.bounds[0], 30)} … {line(of.bounds[1], 30)}"
    if of.edges:
        return f"{number(of.edges[0])} … {number(of.edges[-1])}"
    names = [line(label, 14) or "''" for label in of.labels]
    return ", ".join(names[:3]) + (", …" if len(names) > 3 or of.others else "")


def _shares(counts: Sequence[int]) -> list[float]:
    total = sum(counts) or 1
    return [count / total for count in counts]


def _svg(old: Sequence[float], new: Sequence[float], top: float, apart: bool) -> str:
    step = (_WIDTH - 2 * _EDGE) / len(old)
    gap = min(step * 0.12, 3.0) if apart else 0.6
    base = _HEIGHT - _EDGE
    # one path for all bars: a rectangle each takes three times the bytes, and a comparison has sixty pictures
    bars = "".join(
        f"M{_EDGE + place * step + gap / 2:.1f},{base}V{_y(share, top):.1f}h{step - gap:.1f}V{base}"
        for place, share in enumerate(new)
        if share
    )
    path = "".join(_outline(old, top, step, gap if apart else 0.0))
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{_WIDTH}' height='{_HEIGHT}'>"
        f"<path d='{bars}' fill='{COLOURS['load']}' fill-opacity='0.55'/>"
        f"<path d='{path}' fill='none' stroke='{COLOURS['edited']}' stroke-width='1.5' stroke-linejoin='round'/>"
        f"<path d='M0,{_HEIGHT - _EDGE + 0.5}H{_WIDTH}' stroke='{COLOURS['none']}' stroke-width='1'/></svg>"
    )


def _outline(shares: Sequence[float], top: float, step: float, gap: float) -> Iterator[str]:
    """The upper edge of the bars; where bars stand apart, each for itself."""
    base = _HEIGHT - _EDGE
    if not gap:
        yield f"M{_EDGE},{base}"
    for place, share in enumerate(shares):
        left, right = _EDGE + place * step + gap / 2, _EDGE + (place + 1) * step - gap / 2
        if gap:
            yield f"M{left:.1f},{base}"
        yield f"V{_y(share, top):.1f}H{right:.1f}"
        if gap:
            yield f"V{base}"
    if not gap:
        yield f"V{base}"


def _y(share: float, top: float) -> float:
    return _HEIGHT - _EDGE - share / top * (_HEIGHT - 2 * _EDGE)
