"""The values that execution takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helix_jupyter.graph.declaration import Declaration


@dataclass(frozen=True)
class Event:
    """One thing that a node showed: text on a stream, or a display with its MIME bundle."""

    stream: str = ""
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """One node, ready to run.

    ``bindings`` are the notebook's names that its code reaches, ``inputs`` the values of other nodes' outputs.
    ``helpers_read`` are the inputs that notebook functions read through their own globals, which are
    ``notebook_globals``. ``consumed`` says that some node needs the outputs (so they must be assigned). ``observed``:
    note what it consults besides (slow).
    """

    declaration: Declaration
    inputs: Mapping[str, Any]
    bindings: Mapping[str, Any]
    seed: int
    consumed: bool = False
    helpers_read: tuple[str, ...] = ()
    ignored_folders: tuple[Path, ...] = ()
    observed: bool = False


@dataclass(frozen=True)
class Outcome:
    """What running a task gave. ``error`` holds the exception of a node that failed (its values are then empty).

    ``seconds`` is wall time. ``reads`` are the files opened for reading, in order. ``line`` is the line of the cell
    that was running when it failed. ``consulted``: see ``Consulted.sources``; empty where nobody observed.
    """

    values: Mapping[str, Any]
    seconds: float
    events: tuple[Event, ...] = ()
    reads: tuple[Path, ...] = ()
    error: BaseException | None = None
    line: int | None = None
    consulted: tuple[str, ...] = ()
