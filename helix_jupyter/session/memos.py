"""Caches of the project's memoised helpers (``functools.lru_cache``): emptied where other code filled them."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

from helix_jupyter.errors import Undigestable
from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.fingerprint.kinds import is_a

_MEMOISED = type(functools.lru_cache(len))


class Memos:
    """Remembers under which code each cache was filled.

    What a cache holds is no part of a node's key, so a node must not find there what an earlier constant or helper
    gave: a fresh kernel would not, and the result is recorded for it.
    """

    def __init__(self) -> None:
        self._filled: WeakKeyDictionary[Any, str] = WeakKeyDictionary()

    def forget_outdated(self, reached: Iterable[object], modules: Iterable[str]) -> None:
        """Empty those caches that may hold results of other code, before a node runs that reached some of the
        notebook's things and runs code of these local modules."""
        for value in chain(reached, _members(modules)):
            if is_a(value, _MEMOISED):
                try:
                    now = digest(value, ordered=True)
                except Undigestable:
                    now = ""
                if not now or self._filled.get(value) != now:
                    value.cache_clear()
                self._filled[value] = now


def _members(modules: Iterable[str]) -> Iterator[object]:
    """What loaded modules hold by name, and the classes among it."""
    for name in modules:
        module = sys.modules.get(name)
        for value in tuple(vars(module).values()) if is_a(module, ModuleType) else ():
            yield value
            if is_a(value, type) and value.__module__ == name:
                yield from tuple(vars(value).values())
