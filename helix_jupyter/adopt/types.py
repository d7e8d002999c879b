"""The values that the stages of adopting hand on. Read nothing, decide nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Kind(Enum):
    """What a piece of a cell is for."""

    IMPORT = "import"
    DEFINITION = "definition"
    SETTING = "setting"
    """It changes something behind the scenes (options, warnings, a magic): it has to act in every kernel."""
    LITERAL = "constant"
    WORK = "work"


@dataclass(frozen=True)
class Unit:
    """Consecutive statements of one cell that are decided on together.

    ``text`` is what the author wrote, ``code`` the same as plain Python. ``cell`` counts the notebook's code cells
    from 0. ``parts`` are the cells that were merged into it, its own the last.
    """

    cell: int
    kind: Kind
    text: str
    code: str
    parts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Effects:
    """What running a unit does to names, as far as its text tells; where that is open, the worse is taken.

    Attributes
    ----------
    reads
        Outside names that it reads or may read, those that the notebook's functions read for it included.
    needs
        Those of ``reads`` that it reads at once: the body of a function that it merely defines does not count.
    certain
        Outside names that its own text reads at once, whatever happens.
    helpers
        The notebook's functions that it may call, through any number of them.
    writes, settles
        Names that it binds; those that it binds whatever happens.
    changes
        Names whose value it changes in place.
    shares
        Pairs of names: a change of the first may show in the second.
    built
        Names that it binds to what is composed of other names' values and works on these in place: pipelines.
    tied
        Names of values that make no sense away from where they were made: figures, clocks, open files, iterators.
    plain
        Why it cannot be a node; empty where it can.
    writes_files, strings
        Whether it leaves files behind, and its texts, which may name them.
    seeds, draws
        Libraries whose global random generator it sets; whether it may draw from one, before it seeds and at all.
    pyplot
        It calls pyplot, so that it may draw into a figure that another one draws into.
    is_for_figures, sees_figures
        Whether all that it does is to set how matplotlib draws; whether anything in it may depend on that.
    is_trivial
        It calls nothing but what shows, or costs as little.
    results
        The name of its last value that a reader may want to look at.
    """

    reads: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    certain: frozenset[str] = frozenset()
    helpers: frozenset[str] = frozenset()
    writes: tuple[str, ...] = ()
    settles: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    shares: frozenset[tuple[str, str]] = frozenset()
    built: frozenset[str] = frozenset()
    tied: frozenset[str] = frozenset()
    plain: str = ""
    writes_files: bool = False
    strings: frozenset[str] = frozenset()
    seeds: frozenset[str] = frozenset()
    draws: bool = False
    draws_first: bool = False
    pyplot: bool = False
    is_for_figures: bool = False
    sees_figures: bool = False
    is_trivial: bool = False
    results: tuple[str, ...] = ()


@dataclass(frozen=True)
class CellReport:
    """What became of one code cell; ``number`` counts code cells from 1.

    ``kind`` is ``node``, ``plain``, ``split`` or ``merged``; ``nodes`` are the declaring lines that stand for it,
    ``notes`` say why, in plain words.
    """

    number: int
    kind: str
    nodes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Adopted:
    """An adopted notebook, and what was done.

    Attributes
    ----------
    notebook
        The new notebook, nbformat 4; a notebook that was adopted before comes back as it is.
    cells
        A report for each code cell of the original.
    before, after
        Both as text in ``# %%`` form, for a preview.
    changed
        Whether it differs from the original.
    """

    notebook: Mapping[str, Any]
    cells: tuple[CellReport, ...] = ()
    before: str = ""
    after: str = ""
    changed: bool = True
    nodes: tuple[str, ...] = field(default=())
