"""What code and instances hold by name and people may change: defaults, attributes. Told so that ``why`` can name them.

Only what counts in the digest of the whole, too: nothing is told of an object that says itself what of it is pickled.
"""

from __future__ import annotations

import copyreg
import re
from collections.abc import Collection
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from helix_jupyter.fingerprint.digest import caches_of
from helix_jupyter.fingerprint.digest_code import CODE, MADE, class_parts, function_parts
from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.fingerprint.locality import Origin, origin

# with more of them people are told the whole alone
_MOST = 40
_ENUM = re.compile(r"\._[a-z0-9]\w*_")
_DEFAULTS = frozenset({".__defaults__", ".__kwdefaults__"})


@dataclass(frozen=True)
class Fields:
    """``named`` are the fields; ``kind`` is ``default`` or ``attribute``; ``rest`` is what else there is, by step."""

    kind: str
    named: dict[str, Any]
    rest: list[tuple[str, Any]]


def fields_of(value: Any) -> Fields | None:
    """The fields of a local function, a local class, or a plain instance of one; None where it has none."""
    found: Fields | None
    if is_a(value, FunctionType):
        found = _of_function(value)
    else:
        found = _of_class(value) if is_a(value, type) else _of_instance(value)
    return found if found is not None and 0 < len(found.named) <= _MOST else None


def _of_function(value: FunctionType) -> Fields:
    names = value.__code__.co_varnames[: value.__code__.co_argcount]
    defaults = value.__defaults__ or ()
    named = dict(zip(names[len(names) - len(defaults) :], defaults, strict=False)) | (value.__kwdefaults__ or {})
    return Fields("default", named, [(".__code__", value.__code__), *_without(function_parts(value), _DEFAULTS)])


def _of_class(value: type) -> Fields:
    # what Enum keeps beside its members says the same once more
    parts = [(step, held) for step, held in class_parts(value) if not _ENUM.fullmatch(step)]
    named = {step[1:]: held for step, held in parts if not step.startswith(".__") and type(held) not in CODE}
    return Fields("attribute", named, _without(parts, {f".{name}" for name in named}))


def _of_instance(value: Any) -> Fields | None:
    kind = type(value)
    if origin(kind.__module__) is not Origin.LOCAL or not _is_plain(kind):
        return None
    held = object.__getattribute__(value, "__dict__")
    if not all(type(name) is str for name in held):
        return None
    caches = caches_of(kind)
    return Fields("attribute", {name: one for name, one in held.items() if name not in caches}, [("", kind)])


def _is_plain(kind: type) -> bool:
    """Whether pickling takes an instance's attributes and nothing else, without any code of its own."""
    if kind in copyreg.dispatch_table or not _is_bare(kind):
        return False
    ways = ("__reduce_ex__", "__reduce__", "__getstate__", "__getattribute__")
    return all(_found(kind, name) is vars(object).get(name) for name in ways)


def _is_bare(kind: type) -> bool:
    """No base has content of its own (a ``list``, slots)."""
    return all(base is object or ("__slots__" not in vars(base) and base.__flags__ & MADE) for base in kind.__mro__)


def _found(kind: type, name: str) -> Any:
    return next((vars(base)[name] for base in kind.__mro__ if name in vars(base)), None)


def _without(parts: list[tuple[str, Any]], steps: Collection[str]) -> list[tuple[str, Any]]:
    return [part for part in parts if part[0] not in steps]
