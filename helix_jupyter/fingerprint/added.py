"""Own code among the attributes of what others made: methods and accessors of pandas' tables, functions of modules.

A plain cell may put it there (``DataFrame.hello = f``, ``math.sqrt = f``); a fresh kernel that does not run that cell
has the originals. Reads what is loaded; calls nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from operator import is_
from types import FunctionType, ModuleType
from typing import Any

from helix_jupyter.errors import Undigestable
from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.fingerprint.framing import digest_fields
from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.fingerprint.locality import Origin, origin
from helix_jupyter.fingerprint.types import Part

_TABLES = ("DataFrame", "Series", "Index")
_CODE = FunctionType | type
# namespaces as they were when nothing of one's own was in them, so that hundreds of names are looked at once
_plain: dict[str, dict[str, Any]] = {}


class Added:
    """The parts that such code is at one moment: each module is looked through once, when a node reaches it."""

    def __init__(self) -> None:
        self._by_module: dict[str, list[tuple[str | None, Part]]] = {}

    def within(self, modules: Iterable[str]) -> list[tuple[str | None, Part]]:
        """Those in ``modules``, each with the name that code calls it by.

        None stands for no name: pandas calls its own methods, so what was put into its tables acts unmentioned.
        """
        found: list[tuple[str | None, Part]] = []
        for module in modules:
            if module not in self._by_module:
                self._by_module[module] = [*_of_module(module)]
            found += self._by_module[module]
        return found


def _of_module(name: str) -> Iterator[tuple[str | None, Part]]:
    module = sys.modules.get(name)
    if not is_a(module, ModuleType) or origin(name) not in (Origin.THIRD_PARTY, Origin.PYTHON):
        return
    for kind in _TABLES if name == "pandas" else ():
        for member, held in _own(f"pandas.{kind}", vars(getattr(module, kind, object))):
            yield None, Part("function", f"{kind}.{member}", _digest(held))
    for member, held in _own(name, vars(module)):
        yield member, Part("function", f"{name}.{member}", _digest(held))


def _own(place: str, names: Mapping[str, Any]) -> list[tuple[str, Any]]:
    plain = _plain.get(place)
    if plain is not None and len(plain) == len(names) and all(map(is_, plain.values(), names.values())):
        return []
    now = dict(names)
    found = [(name, code) for name, held in now.items() if (code := _own_code(held)) is not None]
    if not found:
        _plain[place] = now
    return found


def _own_code(held: Any) -> FunctionType | type | None:
    """The local function or class that an attribute is, or an accessor or property is made of."""
    for code in (held,) if is_a(held, _CODE) else _made_of(held):
        if is_a(code, _CODE):
            home = code.__globals__.get("__name__") if is_a(code, FunctionType) else code.__module__
            # what a library makes with ``exec`` is nobody's either
            return code if home in sys.modules and origin(home) is Origin.LOCAL else None
    return None


def _made_of(held: Any) -> Iterator[Any]:
    for name in ("_accessor", "fget"):
        with suppress(AttributeError):  # past its own ``__getattr__``: that of ``ctypes.cdll`` looks for a library
            yield object.__getattribute__(held, name)


def _digest(code: Any) -> str:
    try:
        return digest(code, ordered=True)
    except Undigestable:
        return digest_fields(type(code).__qualname__)
