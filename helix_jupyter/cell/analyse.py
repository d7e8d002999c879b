"""What a cell does with names: reads its code, returns a `CellAnalysis`. Runs nothing."""

from __future__ import annotations

import ast

from helix_jupyter.cell.names import NameFinder
from helix_jupyter.cell.syntax import check, deeply, parse
from helix_jupyter.cell.types import WHOLE, CellAnalysis


@deeply
def analyse(code: str, filename: str = "<cell>") -> CellAnalysis:
    """Find names read, written and changed, modules, strings and the value of one cell.

    Parameters
    ----------
    code
        Plain Python: magic and shell lines are calls of ``get_ipython()`` already. Code inside the magics
        ``time``, ``timeit``, ``prun`` and ``capture`` counts as the cell's own, names that a shell line
        expands may be read.
    filename
        What a syntax error names.

    Returns
    -------
    CellAnalysis
        Builtins are reported like other names. ``writes`` holds ``"*"`` after ``from module import *``, and
        no name that is certainly gone at the end (``del``, ``except ... as``). Relative imports keep their
        dots. ``attributes`` and ``mutates`` tell of outside names alone.

    Raises
    ------
    CellSyntaxError
        When the code does not compile.
    """
    tree = parse(code, filename)
    check(tree, code, filename)
    finder = NameFinder()
    finder.visit_all(tree.body)
    found = tuple(finder.reads())
    return CellAnalysis(
        reads=tuple(name for name, is_certain in found if is_certain),
        may_read=tuple(name for name, is_certain in found if not is_certain),
        writes=tuple(finder.writes()),
        mutates=tuple(finder.mutated),
        modules=tuple(finder.modules),
        attributes={name: WHOLE if paths == WHOLE else frozenset(paths) for name, paths in finder.paths.items()},
        strings=tuple(finder.strings),
        has_value=_has_value(tree, code),
        is_async=finder.is_async,
        certain_writes=finder.certain_writes(),
    )


def _has_value(tree: ast.Module, code: str) -> bool:
    if not tree.body or not isinstance(last := tree.body[-1], ast.Expr):
        return False
    return not _behind(last, code).lstrip(" \t\f\\\r\n").startswith(";")


def _behind(statement: ast.stmt, code: str) -> str:
    lines = code.encode().split(b"\n")[(statement.end_lineno or 1) - 1 :]
    return b"\n".join([lines[0][statement.end_col_offset :], *lines[1:]]).decode()
