"""What computing and loading will probably take. Pure: reads measurements, returns seconds."""

from __future__ import annotations

from collections.abc import Sequence

# Where nothing was measured: open an artifact and check its signature, then read it at a modest SSD's pace.
LOAD_LATENCY_SECONDS = 0.001
LOAD_BYTES_PER_SECOND = 2e9
# What the user waits while a value is handed to the writer: its digest, and the room for it.
WRITE_LATENCY_SECONDS = 0.001
TAKEN_BYTES_PER_SECOND = 12e9

UNKNOWN_SECONDS = 1.0
RECENT = 5


def compute_forecast(measured: Sequence[float], guess: float = UNKNOWN_SECONDS) -> float:
    """Seconds that computing a node will take.

    Parameters
    ----------
    measured
        Seconds that this node took before, oldest first: the median of the last five counts, as one slow run
        (a cold disk, a busy machine) should not change plans.
    guess
        What to assume of a node that never ran: see ``guess_seconds``.
    """
    return median(measured[-RECENT:]) if measured else guess


def guess_seconds(known: Sequence[float]) -> float:
    """Seconds to assume of a node that never ran: the median of ``known``, the workflow's nodes that did."""
    return median(known) if known else UNKNOWN_SECONDS


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
