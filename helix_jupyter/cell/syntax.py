"""Code to its syntax tree: reads text, returns an ``ast.Module``. Runs nothing."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from helix_jupyter.errors import CellSyntaxError


def parse(code: str, filename: str = "<cell>") -> ast.Module:
    """Parse the code of one cell.

    Raises
    ------
    CellSyntaxError
        When it does not parse; ``line`` is 1-based within the code.
    """
    with _cell_errors(code, filename):
        return ast.parse(code, filename)


def check(tree: ast.Module, code: str, filename: str = "<cell>") -> None:
    """Find what only the compiler sees: ``return`` outside a function, ``break`` outside a loop, ...

    ``await`` at the top level is fine.

    Raises
    ------
    CellSyntaxError
        As `parse` does.
    """
    with _cell_errors(code, filename):
        compile(tree, filename, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)


@contextmanager
def _cell_errors(code: str, filename: str) -> Iterator[None]:
    # warnings (an invalid escape, say) are for the compilation that runs the code, else they are shown twice
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except SyntaxError as error:
            line = error.lineno or 1
            raise CellSyntaxError(error.msg, line, _line_of(code, line), filename) from None
        except (ValueError, RecursionError, MemoryError) as error:
            # null bytes, or an expression that is nested too deeply
            raise CellSyntaxError(str(error) or "too deeply nested", 1, _line_of(code, 1), filename) from None


def _line_of(code: str, line: int) -> str:
    lines = code.split("\n")
    return lines[line - 1] if 0 < line <= len(lines) else ""
