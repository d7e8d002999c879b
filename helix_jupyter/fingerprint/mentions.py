"""Which names a node's own code and its helpers mention: whether options can matter that shape text or pictures only.

Compiles the code and runs none of it.
"""

from __future__ import annotations

import ast
import dis
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType, FunctionType

from helix_jupyter.fingerprint.capture import Captured
from helix_jupyter.fingerprint.locality import Origin, origin

_FORMATTING = frozenset(number for name, number in dis.opmap.items() if name.startswith(("FORMAT_", "CONVERT_VALUE")))
# parts that stand for code of which no more is known here than its digest
_CODE = frozenset({"class", "helper", "source", "name"})


def mentions(code: str, captured: Captured) -> frozenset[str] | None:
    """The names and attributes that a cell and the functions of the notebook behind it mention.

    ``format`` stands for f-strings and ``%`` as well. None where code is reached that cannot be looked through so:
    classes, local modules, functions within others, magics, code in strings.
    """
    if "get_ipython" in code:
        return None
    found = set(_of_cell(code))
    for part in captured.parts:
        if part.kind in _CODE:
            return None
        if part.kind == "function":
            value = captured.reached.get(part.label)
            if not isinstance(value, FunctionType):
                return None
            found |= _of_code(value.__code__)
    if any(origin(type(value).__module__) is Origin.LOCAL for value in captured.reached.values()):
        return None
    return None if found & {"eval", "exec"} else frozenset(found)


@lru_cache(maxsize=4096)
def _of_cell(code: str) -> frozenset[str]:
    return _of_code(compile(code, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True))


def _of_code(code: CodeType) -> frozenset[str]:
    found: set[str] = set()
    for one in _nested(code):
        texts = [constant for constant in one.co_consts if isinstance(constant, str)]
        found.update(one.co_names, texts)
        if any("%" in text for text in texts) or not _FORMATTING.isdisjoint(one.co_code[::2]):
            found.add("format")
    return frozenset(found)


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)
