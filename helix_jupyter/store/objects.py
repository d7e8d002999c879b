"""Where the files of a store lie, and deleting them. Knows neither what is in them nor the database."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_DIGEST = re.compile(r"[0-9a-zA-Z][0-9a-zA-Z_-]{2,199}")


@dataclass(frozen=True)
class Objects:
    """The folder ``objects``: ``ab/<digest>`` for artifacts, ``buffers/<digest of the bytes>`` for what they
    share, ``tmp/`` for what is being written.

    The buffers lie in one folder, so that making all new names of an artifact durable takes one call.
    """

    folder: Path

    def create(self) -> None:
        """Make the folders that are not there."""
        for folder in (self.temporary(""), self.buffer("")):
            folder.mkdir(parents=True, exist_ok=True)

    def path(self, digest: str) -> Path:
        """Where the artifact of this name lies; ``ValueError`` for what is no digest."""
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"{digest!r} is not a digest: use letters, digits, '-' and '_', at least three of them.")
        return self.folder / digest[:2] / digest

    def buffer(self, digest: str) -> Path:
        """Where the buffer with these bytes lies."""
        return self.folder / "buffers" / digest

    def locate(self, digest: str) -> str:
        """As ``buffer``, as text: loading looks for many at once, and a path takes longer to make than to open."""
        return f"{self._buffers}{digest}"

    @cached_property
    def _buffers(self) -> str:
        return str(self.buffer("")) + os.sep

    def temporary(self, name: str) -> Path:
        """Where a file of this name lies while it is being written: in the same file system."""
        return self.folder / "tmp" / name

    def artifacts(self) -> Iterator[os.DirEntry[str]]:
        """Every file in an artifact's place, as entries: making a path takes as long as finding the file."""
        for folder in _entries(self.folder):
            if folder.is_dir(follow_symlinks=False) and len(folder.name) == 2:
                yield from _entries(folder.path)

    def buffers(self) -> Iterator[os.DirEntry[str]]:
        """Every file in a buffer's place."""
        yield from _entries(self.buffer(""))

    def temporaries(self) -> Iterator[os.DirEntry[str]]:
        """Every file that is being written or was left by a crash."""
        yield from _entries(self.temporary(""))


def remove(path: Path | str) -> bool:
    """Delete a file; False if it could not be (on Windows: a loaded value still uses it)."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def size(path: Path | str) -> int:
    """Size in bytes; 0 if it is not there."""
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except FileNotFoundError:
        return []
