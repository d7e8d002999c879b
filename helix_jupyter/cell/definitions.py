"""What the names that a cell binds come from, so that two texts of it compare name by name. Runs nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from helix_jupyter.cell.embedded import embedded
from helix_jupyter.cell.names import NameFinder
from helix_jupyter.cell.normalise import canonical_tree
from helix_jupyter.cell.syntax import check, deeply

EVERYTHING_OF = ".*"
"""Behind a module's name: what ``from module import *`` binds."""


@deeply
def definitions(code: str) -> Mapping[str, int]:
    """By name that the cell binds or changes in place: a number for the code that does so.

    It is of the statements that concern the name and, in turn, of those that give what they read: value numbering
    (Cocke and Schwartz, 1970), of the cell as one block. Comments, formatting, docstrings and what concerns other
    names make no difference. Numbers are to be compared within one process.

    Parameters
    ----------
    code
        Plain Python: magic and shell lines are calls of ``get_ipython()`` already. The code inside ``%%time`` and the
        like counts as the cell's own.

    Raises
    ------
    CellSyntaxError
        When the code does not compile.
    """
    tree = canonical_tree(code)
    check(tree, code)
    found: dict[str, int] = {}
    for statement in _unwrapped(tree.body):
        _take(statement, found)
    return found


def _take(statement: ast.stmt, found: dict[str, int]) -> None:
    if isinstance(statement, ast.Delete):
        for target in statement.targets:
            if isinstance(target, ast.Name):
                found.pop(target.id, None)
    finder = NameFinder()
    finder.visit(statement)
    reads = sorted({name for name, _ in finder.reads()})
    # a name that stands nowhere above may be one of those that a module gave
    modules = () if found.keys() >= set(reads) else (name for name in found if name.endswith(EVERYTHING_OF))
    given = [(name, found[name]) for name in modules]
    number = hash((ast.unparse(statement), *((name, found.get(name)) for name in reads), *given))
    certain = finder.certain_writes()
    for name in (*finder.writes(), *finder.mutated):
        if name == "*" and isinstance(statement, ast.ImportFrom):
            found["." * statement.level + (statement.module or "") + EVERYTHING_OF] = number
        elif name in certain:
            found[name] = number
        else:  # what it was before may be left of it
            found[name] = hash((number, found.get(name)))


def _unwrapped(block: Iterable[ast.stmt]) -> Iterable[ast.stmt]:
    """The statements, and in the place of a magic that runs code this code."""
    for statement in block:
        call = statement.value if isinstance(statement, ast.Expr) else None
        inside = embedded(call) if isinstance(call, ast.Call) else None
        if inside is None or inside.is_local or inside.binds is not None or not inside.statements:
            yield statement
        else:
            yield from inside.statements
