"""What a node did that its recorded result does not show, in words. Reads what it left; runs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from helix_jupyter.execute.cell_code import CellCode
from helix_jupyter.execute.types import Note
from helix_jupyter.fingerprint.reads import Seen
from helix_jupyter.fingerprint.unsteady import CLOCK, DATE, RANDOMNESS, STOPWATCH, find_unsteady

NETWORK, GENERATOR, ENVIRONMENT = "network", "generator", "environment"
_DOES = {
    RANDOMNESS: "draws randomness that no seed governs",
    DATE: "reads the clock",
    CLOCK: "reads the clock",
    STOPWATCH: "measures time",
}


def find_notes(code: CellCode, namespace: Mapping[str, Any], seen: Seen, drawn: Sequence[str]) -> tuple[Note, ...]:
    """The notes on a node that ran ``code`` in ``namespace``; ``drawn``: generators of the notebook that it used."""
    return tuple(_notes(code, namespace, seen, drawn))


def _notes(code: CellCode, namespace: Mapping[str, Any], seen: Seen, drawn: Sequence[str]) -> Iterator[Note]:
    for one in find_unsteady([part for part in (code.body, code.last) if part is not None], namespace):
        yield Note(one.kind, f"{_DOES[one.kind]} ({one.name} {one.where})")
    if seen.hosts:
        yield Note(NETWORK, f"reads from the network ({seen.hosts[0]})")
    if drawn:
        yield Note(GENERATOR, f"draws from the notebook's generator {_named(drawn)}")
    if seen.variables_set:
        yield Note(ENVIRONMENT, f"sets the environment variable {_named(sorted(seen.variables_set))}")


def _named(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
