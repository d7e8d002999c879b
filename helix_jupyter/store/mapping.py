"""Files as private writable memory: what is written into it never reaches the file. Knows no format."""

from __future__ import annotations

import math
import mmap
import os
import sys
from collections.abc import Iterable
from pathlib import Path

# below this, reading costs no more than mapping
SMALLEST_MAPPING = 1 << 20
_READING = os.O_RDONLY | getattr(os, "O_BINARY", 0)


def mapped(path: Path | str) -> memoryview:
    """The bytes of a file, aligned to pages; in constant time from ``SMALLEST_MAPPING`` on.

    Raises
    ------
    OSError
        It cannot be opened or read.
    """
    return mapped_all([path])[0]


def mapped_all(paths: Iterable[Path | str]) -> list[memoryview]:
    """As :func:`mapped`, for files of one value: how many descriptors are left is asked once, not for each."""
    views: list[memoryview] = []
    left: float | None = None
    for path in paths:
        # not open(): a file object costs as much again as opening
        descriptor = os.open(path, _READING)
        try:
            size = os.fstat(descriptor).st_size
            if size >= SMALLEST_MAPPING and left is None:
                left = _mappings_left(descriptor)
            if left is None or size < SMALLEST_MAPPING or left < 1:
                views.append(_copied(descriptor, size))
            else:
                left -= 1
                views.append(memoryview(_private(descriptor)))
        finally:
            os.close(descriptor)
    return views


def fresh(size: int) -> memoryview:
    """Writable memory of ``size`` bytes, aligned to pages and given back as soon as nobody looks at it."""
    return memoryview(mmap.mmap(-1, size)) if size else memoryview(bytearray())


def _private(descriptor: int) -> mmap.mmap:
    if sys.version_info >= (3, 13) and sys.platform != "win32":
        return mmap.mmap(descriptor, 0, access=mmap.ACCESS_COPY, trackfd=False)
    return mmap.mmap(descriptor, 0, access=mmap.ACCESS_COPY)


def _copied(descriptor: int, size: int) -> memoryview:
    memory, done = fresh(size), 0
    with open(descriptor, "rb", buffering=0, closefd=False) as file:
        while count := file.readinto(memory[done:]):
            done += count
    return memory[:done]


def _mappings_left(descriptor: int) -> float:
    """How many mappings, which hold a file descriptor as long as their values live, leave enough for everything else.

    The lowest free number is given out, so the one that a mapping would take tells how many are in use: half of
    the limit is for others.
    """
    if sys.platform == "win32" or sys.version_info >= (3, 13):
        return math.inf  # no such limit; no descriptor held
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit == resource.RLIM_INFINITY:
        return math.inf
    taken = os.dup(descriptor)
    os.close(taken)
    return limit // 2 - taken + 1
