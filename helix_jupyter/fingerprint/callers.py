"""Whose code asked Python's library for something. Looks at frames; changes nothing.

Libraries look at files and environment variables all the time, on their own account; only what the project's own code
asks for is taken as something that a node depends on.
"""

from __future__ import annotations

import sys
from types import FrameType

from helix_jupyter.fingerprint.locality import Origin, origin

# modules of Python that ask on behalf of whoever calls them
_HELPERS = frozenset(
    {"os", "posixpath", "ntpath", "genericpath", "pathlib", "glob", "_collections_abc", "collections", "contextlib"}
)


def asking(depth: int = 1) -> str | None:
    """The name of the library's function that local code called (empty: none between); None if other code asked.

    ``depth``: how many frames stand between the library and this function.
    """
    frame: FrameType | None = sys._getframe(depth + 1)
    called = ""
    while frame is not None:
        module = frame.f_globals.get("__name__")
        if not isinstance(module, str) or module.partition(".")[0] not in _HELPERS:
            return called if origin(module) is Origin.LOCAL else None
        called = frame.f_code.co_name
        frame = frame.f_back
    return None
