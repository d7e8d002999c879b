"""Files as private writable memory: what is written into it never reaches the file. Knows no format."""

from __future__ import annotations

import mmap
import os
import sys
from pathlib import Path
from typing import BinaryIO

# below this, reading costs no more than mapping
SMALLEST_MAPPING = 1 << 20


def mapped(path: Path) -> memoryview:
    """The bytes of a file, aligned to pages; in constant time from ``SMALLEST_MAPPING`` on.

    Raises
    ------
    OSError
        It cannot be opened or read.
    """
    with open(path, "rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        if size < SMALLEST_MAPPING or _descriptors_are_scarce(file.fileno()):
            return _copied(file, size)
        if sys.version_info >= (3, 13) and sys.platform != "win32":
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY, trackfd=False))
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))


def _copied(file: BinaryIO, size: int) -> memoryview:
    if not size:  # which cannot be mapped
        return memoryview(b"")
    memory = memoryview(mmap.mmap(-1, size))
    done = 0
    while count := file.readinto(memory[done:]):  # type: ignore[attr-defined]  # typeshed's BinaryIO lacks it
        done += count
    return memory[:done]


def _descriptors_are_scarce(descriptor: int) -> bool:
    """Whether a mapping, which holds a file descriptor as long as its value lives, would starve everything else.

    The lowest free number is given out, so the one that the mapping would take tells how many are in use: half of
    the limit is for others.
    """
    if sys.platform == "win32" or sys.version_info >= (3, 13):
        return False  # no such limit; no descriptor held
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit == resource.RLIM_INFINITY:
        return False
    taken = os.dup(descriptor)
    os.close(taken)
    return taken > limit // 2
