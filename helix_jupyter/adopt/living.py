"""Which names are still to be read: looks at units from the last to the first."""

from __future__ import annotations

from collections.abc import Sequence

from helix_jupyter.adopt.types import Effects


def live_after(effects: Sequence[Effects]) -> list[frozenset[str]]:
    """For each unit, the names whose values at its end a later unit may read (or change).

    A function that stands before a name may read it when it is called: that counts at the call.
    """
    live: frozenset[str] = frozenset()
    result = []
    for effect in reversed(effects):
        result.append(live)
        live = (live - effect.settles) | effect.needs | effect.changes
    return result[::-1]


def readers_after(effects: Sequence[Effects], start: int, name: str) -> list[int]:
    """The units behind ``start`` that may read the value which ``name`` has there."""
    found = []
    for at in range(start + 1, len(effects)):
        if name in effects[at].needs or name in effects[at].changes:
            found.append(at)
        if name in effects[at].settles:
            break
    return found
