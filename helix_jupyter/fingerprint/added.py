"""Own code among the attributes of what others made: methods and accessors of pandas' tables, functions of modules.

A plain cell may put it there (``DataFrame.hello = f``, ``math.sqrt = f``); a fresh kernel that does not run that cell
has the originals. Reads what is loaded; calls nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
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
# namespaces as they were when nothing of one's own was in them, so that hundreds of names are looked at once
_plain: dict[str, dict[str, Any]] = {}


class Added:
    """The parts that such code is, made once for all nodes of one look; ``modules`` are all that nodes reach."""

    def __init__(self, modules: Iterable[str]) -> None:
        self._of_tables = tuple(_of_tables())
        self._by_module = {name: found for name in modules if (found := dict(_of_module(name)))}

    def __bool__(self) -> bool:
        return bool(self._of_tables or self._by_module)

    def of(self, modules: Iterable[str], mentioned: Collection[str] | None) -> Iterator[Part]:
        """Those of a node that reaches ``modules`` and mentions the names ``mentioned`` (None: any).

        Pandas calls its own methods by name: what was put into its tables acts without being mentioned.
        """
        for module in modules:
            if module == "pandas":
                yield from self._of_tables
            for name, part in self._by_module.get(module, {}).items():
                if mentioned is None or name in mentioned:
                    yield part


def _of_tables() -> Iterator[Part]:
    pandas = sys.modules.get("pandas")
    for kind in _TABLES:
        for name, held in _own(f"pandas.{kind}", vars(getattr(pandas, kind, object))):
            yield Part("function", f"{kind}.{name}", _digest(held))


def _of_module(name: str) -> Iterator[tuple[str, Part]]:
    module = sys.modules.get(name)
    if is_a(module, ModuleType) and origin(name) in (Origin.THIRD_PARTY, Origin.PYTHON):
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
    for code in (held, *_made_of(held)):
        if is_a(code, FunctionType | type):
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
