"""What was set on loaded local modules from outside since they were imported (``m.K = 2``, ``m.configure(2)``).

A module that a node imports itself counts by its text; what lies in memory is told beside it where it is another.
So the key is the same whether the module is loaded or not, as long as nobody sets anything. What nodes themselves
leave behind on a module does not count: a fresh kernel would not have it before the node.
Reads values; changes none, and calls nothing of theirs but what their digest needs.
"""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

from helix_jupyter.errors import Undigestable
from helix_jupyter.fingerprint.digest import Walk, digest
from helix_jupyter.fingerprint.digest_code import CLASS_PLUMBING, own_class, own_function
from helix_jupyter.fingerprint.framing import digest_fields
from helix_jupyter.fingerprint.locality import HOSTS, Origin, origin
from helix_jupyter.fingerprint.scalars import SCALARS

_ABSENT = object()
# a token that is made when it is asked for: the object tells without being read whether it is what it was
_LATER = b"later"
_PLUMBING = ("__builtins__", "__cached__", "__loader__", "__spec__", "__file__", "__path__", "__doc__")
# what a class holds and what tells all by being the same object
_WHOLE = (FunctionType, BuiltinFunctionType, property, staticmethod, classmethod, *SCALARS)
_PROCESS = uuid.uuid4().hex


@dataclass(frozen=True)
class _Held:
    """What a module held under a name: kept, so that the same object is known at once.

    ``marks`` are what tells without reading it that it is unchanged (None: its content must be read). ``loaded`` is
    the token of what the import gave, ``token`` that of ``value``, which counts as ``told`` (empty: as the text gives).
    """

    value: object
    marks: tuple[object, ...] | None
    token: bytes | None
    loaded: bytes | None
    told: str = ""

    def is_unchanged(self, value: object) -> bool:
        return self.value is value and self.marks is not None and _same(self.marks, _marks(value))

    def latest(self) -> bytes | None:
        """The token of what the name stood for."""
        if self.token != _LATER:
            return self.token
        return _token(self.value) if self.is_unchanged(self.value) else None

    def original(self) -> bytes | None:
        """The token of what the import gave."""
        return self.latest() if self.loaded == _LATER else self.loaded


@dataclass
class _Module:
    """``patched``: its functions and classes were given new text in place, and were not looked at since."""

    namespace: Mapping[str, Any]
    held: dict[str, _Held]
    patched: bool = False


_modules: dict[str, _Module] = {}


def note_loaded(modules: Iterable[ModuleType]) -> None:
    """Take what modules hold now for what their text gives."""
    for module in modules:
        if module.__name__.partition(".")[0] in HOSTS:
            continue
        earlier = _modules.get(module.__name__)
        known = earlier.held if earlier is not None and earlier.namespace is vars(module) else {}
        held = {name: _hold(value) for name, value in vars(module).copy().items() if name not in _PLUMBING}
        for name, one in held.items():
            # set from outside, and left alone by a reload
            if name in known and known[name].value is one.value and known[name].told:
                held[name] = replace(one, told=known[name].told)
        _modules[module.__name__] = _Module(vars(module), held)


def note_patched(name: str) -> None:
    """Take note that a module's functions and classes are given new text in place, now."""
    if name in _modules:
        _modules[name].patched = True


def names_of(module: str) -> tuple[str, ...]:
    """All names of a loaded module, and those that it had."""
    known = _known(module)
    return () if known is None else tuple({**known.held, **dict.fromkeys(known.namespace)})


def set_since(module: str, name: str) -> tuple[str, object] | None:
    """The digest and the value of what ``name`` stands for, if that was set since the module was loaded."""
    known = _known(module)
    if known is None or name in _PLUMBING:
        return None
    value = known.namespace.get(name, _ABSENT)
    told = _told(known.held.get(name), value)
    return (told, value) if told else None


def any_set(modules: Iterable[str]) -> bool:
    """Whether something was set on one of ``modules``."""
    return any(set_since(module, name) for module in modules for name in names_of(module))


@contextmanager
def left_alone(modules: Collection[str]) -> Iterator[None]:
    """What is set on ``modules`` meanwhile does not count: a node does it, as it would in a fresh kernel."""
    before = {
        (module, name): _told(known.held.get(name), known.namespace.get(name, _ABSENT))
        for module in modules
        if (known := _known(module)) is not None
        for name in names_of(module)
    }
    try:
        yield
    finally:
        for module in modules:
            known = _known(module)
            for name in names_of(module):
                if known is not None and name not in _PLUMBING:
                    _leave(known, name, before.get((module, name), ""))


def _leave(known: _Module, name: str, told: str) -> None:
    value, one = known.namespace.get(name, _ABSENT), known.held.get(name)
    if _told(one, value) != told:
        now = _hold(value)
        known.held[name] = replace(now, loaded=one.original() if one is not None else _token(_ABSENT), told=told)


def _known(module: str) -> _Module | None:
    known = _modules.get(module)
    if known is None or getattr(sys.modules.get(module), "__dict__", None) is not known.namespace:
        return None
    if known.patched:
        known.patched = False
        for name, value in known.namespace.items():
            if name in known.held and isinstance(value, FunctionType | type):
                known.held[name] = replace(_hold(value), told=known.held[name].told)
    return known


def _told(one: _Held | None, value: object) -> str:
    if one is None:
        return "" if value is _ABSENT or _is_submodule(value) else _digest(value)
    if one.is_unchanged(value):
        return one.told
    token = _token(value)
    if token == one.latest() if token is not None else value is one.value:
        return one.told
    return "" if token is not None and token == one.original() else _digest(value)


def _is_submodule(value: object) -> bool:
    """Importing a package's module sets its name on the package."""
    return isinstance(value, ModuleType)


def _hold(value: object) -> _Held:
    marks = _marks(value)
    token = _token(value) if marks is None else _LATER
    return _Held(value, marks, token, token)


def _digest(value: object) -> str:
    if value is _ABSENT:
        return digest_fields("deleted")
    try:
        return digest(value)
    except Undigestable:
        return digest_fields("undigestable", _PROCESS, str(id(value)))


def _token(value: object) -> bytes | None:
    if value is _ABSENT:
        return b"absent"
    way: Callable[[Walk, Any], bytes] | None = None
    if isinstance(value, FunctionType | type) and origin(_home(value)) is Origin.LOCAL:
        way = own_class if isinstance(value, type) else own_function
    walk = Walk(by_name=True)
    try:
        return walk.token(value) if way is None else walk.guard(value, way)
    except Exception:  # values may raise anything when they are taken apart
        return None


def _home(value: Any) -> str | None:
    name = value.__globals__.get("__name__") if isinstance(value, FunctionType) else value.__module__
    return name if isinstance(name, str) else None


def _marks(value: Any) -> tuple[object, ...] | None:
    if type(value) in SCALARS or isinstance(value, ModuleType | BuiltinFunctionType):
        return ()
    if isinstance(value, FunctionType | type) and origin(_home(value)) is not Origin.LOCAL:
        return ()
    if isinstance(value, FunctionType) and value.__closure__ is None and not value.__dict__:
        return value.__code__, value.__defaults__, value.__kwdefaults__
    if isinstance(value, type):
        held = {name: one for name, one in vars(value).items() if name not in CLASS_PLUMBING}
        if all(isinstance(one, _WHOLE) for one in held.values()):
            return *held, *value.__bases__, *held.values()
    return None


def _same(one: tuple[object, ...], other: tuple[object, ...] | None) -> bool:
    return other is not None and len(one) == len(other) and all(map(_is, one, other))


def _is(one: object, other: object) -> bool:
    return one is other or (type(one) is str and one == other)
