"""Which names a node's own code and its helpers mention: whether options can matter that shape text or pictures only.

Compiles the code and runs none of it.
"""

from __future__ import annotations

import ast
import dis
from collections.abc import Iterable, Iterator
from functools import lru_cache
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, MethodDescriptorType, ModuleType
from typing import Any

from helix_jupyter.fingerprint.capture import Captured
from helix_jupyter.fingerprint.digest_code import function_parts
from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.fingerprint.locality import Origin, origin
from helix_jupyter.fingerprint.scalars import SCALARS
from helix_jupyter.fingerprint.types import Part

_FORMATTING = frozenset(number for name, number in dis.opmap.items() if name.startswith(("FORMAT_", "CONVERT_VALUE")))
# parts that stand for code of which no more is known here than its digest
_CODE = frozenset({"class", "helper", "source", "name"})
_NAMED = frozenset({type, BuiltinFunctionType, MethodDescriptorType})
# with more of them nobody looks for code among a value's elements
_MOST = 1000
_UNKNOWN = frozenset({"eval", "exec", "get_ipython"})
_found: dict[tuple[str, tuple[Part, ...]], frozenset[str] | None] = {}


def mentions(code: str, captured: Captured) -> frozenset[str] | None:
    """The names and attributes that a cell and the functions of the notebook behind it mention, and the texts in them.

    ``format`` stands for f-strings and ``%`` as well. None where code is reached that cannot be looked through so:
    classes, local modules, magics, code in strings.
    """
    # what was captured is told by its parts, code included: equal ones mention the same
    mark = code, captured.parts
    if mark not in _found:
        if len(_found) > _LARGEST:
            _found.clear()
        _found[mark] = _mentions(code, captured)
    return _found[mark]


_LARGEST = 4096


def _mentions(code: str, captured: Captured) -> frozenset[str] | None:
    functions = (part.label for part in captured.parts if part.kind == "function")
    others = {label for label, value in captured.reached.items() if _is_others_class(value)}
    is_code = any(part.kind in _CODE and part.label not in others for part in captured.parts)
    if is_code or not captured.reached.keys() >= set(functions):
        return None
    held = _of_values(captured.reached.values())
    found = None if held is None else held | mentions_of_cell(code)
    return None if found is None or not _UNKNOWN.isdisjoint(found) else found


@lru_cache(maxsize=4096)
def mentions_of_cell(code: str) -> frozenset[str]:
    """The same of a cell alone."""
    return frozenset(_of_code(compile(code, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)))


def _of_values(values: Iterable[Any]) -> frozenset[str] | None:
    """What functions mention, with their defaults, closures and what they wrap; texts, and names of others' code."""
    found: set[str] = set()
    waiting, seen = list(values), dict[int, Any]()
    while waiting:
        value = waiting.pop()
        kind = type(value)
        if kind is str:
            found.add(value)
        if kind in SCALARS or kind is ModuleType or id(value) in seen:
            continue
        seen[id(value)] = value
        if kind is FunctionType and origin(value.__globals__.get("__name__")) is Origin.LOCAL:
            found |= _of_code(value.__code__)
            waiting += (part for _, part in function_parts(value))
        elif kind in _NAMED or kind is FunctionType or _is_others_class(value):
            found |= _words(value)
        elif kind is CellType:
            waiting += _content(value)
        elif kind in (list, tuple, set, frozenset, dict):
            if len(value) > _MOST:
                continue
            waiting += (*value, *value.values()) if kind is dict else value
        elif (whose := origin(kind.__module__)) is Origin.LOCAL or (whose is Origin.PYTHON and callable(value)):
            return None
    return frozenset(found)


def _is_others_class(value: Any) -> bool:
    return is_a(value, type) and origin(value.__module__) in (Origin.THIRD_PARTY, Origin.PYTHON)


def _words(value: Any) -> set[str]:
    """The name of what others made, and what it consists of: ``plot_tree`` draws, as what comes from ``_plot`` does."""
    home = getattr(value, "__module__", None) or ""
    return {value.__name__, *value.__name__.split("_"), *home.replace("_", ".").split(".")}


def _content(cell: CellType) -> tuple[Any, ...]:
    try:
        return (cell.cell_contents,)
    except ValueError:  # nothing was assigned so far
        return ()


def _of_code(code: CodeType) -> set[str]:
    found: set[str] = set()
    for one in _nested(code):
        texts = [constant for constant in one.co_consts if isinstance(constant, str)]
        found.update(one.co_names, texts)
        if any("%" in text for text in texts) or not _FORMATTING.isdisjoint(one.co_code[::2]):
            found.add("format")
    return found


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)
