"""Caches of the notebook's memoised helpers (``functools.lru_cache``): emptied where other code filled them."""

from __future__ import annotations

import functools
from collections.abc import Iterable
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

    def forget_outdated(self, reached: Iterable[object]) -> None:
        """Empty those caches among what a node reached that may hold results of other code, before it runs."""
        for value in reached:
            if is_a(value, _MEMOISED):
                try:
                    now = digest(value, ordered=True)
                except Undigestable:
                    now = ""
                if not now or self._filled.get(value) != now:
                    value.cache_clear()
                self._filled[value] = now
