"""Caches of the project's memoised helpers (``functools``): emptied where others filled them, or from outside."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from operator import is_
from types import FunctionType, MethodType, ModuleType
from typing import Any
from weakref import WeakKeyDictionary

from helix_jupyter.errors import Undigestable
from helix_jupyter.fingerprint.capture import Captured
from helix_jupyter.fingerprint.digest import caches_of, digest
from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.fingerprint.loaded import loaded_modules
from helix_jupyter.fingerprint.locality import Origin, origin

_MEMOISED = type(functools.lru_cache(len))
_CODE = (FunctionType, MethodType, _MEMOISED)
# in the place of a digest: a cache that holds nothing was filled by nobody
_EMPTY = "empty"


@dataclass(frozen=True)
class _Filled:
    """Under which code a cache was filled (its digest; empty: it has none), and how often until a node was done."""

    code: str
    misses: int


class Memos:
    """Remembers how each cache came to hold what it holds.

    What a cache holds is no part of a node's key, so a node must not find there what an earlier constant or helper
    gave: a fresh kernel would not, and the result is recorded for it. Nor what another node, or a plain cell, read from
    a file: the node that finds it would not be known to rest on that file.

    A cache is asked how often it was filled, and only one that holds something for its code: once, until ``forget``
    says that the code may be another. What modules have is kept until then, too.
    """

    def __init__(self) -> None:
        self._filled: WeakKeyDictionary[Any, _Filled] = WeakKeyDictionary()
        self._properties: list[tuple[Any, str]] = []
        self._codes: dict[int, tuple[Any, str]] = {}
        # what a module had when it was looked through, and the caches among that
        self._members: dict[str, tuple[tuple[object, ...], tuple[Any, ...]]] = {}

    def forget(self) -> None:
        """Look anew from now on: a run is over, or what nodes captured has changed."""
        self._codes.clear()
        self._members.clear()

    def before(self, captured: Captured, modules: Iterable[str]) -> None:
        """Empty those caches that may hold results of other code or of plain cells, before a node runs that captured
        these things and imports these local modules itself."""
        for value in self._memoised(captured, modules):
            info = value.cache_info()
            code = self._code(value) if info.currsize else _EMPTY
            if code != _EMPTY and (not code or self._filled.get(value) != _Filled(code, info.misses)):
                value.cache_clear()
                code = _EMPTY
            self._filled[value] = _Filled(code, value.cache_info().misses)
        self._properties = [place for place in _cached_properties(captured) if place[1] not in vars(place[0])]

    def after(self, captured: Captured, modules: Iterable[str], apart: bool) -> None:
        """The node is done: what it filled is emptied again where others would not have filled it so.

        ``apart``: it looked outside itself, into a file, say, drew random numbers, or changed what it captured.
        """
        for value in self._memoised(captured, modules):
            before, misses = self._filled.get(value), value.cache_info().misses
            if before is not None and before.misses == misses:
                continue
            if apart:
                value.cache_clear()
                self._filled[value] = _Filled(_EMPTY, 0)
            elif before is not None:
                self._filled[value] = _Filled(self._code(value) if before.code == _EMPTY else before.code, misses)
        for owner, name in self._properties if apart else ():
            vars(owner).pop(name, None)
        self._properties = []

    def _code(self, value: Any) -> str:
        """The digest of the code that fills a cache; empty where it has none."""
        if id(value) not in self._codes:
            try:
                code = digest(value, ordered=True)
            except Undigestable:
                code = ""
            self._codes[id(value)] = value, code
        return self._codes[id(value)][1]

    def _memoised(self, captured: Captured, modules: Iterable[str]) -> Iterator[Any]:
        """The caches among what a node captured, in its classes, and in the local modules that it is from."""
        homes = (name for name in _names(captured).union(modules) if name in sys.modules)
        inside = (self._inside(name) for name in homes if origin(name) is Origin.LOCAL)
        return chain(_held(captured.reached.values()), *inside)

    def _inside(self, module: str) -> tuple[Any, ...]:
        has, known = _values(module), self._members.get(module)
        if known is None or len(known[0]) != len(has) or not all(map(is_, known[0], has)):
            known = self._members[module] = has, tuple(_held(_members(module)))
        return known[1]


def empty() -> None:
    """Empty the caches of all local modules, where nobody knows what filled them: in a worker process."""
    for value in _held(chain.from_iterable(map(_members, loaded_modules()))):
        value.cache_clear()


def _names(captured: Captured) -> set[str]:
    """Those that may be modules': ``a.b.f``, ``a.b`` and ``a``, since a definition's label leads to its module."""
    found: set[str] = set()
    names = {text for part in captured.parts for text in (part.label, part.detail)}
    while names:
        found |= names
        names = {name.rpartition(".")[0] for name in names} - found - {""}
    return found


def _held(values: Iterable[object]) -> Iterator[Any]:
    for value in values:
        function = getattr(value, "__func__", value) if is_a(value, MethodType) else value
        if is_a(function, _MEMOISED):
            yield function
        for kind in value.__mro__ if is_a(value, type) else _classes(function):
            if origin(kind.__module__) is Origin.LOCAL:
                for one in tuple(vars(kind).values()):
                    inner = one.__func__ if is_a(one, (staticmethod, classmethod)) else one
                    if is_a(inner, _MEMOISED):
                        yield inner


def _classes(value: object) -> tuple[type, ...]:
    return () if is_a(value, (*_CODE, ModuleType)) else type(value).__mro__


def _members(module: str) -> Iterator[object]:
    return (value for value in _values(module) if not is_a(value, type) or value.__module__ == module)


def _values(module: str) -> tuple[object, ...]:
    loaded = sys.modules.get(module)
    return tuple(vars(loaded).values()) if is_a(loaded, ModuleType) else ()


def _cached_properties(captured: Captured) -> Iterator[tuple[Any, str]]:
    """By the class alone: asking a ``functools.partial`` for its ``__dict__`` gives it one, and others raise."""
    for value in captured.reached.values():
        yield from ((value, name) for name in caches_of(type(value)))
