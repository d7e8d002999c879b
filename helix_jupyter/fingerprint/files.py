"""The state of files that a node depends on: stat first, content only where the stat changed. Changes no
file.
"""

from __future__ import annotations

import glob
import os
import stat
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from xxhash import xxh3_128

from helix_jupyter.fingerprint.framing import digest_fields
from helix_jupyter.fingerprint.sharing import opened

CHUNK_BYTES = 1 << 20
# written this shortly before it was read, a file may change again under the same stat ("racily clean" in git)
RACY_NANOSECONDS = 2_000_000_000
# what is longer, or has line breaks, is text, not a name
_LONGEST_NAME = 1024


@dataclass(frozen=True)
class FileState:
    """What a path was when it was looked at.

    Attributes
    ----------
    kind
        ``file``, ``directory`` or ``missing``.
    digest
        Of the content; of the sorted names in a directory; one and the same for all that is missing.
    size, mtime_ns, ctime_ns, inode
        The stat that the digest holds for (bytes, nanoseconds); 0 where missing.
    checked_ns
        When the content was read, in nanoseconds since the epoch.
    names
        What a directory holds, sorted, folders with a slash behind them.
    """

    kind: str
    digest: str
    size: int = 0
    mtime_ns: int = 0
    ctime_ns: int = 0
    inode: int = 0
    checked_ns: int = 0
    names: tuple[str, ...] = ()


MISSING = FileState("missing", digest_fields("missing"))
# SQLite's log beside a database: empty, it says as much as none
_WRITE_AHEAD_LOG = "-wal"


@dataclass(frozen=True)
class Glance:
    """What a path was at the moment when running code turned to it, so that a change meanwhile can be told.

    ``state`` is its stat, and its digest where the stat alone cannot tell (a file that was changed just before).
    ``names`` are what a directory held.
    """

    state: FileState
    names: frozenset[str] = frozenset()

    def stands(self, path: Path, now: str, own: Iterable[Path] = ()) -> bool:
        """Whether ``path``, whose digest is ``now``, is still what it was; ``own`` are paths that may come and go."""
        later = glance(path, reading=False)
        if self.state.kind != later.state.kind:
            return False
        if self.state.kind == "directory":
            return self.names ^ later.names <= {one.name for one in own if one.parent == path}
        if self.state.digest:
            return self.state.digest == now
        # not the time of the last change of its owner or mode, which SQLite sets at every look
        before, after = self.state, later.state
        return (before.size, before.mtime_ns, before.inode) == (after.size, after.mtime_ns, after.inode)


def glance(path: str | os.PathLike[str], reading: bool = True) -> Glance:
    """Look at ``path``; its content is read only where it was changed just before, and not without ``reading``."""
    try:
        found = os.stat(path)
        if _is_empty_log(path, found):
            return Glance(MISSING)
        if stat.S_ISDIR(found.st_mode):
            return Glance(_state("directory", found, ""), frozenset(os.listdir(path)))
        racy = reading and time.time_ns() - found.st_mtime_ns < RACY_NANOSECONDS
        return Glance(_state("file", found, _content_digest(path, found) if racy else ""))
    except OSError:
        return Glance(MISSING)


def look(path: str | os.PathLike[str], asked: str) -> str:
    """What ``path`` is (``exists``), with its size in bytes (``size``), and its time of change (``stat``)."""
    try:
        found = os.stat(path)
    except OSError:
        return "missing"
    kind = "directory" if stat.S_ISDIR(found.st_mode) else "file"
    told = {"exists": (kind,), "size": (kind, found.st_size), "stat": (kind, found.st_size, found.st_mtime_ns)}
    return " ".join(map(str, told[asked]))


def _stat_of(state: FileState) -> tuple[int, ...]:
    return state.size, state.mtime_ns, state.ctime_ns, state.inode


def _is_empty_log(path: str | os.PathLike[str], found: os.stat_result) -> bool:
    return found.st_size == 0 and os.fspath(path).endswith(_WRITE_AHEAD_LOG)


def file_state(path: str | os.PathLike[str], known: FileState | None = None) -> FileState:
    """The state of ``path`` now; ``known`` itself when its stat still holds, so that nothing is read."""
    try:
        found = os.stat(path)
        if _is_empty_log(path, found):
            return MISSING
        if stat.S_ISDIR(found.st_mode):
            return _directory_state(path, found)
        if known is not None and _holds(known, found):
            return known
        return _state("file", found, _content_digest(path, found))
    except OSError:  # gone, or not for us to read: what it holds is not known either way
        return MISSING


def _holds(known: FileState, found: os.stat_result) -> bool:
    if known.kind != "file" or known.checked_ns - known.mtime_ns < RACY_NANOSECONDS:
        return False
    return _stat_of(known) == (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def _state(kind: str, found: os.stat_result, digest: str) -> FileState:
    return FileState(kind, digest, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, time.time_ns())


def _directory_state(path: str | os.PathLike[str], found: os.stat_result) -> FileState:
    with os.scandir(path) as entries:
        names = sorted(entry.name + ("/" if entry.is_dir() else "") for entry in entries)
    return replace(_state("directory", found, digest_fields("directory", *names)), names=tuple(names))


def _content_digest(path: str | os.PathLike[str], found: os.stat_result) -> str:
    content = xxh3_128()
    if not stat.S_ISREG(found.st_mode):
        # a pipe or device would block, or never end
        return digest_fields("special", str(found.st_mode))
    # read, not mapped: a mapping has a descriptor of its own, and its closing takes locks away, too
    buffer = bytearray(min(CHUNK_BYTES, found.st_size + 1))
    with opened(path) as stream, memoryview(buffer) as view:
        while size := stream.readinto(buffer):
            content.update(view[:size])
    return digest_fields("file", content.hexdigest())


def expand_watch(patterns: Iterable[str], base: str | os.PathLike[str]) -> tuple[Path, ...]:
    """The paths that watch patterns name: globs (``**`` too) expanded, in order, without duplicates.

    A pattern that matches nothing gives itself as a path: missing is a state, too, and ends when a file
    appears.
    """
    paths: dict[Path, None] = {}
    for pattern in patterns:
        full = os.path.join(base, os.path.expanduser(pattern))
        matches = sorted(glob.glob(full, recursive=True, include_hidden=True)) if glob.has_magic(full) else []
        paths.update(dict.fromkeys(map(Path, matches or [full])))
    return tuple(paths)


def named_files(strings: Iterable[object], base: str | os.PathLike[str]) -> tuple[Path, ...]:
    """Those strings (or paths) that name existing files, as absolute paths, in order, without duplicates."""
    found: dict[Path, None] = {}
    for text in strings:
        if not isinstance(text, str | os.PathLike):
            continue
        name = os.fsdecode(os.fspath(text))
        if not name or len(name) > _LONGEST_NAME or "\n" in name or "\0" in name:
            continue
        path = os.path.join(base, os.path.expanduser(name))
        if os.path.isfile(path):
            found[Path(os.path.abspath(path))] = None
    return tuple(found)
