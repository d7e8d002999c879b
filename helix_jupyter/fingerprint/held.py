"""A value as somebody held it, so that it is known later whether it is still what it was.

Reads values and calls nothing of theirs but what their digest needs. Of code that stands under a name of its own only
what it holds itself is told: what it reaches is asked for by name.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import chain
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any, NoReturn

from xxhash import xxh3_128

from helix_jupyter.fingerprint.digest import Walk
from helix_jupyter.fingerprint.digest_code import class_members, own_class, own_function, registered_with
from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.fingerprint.locality import Origin, origin
from helix_jupyter.fingerprint.scalars import SCALARS

ABSENT = object()
# a token that is made when it is asked for: the object tells without being read whether it is what it was
_LATER = b"later"
# a value of these is what it is as long as it is the same object
_FIXED = SCALARS.keys() - {bytearray}
_CONTAINERS = frozenset({list, tuple, dict, set, frozenset, bytearray})
_CHANGING = _CONTAINERS | {ContextVar}


@dataclass(frozen=True)
class Held:
    """What a name stood for: kept, so that the same object is known at once.

    ``marks`` are what tells that it is unchanged without making a token of it (None: nothing does). ``loaded`` is
    the token of what the import gave, ``token`` that of ``value``, which counts as ``told`` (empty: as the text gives).
    """

    value: object
    marks: tuple[object, ...] | None
    token: bytes | None
    loaded: bytes | None
    told: str = ""

    def is_unchanged(self, value: object) -> bool:
        return self.value is value and self.marks is not None and _same(self.marks, _marks(value))

    @property
    def is_read(self) -> bool:
        """Whether telling that it is unchanged takes reading it."""
        return self.marks is None or type(self.value) in _CONTAINERS

    def latest(self) -> bytes | None:
        """The token of what the name stood for."""
        if self.token != _LATER:
            return self.token
        return token_of(self.value) if self.is_unchanged(self.value) else None

    def original(self) -> bytes | None:
        """The token of what the import gave."""
        return self.latest() if self.loaded == _LATER else self.loaded


def hold(value: object) -> Held:
    marks = _marks(value)
    # what may be changed in place: what it was is to be told then
    token = token_of(value) if marks is None or type(value) in _CHANGING else _LATER
    return Held(value, marks, token, token)


def token_of(value: Any) -> bytes | None:
    if value is ABSENT:
        return b"absent"
    walk = Walk(by_name=True)
    try:
        if is_a(value, FunctionType | type) and origin(_home(value)) is Origin.LOCAL:
            return walk.guard(value, own_class if is_a(value, type) else own_function)
        return walk.token(value)
    except Exception:  # values may raise anything when they are taken apart
        return None


def _home(value: Any) -> str | None:
    name = (
        value.__globals__.get("__name__") if is_a(value, FunctionType) else type.__getattribute__(value, "__module__")
    )
    return name if isinstance(name, str) else None


def _marks(value: Any) -> tuple[object, ...] | None:
    if type(value) in _CONTAINERS:
        return _marks_of_container(value)
    if type(value) in _FIXED or is_a(value, ModuleType):
        return ()
    if type(value) is ContextVar:
        return _marks_of_context(value)
    if is_a(value, BuiltinFunctionType):
        return () if value.__self__ is None or is_a(value.__self__, ModuleType) else None
    if not is_a(value, FunctionType | type):
        return None
    if origin(_home(value)) is not Origin.LOCAL:
        # what decorates may hold what is one's own (``singledispatch``)
        return None if is_a(value, FunctionType) and (value.__closure__ is not None or value.__dict__) else ()
    return _marks_of_class(value) if is_a(value, type) else _marks_of_function(value)


def _marks_of_container(value: Any) -> tuple[object, ...] | None:
    """A digest of what pickle writes of plain values, in a fifth of the time that its token takes."""
    content = xxh3_128()
    pickler = _Plain(_Sink(content.update), 5)
    pickler.fast = True  # remembers nothing: which equal objects are one does not count
    try:
        pickler.dump(value)
    except Exception:  # something else is in it, or it is in itself
        return None
    return (content.digest(),)


@dataclass(frozen=True)
class _Sink:
    write: Callable[[bytes], None]


class _Plain(pickle.Pickler):
    def reducer_override(self, obj: object) -> NoReturn:
        """Asked of all that is no plain value."""
        raise pickle.PicklingError


def _marks_of_context(value: ContextVar[Any]) -> tuple[object, ...] | None:
    try:
        content = value.get()
    except LookupError:  # neither set here nor given a default
        content = ABSENT
    return (content,) if content is ABSENT or type(content) in _FIXED else None


def _marks_of_function(value: FunctionType) -> tuple[object, ...] | None:
    defaults, named = value.__defaults__ or (), value.__kwdefaults__ or {}
    given = (*defaults, *named.values())
    if value.__closure__ is not None or value.__dict__ or not all(type(one) in _FIXED for one in given):
        return None
    return value.__code__, len(defaults), *named, *given


def _marks_of_class(value: type) -> tuple[object, ...] | None:
    held = class_members(value)
    marks = []
    for one in chain.from_iterable(map(_inside, held.values())):
        each = None if is_a(one, type) or type(one) in _CONTAINERS else _marks(one)
        if each is None:
            return None
        marks += [one, *each]
    return *held, *value.__bases__, *held.values(), *marks, *registered_with(value)


def _inside(member: Any) -> tuple[object, ...]:
    if type(member) is property:
        return member.fget, member.fset, member.fdel
    return (member.__func__,) if type(member) in (staticmethod, classmethod) else (member,)


def _same(one: tuple[object, ...], other: tuple[object, ...] | None) -> bool:
    return other is not None and len(one) == len(other) and all(map(_same_mark, one, other))


def _same_mark(one: object, other: object) -> bool:
    return one is other or (type(one) is type(other) and type(one) in (str, int, bytes) and one == other)
