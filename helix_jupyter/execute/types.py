"""The values that execution takes and gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helix_jupyter.fingerprint.reads import Seen
from helix_jupyter.fingerprint.types import Imported
from helix_jupyter.graph.declaration import Declaration


@dataclass(frozen=True)
class Event:
    """One thing that a node showed: text on a stream, or a display with its MIME bundle."""

    stream: str = ""
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Once:
    """A node's code, to be run for a part of the mapped input.

    ``run`` takes the part and gives the outputs; ``seen`` tells what was turned to outside so far.
    """

    run: Callable[[Any], Mapping[str, Any]]
    seen: Callable[[], Seen]


@dataclass(frozen=True)
class Task:
    """One node, ready to run.

    ``bindings`` are the notebook's names that its code reaches, ``inputs`` the values of other nodes' outputs.
    ``helpers_read`` are the inputs that notebook functions read through their own globals, which are
    ``notebook_globals``. ``consumed`` says that some node needs the outputs (so they must be assigned). ``observed``:
    note what it consults besides (slow). ``generators`` are the random generators of the notebook that its code
    reaches, by name. ``each``: runs the code part by part, for a node that goes through an input item by item.
    ``modules`` are the local modules whose code it runs.
    """

    declaration: Declaration
    inputs: Mapping[str, Any]
    bindings: Mapping[str, Any]
    seed: int
    consumed: bool = False
    helpers_read: tuple[str, ...] = ()
    ignored_folders: tuple[Path, ...] = ()
    observed: bool = False
    generators: Mapping[str, Any] = field(default_factory=dict)
    each: Callable[[Once], Mapping[str, Any]] | None = None
    modules: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Note:
    """Something that a node did and that its recorded result does not show: see ``unsteady`` for the kinds.

    ``text`` says it of the node: ``reads the clock (datetime.now in line 2)``.
    """

    kind: str
    text: str


@dataclass(frozen=True)
class Outcome:
    """What running a task gave. ``error`` holds the exception of a node that failed (its values are then empty).

    ``seconds`` is wall time. ``seen`` is what it turned to outside itself, ``imported`` the local modules that were
    imported. ``line`` is the line of the cell that was running when it failed. ``consulted``: see
    ``Consulted.sources``; empty where nobody observed. ``drew``: it may depend on its seed.
    """

    values: Mapping[str, Any]
    seconds: float
    events: tuple[Event, ...] = ()
    seen: Seen = field(default_factory=Seen)
    notes: tuple[Note, ...] = ()
    error: BaseException | None = None
    line: int | None = None
    consulted: tuple[str, ...] = ()
    imported: Imported = field(default_factory=Imported)
    drew: bool = True
