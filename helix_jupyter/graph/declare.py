"""One cell to one `Declaration`: reads its text and options, runs nothing, knows no other cell."""

from __future__ import annotations

from helix_jupyter.cell.analyse import analyse
from helix_jupyter.cell.normalise import normalise
from helix_jupyter.cell.types import CellAnalysis, CellOptions
from helix_jupyter.errors import UnknownOption, listing
from helix_jupyter.graph.declaration import Declaration, Origin


def make_declaration(
    source: str, code: str, options: CellOptions, origin: Origin, node: str | None = None
) -> Declaration:
    """Compose what a cell says into a declaration.

    Parameters
    ----------
    source
        The text as the user wrote it, without the magic line.
    code
        The same lines as plain Python.
    options
        Of the declaring line; ``outputs`` or ``name`` is given. Without outputs the name is the only output.
    origin
        Where it stands; its ``filename`` is named by a syntax error.
    node
        The node's name where the caller chooses it (a further update of ``df``); default: ``options.name``,
        else the first output.

    Raises
    ------
    CellSyntaxError
        When the code does not compile.
    UnknownOption
        When ``map`` names what the cell does not read, or goes with ``update``.
    ValueError
        When neither an output nor a name is given.
    """
    name = node or options.name or next(iter(options.outputs), None)
    if name is None:
        raise ValueError("a declaration needs an output or a name")
    analysis = analyse(code, origin.filename)
    if options.map is not None:
        _check_map(options, analysis)
    return Declaration(
        node=name,
        outputs=options.outputs or (options.name or name,),
        source=source,
        code=code,
        normalised=normalise(code),
        analysis=analysis,
        update=options.update,
        metrics=options.metrics,
        volatile=options.volatile,
        watch=options.watch,
        seed=options.seed,
        group=options.group,
        lower=options.lower,
        higher=options.higher,
        map=options.map,
        origin=origin,
    )


def _check_map(options: CellOptions, analysis: CellAnalysis) -> None:
    if options.update:
        raise UnknownOption("--map does not go with --update: give the result a name of its own.")
    read = (*analysis.reads, *analysis.may_read)
    if options.map not in read:
        raise UnknownOption(f"--map {options.map}: the cell does not read '{options.map}'. It reads {listing(read)}.")
