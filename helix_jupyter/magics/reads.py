"""The names that a plain cell reads, those that it reads through the notebook's own functions included.

Reads the cell's code and the code of functions; values are not looked at, so a large one costs nothing.
"""

from __future__ import annotations

import dis
import inspect
from collections.abc import Iterable, Iterator, Mapping
from types import CodeType, FunctionType
from typing import Any

from helix_jupyter.session.declaring import reads_of

_GLOBAL_READS = frozenset({"LOAD_GLOBAL", "LOAD_NAME"})


def names_read(code: str, namespace: Mapping[str, Any]) -> frozenset[str]:
    """All names of ``namespace`` that a cell with this code may read, now or in a function that it calls."""
    found: set[str] = set()
    waiting = list(reads_of(code))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(_read_inside(namespace.get(name), namespace))
    return frozenset(found)


def _read_inside(value: object, namespace: Mapping[str, Any]) -> Iterator[str]:
    for function in _functions(value):
        if function.__globals__ is namespace:
            yield from _globals_of(function.__code__)


def _functions(value: object) -> Iterable[FunctionType]:
    if isinstance(value, FunctionType):
        return (value, wrapped) if isinstance(wrapped := inspect.unwrap(value), FunctionType) else (value,)
    if isinstance(value, type):
        return [method for method in vars(value).values() if isinstance(method, FunctionType)]
    return ()


def _globals_of(code: CodeType) -> Iterator[str]:
    for instruction in dis.get_instructions(code):
        if instruction.opname in _GLOBAL_READS:
            yield instruction.argval
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _globals_of(constant)
