"""Code to its syntax tree: reads text, returns an ``ast.Module``. Runs nothing."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from helix_jupyter.errors import CellSyntaxError

# calls within calls: these are Python's own, which need no C stack
DEEPEST = 50_000
_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


def deeply(walk: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """Let a function that walks a tree by calling itself do so once more with more room, where it ran out of it.

    A sum of a thousand terms is a tree a thousand levels deep, and Python compiles it.
    """

    @wraps(walk)
    def walked(*arguments: _Arguments.args, **named: _Arguments.kwargs) -> _Result:
        try:
            return walk(*arguments, **named)
        except RecursionError:
            limit = sys.getrecursionlimit()
            sys.setrecursionlimit(max(limit, DEEPEST))
        try:
            return walk(*arguments, **named)
        finally:
            sys.setrecursionlimit(limit)

    return walked


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
