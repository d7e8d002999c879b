"""A declared node as a frozen value: everything that one cell says, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from helix_jupyter.cell.types import CellAnalysis


@dataclass(frozen=True)
class Origin:
    """Where a declaration was written, for tracebacks and for finding the cell again.

    ``filename`` is what the compiled code carries; ``offset`` the number of lines of the cell above the
    code (the magic line), so that line numbers in a traceback are the cell's own. ``cell`` is the front
    end's cell id, ``label`` what a user calls the place (``cell [5]``, ``train.py:12``). ``replaces``: it may take the
    place of another cell's declaration; ``replaced`` are the ids of the cells whose place it took, and that may take it
    back. ``script`` names the script whose lines these are; empty for a cell.
    """

    filename: str = "<cell>"
    offset: int = 0
    cell: str | None = None
    label: str = "a cell"
    replaces: bool = False
    replaced: frozenset[str] = frozenset()
    script: str = ""


@dataclass(frozen=True)
class Declaration:
    """One node of the workflow.

    Attributes
    ----------
    node
        The node's name, unique in the session.
    outputs
        Names that it gives, at least one; each is stored on its own.
    source
        The text as the user wrote it, without the magic line: for people (diff, export, checkout).
    code
        Plain Python with the same lines, ready to compile.
    normalised
        Canonical form of ``code`` (no comments, blank lines, formatting): what is compared and digested.
    update
        The node is a further link in the chain of its outputs: it changes values that earlier nodes gave.
    group
        Name of the box that the DAG view may collapse it into.
    map
        The input that it goes through item by item: what it gives for one item rests on that item alone.
    lower, higher
        Metrics that are better when lower, or higher; they change no value.
    """

    node: str
    outputs: tuple[str, ...]
    source: str
    code: str
    normalised: str
    analysis: CellAnalysis
    update: bool = False
    metrics: bool = False
    volatile: bool = False
    watch: tuple[str, ...] = ()
    seed: int | None = None
    group: str | None = None
    lower: tuple[str, ...] = ()
    higher: tuple[str, ...] = ()
    map: str | None = None
    origin: Origin = field(default=Origin(), compare=False)
