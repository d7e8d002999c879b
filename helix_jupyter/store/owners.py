"""Names for the writers of a store, and whether a named writer still lives. Reads the process table only.

A process id alone was rejected: a container that restarts gives its kernel the same id again, and a store
that two containers share sees ids of both. A heartbeat was rejected too: a kernel that computes with the
interpreter lock held misses it.
"""

from __future__ import annotations

import os
import platform
import sys
import time

# a writer in another container or on another machine cannot be asked; no write takes this long
FOREIGN_SECONDS = 3600.0

_here: set[str] = set()


def new_owner() -> str:
    """A name for one open store of this process: ``host/process id/token``."""
    owner = f"{platform.node()}/{os.getpid()}/{os.urandom(6).hex()}"
    _here.add(owner)
    return owner


def retire(owner: str) -> None:
    """The store of this name is closed: what it still holds may be reclaimed."""
    _here.discard(owner)


def is_alive(owner: str, since: float) -> bool:
    """Whether the writer may still be at work on what it began at ``since`` (seconds since the epoch)."""
    host, process, _ = owner.rsplit("/", 2)
    if host != platform.node():
        return time.time() - since < FOREIGN_SECONDS
    if int(process) == os.getpid():
        return owner in _here
    return _process_exists(int(process))


def _process_exists(process: int) -> bool:
    if sys.platform == "win32":
        # os.kill(process, 0) would end the process there
        import ctypes

        query_limited_information, still_active = 0x1000, 259
        kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
        handle = kernel32.OpenProcess(query_limited_information, False, process)
        if not handle:
            return ctypes.get_last_error() == 5  # access denied: it exists, but is not ours
        code = ctypes.c_ulong()
        kernel32.GetExitCodeProcess(handle, ctypes.byref(code))
        kernel32.CloseHandle(handle)
        return code.value == still_active
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
