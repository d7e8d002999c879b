"""Better sets than the greedy one, where few large values make its rule per byte a poor one.

Reads and changes an ``Outlook`` through its public methods; knows nothing of the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helix_jupyter.plan.outlook import Outlook, Sized

# Up to how many values are looked at: among more the greedy set is nearly the best one, and a look takes longer.
FEW = 40
# How many of those that the greedy rule left out are tried, and how often in turn.
TRIED = 3
TURNS = 2


def exchange(outlook: Outlook, bytes: int, *stored: Mapping[str, Sized]) -> None:
    """Put back what was trimmed, in place of others, while that leaves fewer expected seconds of the next run.

    ``outlook`` was trimmed to ``bytes``; ``stored`` are the values that there are, by key. Each turn tries the few
    values out of it that save most; all the others are trimmed to what room is left. (Local search from the greedy set
    of a knapsack, which can be far from the best where few values fill it.)
    """
    every = {key: value for values in reversed(stored) for key, value in values.items()}
    if len(every) > FEW:
        return
    for _ in range(TURNS):
        out = [key for key, value in every.items() if key not in outlook.held and value.bytes <= bytes]
        out.sort(key=lambda key: outlook.gain(key, every[key]), reverse=True)
        fewest, better = _expected(outlook) * (1 - 1e-9), None  # not for a rounding error
        for key in out[:TRIED]:
            other = _with(key, every, outlook, bytes)
            if other.bytes <= bytes and _expected(other) < fewest:
                fewest, better = _expected(other), other
        if better is None:
            return
        outlook.become(better)


def _with(key: str, every: Mapping[str, Sized], outlook: Outlook, bytes: int) -> Outlook:
    """What the greedy rule leaves beside ``key``, from the full store down."""
    other = outlook.branch()
    other.store(key, _Pinned(every[key].bytes, every[key].expected_seconds))
    for one in [one for one in every if one not in other.held]:
        other.store(one, every[one])
    other.trim(bytes, every)
    other.store(key, every[key])
    return other


def _expected(outlook: Outlook) -> float:
    return outlook.seconds + outlook.lost


@dataclass(frozen=True)
class _Pinned:
    bytes: int
    expected_seconds: float
    pinned: bool = True
