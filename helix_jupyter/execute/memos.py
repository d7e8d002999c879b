"""Caches of the project's memoised helpers (``functools``): emptied where others filled them, or from outside."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from types import FunctionType, MethodType, ModuleType
from typing import Any
from weakref import WeakKeyDictionary

from helix_jupyter.errors import Undigestable
from helix_jupyter.fingerprint.capture import Captured
from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.fingerprint.loaded import loaded_modules
from helix_jupyter.fingerprint.locality import Origin, origin

_MEMOISED = type(functools.lru_cache(len))
_CODE = (FunctionType, MethodType, _MEMOISED)


@dataclass(frozen=True)
class _Filled:
    """Under which code a cache was filled, and how often until a node was done."""

    code: str
    misses: int


class Memos:
    """Remembers how each cache came to hold what it holds.

    What a cache holds is no part of a node's key, so a node must not find there what an earlier constant or helper
    gave: a fresh kernel would not, and the result is recorded for it. Nor what another node, or a plain cell, read from
    a file: the node that finds it would not be known to rest on that file.
    """

    def __init__(self) -> None:
        self._filled: WeakKeyDictionary[Any, _Filled] = WeakKeyDictionary()
        self._properties: list[tuple[Any, str]] = []

    def before(self, captured: Captured, modules: Iterable[str]) -> None:
        """Empty those caches that may hold results of other code or of plain cells, before a node runs that captured
        these things and imports these local modules itself."""
        for value in _memoised(captured, modules):
            try:
                code = digest(value, ordered=True)
            except Undigestable:
                code = ""
            if not code or self._filled.get(value) != _Filled(code, value.cache_info().misses):
                value.cache_clear()
            self._filled[value] = _Filled(code, value.cache_info().misses)
        self._properties = [place for place in _cached_properties(captured) if place[1] not in vars(place[0])]

    def after(self, captured: Captured, modules: Iterable[str], looked_outside: bool) -> None:
        """The node is done: what it filled is emptied again if it ``looked_outside`` itself, into a file, say, or drew
        random numbers."""
        for value in _memoised(captured, modules):
            before = self._filled.get(value)
            if looked_outside and (before is None or before.misses != value.cache_info().misses):
                value.cache_clear()
            if before is not None:
                self._filled[value] = _Filled(before.code, value.cache_info().misses)
        for owner, name in self._properties if looked_outside else ():
            vars(owner).pop(name, None)
        self._properties = []


def empty() -> None:
    """Empty the caches of all local modules, where nobody knows what filled them: in a worker process."""
    for value in _held(chain.from_iterable(map(_members, loaded_modules()))):
        value.cache_clear()


def _memoised(captured: Captured, modules: Iterable[str]) -> Iterator[Any]:
    """The caches among what a node captured, in its classes, and in the local modules that it is from."""
    texts = {text for part in captured.parts for text in (part.label, part.detail)}
    homes = {name for text in texts for name in _prefixes(text) if name in sys.modules} | set(modules)
    local = (name for name in homes if origin(name) is Origin.LOCAL)
    return _held(chain(captured.reached.values(), *map(_members, local)))


def _prefixes(text: str) -> Iterator[str]:
    """``a.b.f``, ``a.b`` and ``a``: a definition's label leads to its module."""
    while text:
        yield text
        text = text.rpartition(".")[0]


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


def _members(name: str) -> Iterator[object]:
    module = sys.modules.get(name)
    for value in tuple(vars(module).values()) if is_a(module, ModuleType) else ():
        if not is_a(value, type) or value.__module__ == name:
            yield value


def _cached_properties(captured: Captured) -> Iterator[tuple[Any, str]]:
    """By the class alone: asking a ``functools.partial`` for its ``__dict__`` gives it one, and others raise."""
    for value in captured.reached.values():
        members = chain.from_iterable(vars(base).items() for base in type(value).__mro__)
        yield from ((value, name) for name, one in members if is_a(one, functools.cached_property))
