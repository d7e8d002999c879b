"""Compile a declaration's code so that tracebacks point into the cell's own lines, and run it in a namespace.

A cell's last expression is compiled apart, since its value may be the node's value and is shown. Cells that await run
on an event loop of their own thread: the notebook's loop is busy with the very cell that asked for the run.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from types import CodeType
from typing import Any

from helix_jupyter.graph.declaration import Declaration


@dataclass(frozen=True)
class CellCode:
    """A compiled cell: its statements, and its last expression where it ends in one."""

    body: CodeType
    last: CodeType | None


def compile_cell(declaration: Declaration) -> CellCode:
    """Compile ``declaration.code``; line numbers are those of the cell, magic line included."""
    origin = declaration.origin
    text = "\n" * origin.offset + declaration.code
    if not origin.script and origin.filename not in linecache.cache:
        lines = text.splitlines(keepends=True)
        linecache.cache[origin.filename] = (len(text), None, lines, origin.filename)
    tree = ast.parse(text, origin.filename)
    last: CodeType | None = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        expression = ast.Expression(tree.body.pop().value)  # type: ignore[attr-defined]  # isinstance above
        last = _compile(expression, origin.filename, "eval")
    return CellCode(_compile(tree, origin.filename, "exec"), last)


def _compile(tree: ast.Module | ast.Expression, filename: str, mode: str) -> CodeType:
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    code: CodeType = compile(tree, filename, mode, flags=flags, dont_inherit=True)
    return code


def run_cell(code: CellCode, namespace: dict[str, Any]) -> tuple[bool, Any]:
    """Run the cell in ``namespace``; gives whether it ended in an expression, and that expression's value."""
    _evaluate(code.body, namespace)
    if code.last is None:
        return False, None
    return True, _evaluate(code.last, namespace)


def _evaluate(code: CodeType, namespace: dict[str, Any]) -> Any:
    if code.co_flags & inspect.CO_COROUTINE:
        return _await(lambda: eval(code, namespace))
    return eval(code, namespace)


def _await(start: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run a coroutine to its end on a new loop in a new thread; an interrupt here cancels it there."""
    import asyncio

    loop = asyncio.new_event_loop()
    result: list[Any] = [None]
    failure: list[BaseException] = []

    def work() -> None:
        asyncio.set_event_loop(loop)
        try:
            result[0] = loop.run_until_complete(start())
        except BaseException as error:  # handed to the waiting thread, whatever it is
            failure.append(error)
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()

    thread = threading.Thread(target=work, name="helix-await", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(0.1)
    except KeyboardInterrupt:
        for task in asyncio.all_tasks(loop):
            loop.call_soon_threadsafe(task.cancel)
        raise
    if failure:
        raise failure[0]
    return result[0]
