"""What computing and loading will probably take, and how sure that is. Pure: reads measurements, returns seconds.

Seconds vary by factors, so all is done with their logarithms; a spread of 0.1 is about 10 % up or down.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

# Where nothing was measured: open an artifact and check its signature, then read it at a modest SSD's pace.
LOAD_LATENCY_SECONDS = 0.001
LOAD_BYTES_PER_SECOND = 2e9
# What the user waits while a value is handed to the writer: its digest, and the room for it.
WRITE_LATENCY_SECONDS = 0.001
TAKEN_BYTES_PER_SECOND = 12e9

UNKNOWN_SECONDS = 1.0
# What a measurement counts for against the one after it, and one of the very same computation against others.
FADING = 0.8
SAME = 6.0
# The spread to assume before any was seen, and how many measurements that stands for.
PRIOR_SPREAD, PRIOR_WEIGHT = 0.4, 2.0
# How far two codes' logarithms may lie apart by chance.
CHANCE = 0.7
# What seconds do when the inputs grow: in proportion, unless measurements of other sizes tell another exponent.
PRIOR_EXPONENT, PRIOR_SIZES, LARGEST_EXPONENT = 1.0, 0.1, 2.0
# How unsure that is, per factor e between the inputs and the nearest that were measured.
SCALING_SPREAD = 0.3
# Share of a run's uncertainty that its nodes have in common: a busy machine slows all of them down.
IN_COMMON = 0.5
# Four of five lie within so many spreads.
WITHIN = 1.28


class Measured(NamedTuple):
    """One measurement of a node: seconds, size of its inputs in bytes (0: unknown), the key that was computed, a
    digest of the code (empty: unknown)."""

    seconds: float
    bytes_read: int = 0
    key: str = ""
    code: str = ""


@dataclass(frozen=True)
class Forecast:
    """Seconds, as likely too many as too few, and the spread of their logarithm."""

    seconds: float
    spread: float = 0.0


def compute_forecast(
    measured: Sequence[Measured],
    guess: float = UNKNOWN_SECONDS,
    bytes_read: int = 0,
    key: str | None = None,
    code: str = "",
) -> Forecast:
    """What computing a node will take.

    Parameters
    ----------
    measured
        What this node took before, oldest first. The weighted median counts, as one slow run (a cold disk, a busy
        machine) should not change plans; the newest weigh most, and those of the same key. What other code took is
        set right by the ratio to the code as it is, where that was measured, the surer the further the two lie apart.
    guess
        What to assume of a node that never ran: see ``guess_seconds``.
    bytes_read
        Size of its inputs (0: unknown): seconds are scaled to it.
    key
        What is to be computed, if that is known.
    code
        A digest of its code, as in ``measured``.
    """
    if not measured:
        return Forecast(guess)
    weights = [
        FADING**age * (SAME if key is not None and one.key == key else 1.0)
        for age, one in zip(range(len(measured) - 1, -1, -1), measured, strict=True)
    ]
    logs = [math.log(max(one.seconds, 1e-9)) for one in measured]
    scale = [math.log(bytes_read / one.bytes_read) if bytes_read and one.bytes_read else 0.0 for one in measured]
    if any(scale):
        exponent = _exponent(logs, scale, weights)
        logs = [log + exponent * by for log, by in zip(logs, scale, strict=True)]
    if code:
        logs = _as_of(code, [one.code for one in measured], logs, weights)
    center = weighted_median(logs, weights)
    squares = sum(weight * (log - center) ** 2 for log, weight in zip(logs, weights, strict=True))
    spread = math.sqrt((PRIOR_WEIGHT * PRIOR_SPREAD**2 + squares) / (PRIOR_WEIGHT + sum(weights)))
    return Forecast(math.exp(center), math.hypot(spread, SCALING_SPREAD * min(map(abs, scale))))


def _exponent(logs: Sequence[float], scale: Sequence[float], weights: Sequence[float]) -> float:
    """How seconds go with the inputs' size: the slope of the logarithms, drawn to 1 where sizes hardly differed."""
    total = sum(weights)
    log, by = (sum(w * x for w, x in zip(weights, values, strict=True)) / total for values in (logs, scale))
    # a larger scale is a smaller input
    together = -sum(w * (x - log) * (y - by) for w, x, y in zip(weights, logs, scale, strict=True))
    alone = sum(w * (y - by) ** 2 for w, y in zip(weights, scale, strict=True))
    slope = (together + PRIOR_SIZES * PRIOR_EXPONENT) / (alone + PRIOR_SIZES)
    return min(max(slope, 0.0), LARGEST_EXPONENT)


def _as_of(code: str, codes: Sequence[str], logs: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The logarithms as if this code had taken them.

    Most edits change what a node does and hardly how long it takes, and many measurements are better than few: a
    difference that may be chance is left. (Leaving other code out was rejected: forecasts of Census got worse.)
    """
    sides = [[at for at, one in enumerate(codes) if (one == code) == same] for same in (True, False)]
    if not all(sides):
        return list(logs)
    here, there = (weighted_median([logs[at] for at in side], [weights[at] for at in side]) for side in sides)
    apart = here - there
    shift = apart * apart**2 / (apart**2 + CHANCE**2)
    return [log if one == code else log + shift for log, one in zip(logs, codes, strict=True)]


def guess_seconds(known: Sequence[float]) -> float:
    """Seconds to assume of a node that never ran: the median of ``known``, the workflow's nodes that did."""
    return median(known) if known else UNKNOWN_SECONDS


def likely_range(forecasts: Iterable[Forecast]) -> tuple[float, float]:
    """Within which seconds all of these together are to stay, four times of five (measured: less often)."""
    parts = [(one.seconds, one.seconds * one.spread) for one in forecasts]
    seconds = math.fsum(part for part, _ in parts)
    if not seconds:
        return 0.0, 0.0
    common, alone = sum(spread for _, spread in parts), math.hypot(*(spread for _, spread in parts))
    spread = math.hypot(IN_COMMON * common, math.sqrt(1 - IN_COMMON**2) * alone) / seconds
    return seconds * math.exp(-WITHIN * spread), seconds * math.exp(WITHIN * spread)


def load_forecast(bytes: int, measured: float | None = None) -> float:
    """Seconds until an artifact of ``bytes`` bytes is available: as ``measured``, else by its size."""
    return LOAD_LATENCY_SECONDS + bytes / LOAD_BYTES_PER_SECOND if measured is None else measured


def write_forecast(bytes: int) -> float:
    """Seconds that the user waits when an artifact of ``bytes`` bytes is kept; the rest is in the background."""
    return WRITE_LATENCY_SECONDS + bytes / TAKEN_BYTES_PER_SECOND


def median(values: Sequence[float]) -> float:
    """The middle of ``values`` (at least one), the mean of the two middle ones if there are two.

    Not ``statistics.median``: importing statistics takes as long as planning.
    """
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def weighted_median(values: Sequence[float], weights: Sequence[float]) -> float:
    """The value (of at least one) below and above which lies no more than half of the weight."""
    half, below = sum(weights) / 2, 0.0
    ordered = sorted(zip(values, weights, strict=True))
    for value, weight in ordered:
        below += weight
        if below >= half:
            return value
    return ordered[-1][0]
