"""How far two samples of one quantity lie apart, and the histograms that show it. Pure: reads values, returns numbers.

Both measures run from 0 (the same distribution) to 1 (nothing in common): for numbers the largest distance of the two
cumulative distributions (Kolmogorov 1933, Smirnov 1948), for categories half the sum of the differences of their
shares (total variation).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, np.dtype[Any]]

SAMPLE = 50_000
"""Values of each side that a distribution is told from, evenly drawn where there are more."""
BINS = 20
_CATEGORIES = 8
_LONGEST = 60


@dataclass(frozen=True)
class Histogram:
    """Counts of two samples over the same bins.

    ``edges`` are the bounds of the bins (one more than counts) for numbers; ``labels`` name the bins of categories,
    the most frequent first; with ``others`` the last bin has no label: it holds what is left over. ``bounds``: the
    outermost edges in words, where numbers stand for something else (times).
    """

    before: tuple[int, ...]
    after: tuple[int, ...]
    edges: tuple[float, ...] = ()
    labels: tuple[str, ...] = ()
    others: bool = False
    bounds: tuple[str, str] | None = None


@dataclass(frozen=True)
class Distribution:
    """Two samples beside each other; ``shift`` from 0 to 1, None where one side is empty."""

    shift: float | None
    histogram: Histogram | None


def sampled(values: Any) -> Any:
    """``values`` (whatever can be sliced), or an even selection of them."""
    step = -(-len(values) // SAMPLE)
    return values[::step] if step > 1 else values


def compare_numbers(before: Numbers, after: Numbers) -> Distribution:
    """Compare two arrays of real numbers; what is not finite is left out."""
    import numpy as np

    old, new = (np.asarray(side, dtype=float) for side in (before, after))
    old, new = np.sort(old[np.isfinite(old)]), np.sort(new[np.isfinite(new)])
    if not old.size or not new.size:
        return Distribution(None, None)
    both = np.concatenate([old, new])
    distance = np.searchsorted(old, both, side="right") / old.size - np.searchsorted(new, both, side="right") / new.size
    low, high = float(both.min()), float(both.max())
    # NumPy refuses a range without width, and one whose width is no finite number
    if not np.isfinite(high - low):
        return Distribution(float(np.abs(distance).max()), None)
    edges = np.linspace(low, high, BINS + 1) if high > low else np.array([low - 0.5, high + 0.5])
    if not (np.diff(edges) > 0).all():  # neighbouring floats: no room for bins between them
        return Distribution(float(np.abs(distance).max()), None)
    counts = [_counted(side, edges) for side in (old, new)]
    histogram = Histogram(counts[0], counts[1], edges=tuple(float(edge) for edge in edges))
    return Distribution(float(np.abs(distance).max()), histogram)


def _counted(ordered: Numbers, edges: Numbers) -> tuple[int, ...]:
    """Counts per bin of sorted values; ``numpy.histogram`` would sort them again."""
    below = ordered.searchsorted(edges[1:-1], side="left")
    bounds = [0, *(int(place) for place in below), len(ordered)]
    return tuple(upper - lower for lower, upper in pairwise(bounds))


def compare_categories(before: Sequence[str], after: Sequence[str]) -> Distribution:
    """Compare two lists of words."""
    old, new = Counter(before), Counter(after)
    if not old or not new:
        return Distribution(None, None)
    names = old.keys() | new.keys()
    shift = sum(abs(old[name] / len(before) - new[name] / len(after)) for name in names) / 2
    shares = {name: old[name] / len(before) + new[name] / len(after) for name in names}
    ordered = sorted(names, key=lambda name: (-shares[name], name))
    shown, rest = ordered[:_CATEGORIES], ordered[_CATEGORIES:]
    counts = [[side[name] for name in shown] + [sum(side[name] for name in rest)] * bool(rest) for side in (old, new)]
    labels = tuple(name[:_LONGEST] for name in shown)
    histogram = Histogram(tuple(counts[0]), tuple(counts[1]), labels=labels, others=bool(rest))
    return Distribution(min(shift, 1.0), histogram)
