"""The state of files that a node depends on: stat first, content only where the stat changed. Changes no
file.
"""

from __future__ import annotations

import glob
import mmap
import os
import stat
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from xxhash import xxh3_128

from helix_jupyter.fingerprint.framing import digest_fields

CHUNK_BYTES = 1 << 24
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
    """

    kind: str
    digest: str
    size: int = 0
    mtime_ns: int = 0
    ctime_ns: int = 0
    inode: int = 0
    checked_ns: int = 0


MISSING = FileState("missing", digest_fields("missing"))


def file_state(path: str | os.PathLike[str], known: FileState | None = None) -> FileState:
    """The state of ``path`` now; ``known`` itself when its stat still holds, so that nothing is read."""
    try:
        found = os.stat(path)
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
    now = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
    return now == (known.size, known.mtime_ns, known.ctime_ns, known.inode)


def _state(kind: str, found: os.stat_result, digest: str) -> FileState:
    return FileState(kind, digest, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, time.time_ns())


def _directory_state(path: str | os.PathLike[str], found: os.stat_result) -> FileState:
    with os.scandir(path) as entries:
        names = sorted(entry.name + ("/" if entry.is_dir() else "") for entry in entries)
    return _state("directory", found, digest_fields("directory", *names))


def _content_digest(path: str | os.PathLike[str], found: os.stat_result) -> str:
    content = xxh3_128()
    if not stat.S_ISREG(found.st_mode):
        # a pipe or device would block, or never end
        return digest_fields("special", str(found.st_mode))
    with open(path, "rb", buffering=0) as stream:
        if found.st_size > CHUNK_BYTES:
            with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as mapped, memoryview(mapped) as view:
                for start in range(0, len(view), CHUNK_BYTES):
                    with view[start : start + CHUNK_BYTES] as chunk:
                        content.update(chunk)
        else:
            while chunk_read := stream.read(CHUNK_BYTES):
                content.update(chunk_read)
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
