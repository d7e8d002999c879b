"""Digest rules of code as a value: functions, methods, classes, modules. Lists what else has to be followed.

Local code is told by content, in place (``Walk.by_name``: by its name, where that finds it); what its globals
reach is not told here but listed in ``Walk.references``. Third-party code is told by name; its version is for
whoever asked.
"""

from __future__ import annotations

import abc
import sys
from abc import ABCMeta
from enum import EnumMeta
from types import (
    BuiltinFunctionType,
    ClassMethodDescriptorType,
    CodeType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodType,
    MethodWrapperType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import TYPE_CHECKING, Any

from helix_jupyter.errors import Undigestable
from helix_jupyter.fingerprint.code import code_digest
from helix_jupyter.fingerprint.framing import frame, seal
from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.fingerprint.locality import Origin, origin

if TYPE_CHECKING:
    from helix_jupyter.fingerprint.digest import Walk

_DESCRIPTORS = (
    ClassMethodDescriptorType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    WrapperDescriptorType,
)
# what every class has, what follows from the rest, and what says where the text stands
CLASS_PLUMBING = frozenset(
    {
        *("__dict__", "__weakref__", "__doc__", "__module__", "__qualname__", "__firstlineno__"),
        *("__static_attributes__", "__abstractmethods__", "_abc_impl"),
        *("__annotations_cache__", "__conditional_annotations__"),
        "__slotnames__",  # copyreg leaves it on a class when the first instance is pickled
    }
)


def type_token(walk: Walk, kind: type) -> bytes:
    """The token of a value's class."""
    return walk.tell(kind)


def code_token(walk: Walk, value: Any) -> bytes:
    """The token of a function, method, class, module, descriptor or code object."""
    if is_a(value, type):
        return _class(walk, value)
    token: bytes = _TOKENS[type(value)](walk, value)
    return token


def _named(walk: Walk, kind: str, module: str | None, name: str) -> bytes:
    if origin(module) is Origin.THIRD_PARTY:
        walk.modules.add(str(module).partition(".")[0])
    return frame(kind, str(module).encode()) + frame("name", name.encode())


def found_by_name(value: Any, module: str | None) -> bool:
    """Whether the value's module and qualified name lead to this very object."""
    return _named_so(value, module) is value


def counterpart(value: Any, module: str | None) -> Any:
    """What the value's module and qualified name lead to, if it is the value or a function that does the same.

    A table of functions holds those of the time when it was filled: the definition may have run again since, with
    nothing changed or with the old object patched (%autoreload). A fresh kernel has one object for both. None: neither.
    """
    found = _named_so(value, module)
    if found is value:
        return value
    if not (is_a(value, FunctionType) and is_a(found, FunctionType)) or id(value) in _compared:
        return None
    if value.__globals__ is not found.__globals__ or code_digest(value.__code__) != code_digest(found.__code__):
        return None
    _compared.add(id(value))
    try:
        own = _own_digest(value)
        return found if own is not None and own == _own_digest(found) else None
    finally:
        _compared.discard(id(value))


# functions that hold themselves must not be compared for ever
_compared: set[int] = set()


def _own_digest(value: FunctionType) -> bytes | None:
    from helix_jupyter.fingerprint.digest import Walk

    try:
        return Walk(by_name=True, ordered=True).guard(value, own_function)
    except Undigestable:
        return None


def _named_so(value: Any, module: str | None) -> Any:
    found: Any = value.__globals__ if is_a(value, FunctionType) else vars(sys.modules.get(module or "", sys))
    for name in value.__qualname__.split("."):
        found = found.get(name) if is_a(found, dict) else vars(found).get(name) if is_a(found, type) else None
        found = getattr(found, "__func__", found) if is_a(found, staticmethod | classmethod) else found
    return found


def _function(walk: Walk, value: Any) -> bytes:
    module = value.__globals__.get("__name__")
    whose = origin(module)
    if whose is Origin.HOST and hasattr(value, "__wrapped__"):
        return walk.tell(value.__wrapped__)
    if value.__code__.co_qualname == "singledispatch.<locals>.wrapper" and hasattr(value, "registry"):
        # not by its closure, which holds a cache that fills as it is called
        return seal(
            "singledispatch",
            walk.parts([(".registry", dict(value.registry)), (".__wrapped__", value.__wrapped__)]),
        )
    if whose is not Origin.LOCAL:
        if _is_exported(value):  # by a name that its decorator gave it, the same for all of them in the code
            return _named(walk, "function", value.__module__, value.__qualname__)
        told = _named(walk, "function", module, value.__code__.co_qualname)
        return told if found_by_name(value, module) else told + seal("held", walk.parts(function_parts(value)))
    found = counterpart(value, module) if walk.by_name else None
    if found is not None:
        walk.references.append(found)
        return _named(walk, "function", module, value.__qualname__)
    walk.references.append(value)
    return own_function(walk, value)


def _is_exported(value: FunctionType) -> bool:
    """Whether an installed module (not the decorator's) holds a decorated function under its name, as it is."""
    module = value.__module__
    if "__wrapped__" not in value.__dict__ or origin(module) is not Origin.THIRD_PARTY:
        return False
    return vars(sys.modules.get(module, sys)).get(value.__qualname__) is value


def own_function(walk: Walk, value: FunctionType) -> bytes:
    """The token of a function's code and of what it holds, never of what its globals reach."""
    return seal("function", code_digest(value.__code__) + walk.parts(function_parts(value)))


def function_parts(value: FunctionType) -> list[tuple[str, Any]]:
    """What a function holds besides its code."""
    closure = dict(zip(value.__code__.co_freevars, value.__closure__ or (), strict=True))
    return [
        # the compiled code tells the name of the definition; pandas shows the one that was set
        *([(".__name__", value.__name__)] if value.__name__ != value.__code__.co_name else []),
        (".__defaults__", value.__defaults__),
        (".__kwdefaults__", value.__kwdefaults__),
        *((f" closure {name}", cell) for name, cell in closure.items()),
        ("", {name: held for name, held in value.__dict__.items() if name not in _MARKS}),
    ]


_MARKS = frozenset({"__isabstractmethod__", "__doc__"})


# Py_TPFLAGS_HEAPTYPE: made at run time
MADE = 1 << 9


def _class(walk: Walk, value: type) -> bytes:
    whose = origin(value.__module__)
    if whose is Origin.PYTHON and value.__flags__ & MADE and not found_by_name(value, value.__module__):
        return own_class(walk, value)  # dataclasses.make_dataclass puts its classes into Python's own modules
    if whose is not Origin.LOCAL:
        return _named(walk, "class", value.__module__, value.__qualname__)
    walk.references.append(value)
    if walk.by_name and found_by_name(value, value.__module__):
        return _named(walk, "class", value.__module__, value.__qualname__)
    return own_class(walk, value)


def own_class(walk: Walk, value: type) -> bytes:
    """The token of a class by its bases and attributes.

    Their order counts where the class is captured, and not within a stored value: cloudpickle sorts them.
    """
    order = _attribute_order(value) if walk.by_name and walk.ordered else b""
    return seal("class", frame("name", value.__qualname__.encode()) + order + walk.parts(class_parts(value)))


def _attribute_order(value: type) -> bytes:
    """The token of the order of a class's attributes, methods left out: ``vars`` shows it."""
    names = (name for name, held in vars(value).items() if not name.startswith("__") and type(held) not in CODE)
    return seal("order", b"".join(frame("name", name.encode()) for name in names))


def class_members(value: type) -> dict[str, Any]:
    """What a class holds by name; text, plumbing and what Python leaves on it when it is used are left out."""
    held = {name: one for name, one in vars(value).items() if name not in CLASS_PLUMBING}
    if not held.get("__annotations__", True):  # empty ones, when somebody asks a class that has none
        del held["__annotations__"]
    if is_a(value, EnumMeta):  # combinations of flags, when they are first asked for
        held.pop("_value2member_map_", None)
    if "__init__" in held and held["__init__"] is _init_below_protocol(value):
        del held["__init__"]
    return held


def class_parts(value: type) -> list[tuple[str, Any]]:
    """What a class is made of: metaclass, bases and attributes."""
    held, registered = class_members(value), registered_with(value)
    return [
        (".__class__", type(value)),
        (".__bases__", value.__bases__),
        *([(".register", registered)] if registered else []),
        *((f".{name}", held[name]) for name in sorted(held)),
    ]


def _init_below_protocol(value: type) -> Any:
    """What Python puts into a class below a ``Protocol`` when its first instance is made; None for other classes."""
    above = [vars(base)["__init__"] for base in value.__mro__[1:] if "__init__" in vars(base)]
    real = [one for one in above if getattr(one, "__name__", "") != "_no_init_or_replace_init"]
    return real[0] if len(real) < len(above) else None


def registered_with(value: type) -> list[str]:
    """The names of the classes that were registered with an abstract one, which ``isinstance`` asks; none elsewhere.

    Python keeps them where only a function of its own, made for debugging, gets at them (cloudpickle asks it, too).
    """
    if not is_a(value, ABCMeta):
        return []
    found = (reference() for reference in abc._get_dump(value)[0])  # type: ignore[attr-defined]
    return sorted(f"{one.__module__}.{one.__qualname__}" for one in found if one is not None)


def _module(walk: Walk, value: ModuleType) -> bytes:
    if origin(value.__name__) is Origin.LOCAL:
        walk.references.append(value)
    return _named(walk, "module", value.__name__, "")


def _bound(walk: Walk, value: Any) -> bytes:
    owner = value.__self__
    if origin(type(owner).__module__) is Origin.HOST:
        return frame("host", value.__name__.encode())
    return seal("method", walk.parts([(".__func__", value.__func__), (".__self__", owner)]))


def _builtin(walk: Walk, value: Any) -> bytes:
    owner = value.__self__
    if owner is None or is_a(owner, ModuleType):
        return _named(walk, "builtin", value.__module__, value.__qualname__)
    return seal("builtin", frame("name", value.__name__.encode()) + walk.parts([(".__self__", owner)]))


def _descriptor(walk: Walk, value: Any) -> bytes:
    return seal(
        "descriptor",
        frame("name", value.__name__.encode()) + walk.parts([(".__objclass__", value.__objclass__)]),
    )


def _wrapped(walk: Walk, value: Any) -> bytes:
    return seal(type(value).__name__, walk.step(value.__func__, ""))


def _property(walk: Walk, value: property) -> bytes:
    return seal("property", walk.parts([("", value.fget), (".setter", value.fset), (".deleter", value.fdel)]))


def _code(walk: Walk, value: CodeType) -> bytes:
    return code_digest(value)


_TOKENS: dict[type, Any] = {
    FunctionType: _function,
    MethodType: _bound,
    BuiltinFunctionType: _builtin,
    MethodWrapperType: _builtin,
    ModuleType: _module,
    CodeType: _code,
    property: _property,
    staticmethod: _wrapped,
    classmethod: _wrapped,
    **dict.fromkeys(_DESCRIPTORS, _descriptor),
}
CODE = frozenset(_TOKENS)
