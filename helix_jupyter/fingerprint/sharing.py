"""Files opened for a look, so that the locks which this process holds on them stay.

POSIX drops all ``fcntl`` locks of a process on a file when it closes any descriptor of that file, whoever took the
locks: a database that the notebook has open (SQLite, DuckDB) is unprotected from then on, and another process may
delete its log (https://sqlite.org/howtocorrupt.html, section 2.2). So a descriptor stays open for as long as somebody
else in this process has the file open; nobody holds a lock on a file without. What may still slip through is another
thread that opens and locks the file in the microseconds between that question and the closing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO

# lists the descriptors of this process on Linux and macOS
_DESCRIPTORS = "/dev/fd"
_MOST = 1024
_READING = os.O_RDONLY | getattr(os, "O_BINARY", 0)
Identity = tuple[int, int]

# single operations on these are atomic; a lock would be held for ever in a child that was forked meanwhile
_in_use: set[int] = set()
_kept: dict[int, Identity] = {}


@contextmanager
def opened(path: str | os.PathLike[str]) -> Iterator[FileIO]:
    """The file at ``path``, for reading, from its start. Raises OSError as ``open`` does."""
    descriptor = _take(_identity(os.stat(path)))
    if descriptor is None:
        descriptor = os.open(path, _READING)
    _in_use.add(descriptor)
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        yield FileIO(descriptor, closefd=False)
    finally:
        _give_back(descriptor)


def _take(identity: Identity) -> int | None:
    """A kept descriptor of the file; nobody else gets it until it is given back."""
    for descriptor, kept in _kept.copy().items():
        if kept == identity and _kept.pop(descriptor, None) is not None:
            return descriptor
    return None


def _give_back(descriptor: int) -> None:
    """Keep the descriptor, and close those kept ones whose file nobody else has open."""
    _kept[descriptor] = _identity(os.fstat(descriptor))
    _in_use.discard(descriptor)
    elsewhere = _open_elsewhere()
    for one, identity in _kept.copy().items():
        if identity not in elsewhere and _kept.pop(one, None) is not None:
            os.close(one)


def _open_elsewhere() -> set[Identity]:
    """The files that this process has open, but for those that only this module has."""
    if os.name == "nt":  # where closing takes no lock of another handle away
        return set()
    found = set()
    for descriptor in _descriptors() - _in_use - _kept.keys():
        try:
            found.add(_identity(os.fstat(descriptor)))
        except OSError:  # closed meanwhile, as that of the listing itself is
            continue
    return found


def _descriptors() -> set[int]:
    try:
        return {int(name) for name in os.listdir(_DESCRIPTORS)}
    except OSError:  # a system without that folder
        return set(range(_MOST))


def _identity(found: os.stat_result) -> Identity:
    return found.st_dev, found.st_ino
