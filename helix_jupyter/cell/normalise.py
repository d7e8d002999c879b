"""Canonical text of a cell: what is compared and digested. Reads code, returns code; touches nothing."""

from __future__ import annotations

import ast

from helix_jupyter.cell.syntax import deeply, parse

_BLOCKS = ("body", "orelse", "finalbody")
_PARTS = ("handlers", "cases")


@deeply
def normalise(code: str) -> str:
    """Write code in the one form that all codes of the same meaning share.

    Comments, blank lines, formatting, quotes, line continuations, docstrings and other constants that stand
    as a statement do not count, nor does a ``;`` at the end. The last expression of the cell stays,
    whatever it is: it is the value. Normalising twice changes nothing.

    Raises
    ------
    CellSyntaxError
        When the code does not parse.
    """
    return canonical_text(canonical_tree(code))


def canonical_text(tree: ast.Module) -> str:
    """The text of a canonical tree."""
    return ast.unparse(tree)


def canonical_tree(code: str) -> ast.Module:
    """The syntax tree of the code without what does nothing; lines are those of ``code``."""
    tree = parse(code)
    value = tree.body[-1:]
    tree.body = [statement for statement in tree.body[:-1] if not _does_nothing(statement)] + value
    for statement in tree.body:
        _clean(statement)
    return tree


def _clean(node: ast.AST) -> None:
    for name in _BLOCKS:
        # a lambda's or a conditional expression's body is no list
        block = getattr(node, name, None)
        if isinstance(block, list) and block:
            setattr(node, name, _cleaned(block))
    for name in _PARTS:
        for part in getattr(node, name, ()):
            _clean(part)


def _cleaned(block: list[ast.stmt]) -> list[ast.stmt]:
    kept = [statement for statement in block if not _does_nothing(statement)]
    for statement in kept:
        _clean(statement)
    return kept or [ast.copy_location(ast.Pass(), block[0])]


def _does_nothing(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
