"""The folder of a store when it is opened: made, or read where it cannot be written, with the reason in words."""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

from helix_jupyter.errors import NewerStore, StoreError
from helix_jupyter.store import signature
from helix_jupyter.store.database import Database
from helix_jupyter.store.objects import Objects


def make_folder(folder: Path) -> None:
    """Make the folder with what lies in every store's; one that is there may stay as it is."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _make_private(folder)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    Objects(folder / "objects").create()


def _make_private(folder: Path) -> None:
    """Close a ``.helix`` that was made by hand, say for its settings; one of another name is as its maker wants it."""
    if sys.platform == "win32" or folder.name != ".helix":
        return
    found = folder.lstat()
    if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) & 0o077:
        with suppress(OSError):  # a file system without modes
            folder.chmod(0o700)


def readable(folder: Path) -> tuple[Database, bytes]:
    """The rows of a store that cannot be written, and the key; nothing where these cannot be read."""
    try:
        key = signature.signing_key()
    except OSError:
        return Database(None), b""
    try:
        return Database.copy_of(folder / "helix.db"), key
    except NewerStore:
        raise
    except OSError:
        return Database(None), key


def why_unusable(folder: Path, error: OSError, key: bytes) -> str:
    """One line on why nothing is written there, and what to do."""
    if not key:
        return f"{error} Then restart the kernel: until then what is new is kept in memory only."
    if isinstance(error, StoreError):
        return f"{error} Until it can be written, what is new is kept in memory only; the next run then writes it."
    do = "Make room there" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "Make the folder writable"
    return (
        f"The store {folder} cannot be used ({error.strerror or error}): what is new is kept in memory only. "
        f"{do}: the next run then writes it. Or restart the kernel and begin with another store: "
        f"%helix config store=PATH, before the first cell."
    )
