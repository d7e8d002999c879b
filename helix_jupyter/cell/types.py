"""The values that this stage hands on. Reads nothing, decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

WHOLE = frozenset({""})
"""The paths behind a name that is used bare: its whole value may be reached. One for all: most names are."""


def _empty() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True)
class CellOptions:
    """What a ``%%helix`` (or ``# helix:``) line says.

    ``outputs`` holds the positional names; ``name`` the node's own name when given with ``--name``. ``lower`` and
    ``higher`` are the metrics that are better so. ``map`` is the input that the cell goes through item by item.
    """

    outputs: tuple[str, ...] = ()
    name: str | None = None
    watch: tuple[str, ...] = ()
    metrics: bool = False
    volatile: bool = False
    update: bool = False
    replace: bool = False
    seed: int | None = None
    group: str | None = None
    run: bool = False
    lower: tuple[str, ...] = ()
    higher: tuple[str, ...] = ()
    map: str | None = None


@dataclass(frozen=True)
class CellAnalysis:
    """What a cell's code does with names, found from its syntax alone.

    Attributes
    ----------
    reads
        Names that the cell certainly reads from outside (loaded before any assignment can have happened).
    may_read
        Names that it may read from outside: assigned on some paths only, or only before a nested function
        is called.
    writes
        Names bound at the cell's top level, in order of first binding.
    certain_writes
        Those of ``writes`` that are bound at the end whatever way the code took.
    mutates
        Names whose value the cell visibly changes in place (``x[...] = ``, ``x.a = ``, ``x += ``, ``del
        x[...]``).
    modules
        Modules that the cell itself imports, as absolute dotted names
        (``from m import f`` gives ``m`` and ``m.f``, which may be a module).
    attributes
        For each outside name, the dotted paths behind it (``utils.io.load`` gives ``{"utils":
        {"io.load"}}``); the empty string stands for a bare use, where the whole value may be reached.
    strings
        String constants in the code (candidates for file names), in order, without duplicates.
    has_value
        The cell ends in an expression (and not in ``;``), whose value is shown.
    is_async
        The cell awaits at its top level.
    """

    reads: tuple[str, ...] = ()
    may_read: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    mutates: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    attributes: Mapping[str, frozenset[str]] = field(default_factory=_empty)
    strings: tuple[str, ...] = ()
    has_value: bool = False
    is_async: bool = False
    certain_writes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class LiteralChange:
    """One literal that differs between two codes of otherwise equal shape.

    ``label`` is what a user would call it: the keyword or target name in front (``C``, ``bins``), else the
    called function with the position (``quantile[0]``), else ``line N``. ``line`` is 1-based in the newer
    code.
    """

    label: str
    line: int
    before: object
    after: object
