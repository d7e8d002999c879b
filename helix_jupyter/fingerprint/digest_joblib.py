"""Digest rules of joblib."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def digest_memorized(value: Any) -> Iterator[tuple[str, object]]:
    """A function behind ``Memory.cache``: the function and what decides how it is asked, as for ``lru_cache``.

    Not where and since when its results are kept, nor under which name: that holds the notebook's folder and the text
    of the whole cell.
    """
    yield ".func", value.func
    yield ".ignore", value.ignore
    yield ".mmap_mode", value.mmap_mode
    yield ".cache_validation_callback", value.cache_validation_callback
