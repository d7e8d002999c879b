"""What local code asks of paths without opening them: whether they are there, how large, how old.

``os.stat``, ``os.lstat`` and ``os.getcwd``, which raise no audit event, are wrapped while somebody records:
``os.path`` and ``pathlib`` go through them.
"""

from __future__ import annotations

import functools
import glob
import os
import sys
from collections.abc import Callable
from types import BuiltinFunctionType
from typing import Any

from helix_jupyter.fingerprint.callers import asking
from helix_jupyter.fingerprint.patches import Patches

EXISTS, SIZE, STAT = "exists", "size", "stat"
# asks where the working directory is
FOLDER = "folder"
# what each function of the library asks for, seen from the code that calls it; others (``mkdir``, ``resolve``) ask
# for nothing that the code is told
_ASKS = {
    **dict.fromkeys(("exists", "lexists", "isfile", "isdir", "islink", "ismount"), EXISTS),
    **dict.fromkeys(("is_file", "is_dir", "is_symlink", "is_mount", "glob", "rglob", "iglob", "glob1"), EXISTS),
    **dict.fromkeys(("_glob0", "_glob1", "_glob2", "_iglob", "glob0", "select"), EXISTS),
    **dict.fromkeys(("select_exists", "select_wildcard", "select_recursive"), EXISTS),
    "getsize": SIZE,
    **dict.fromkeys(("stat", "lstat", "getmtime", "getctime"), STAT),
}
# the sets that tell what a function can do know the functions themselves
_ABILITIES = ("supports_dir_fd", "supports_fd", "supports_follow_symlinks")
Note = Callable[[str, Any], None]


def record_looks(patches: Patches, note: Note, told: set[object]) -> None:
    """Tell ``note`` what local code asks of which path: ``EXISTS``, ``SIZE``, ``STAT`` or ``FOLDER``.

    ``told`` fills with what need not be told again; who empties it is told anew.
    """
    made = [(name, _wrapped(getattr(os, name), note, told)) for name in ("stat", "lstat")]
    for ability in _ABILITIES:
        able = getattr(os, ability)
        patches.put(os, ability, able | {wrapper for name, wrapper in made if getattr(os, name) in able})
    for name, wrapper in made:
        patches.put(os, name, wrapper)
    # since Python 3.13, Path.glob holds the function itself
    if "lstat" in vars(globber := getattr(glob, "_StringGlobber", object)):
        patches.put(globber, "lstat", staticmethod(dict(made)["lstat"]))
    getcwd = os.getcwd

    @functools.wraps(getcwd)
    def folder() -> str:
        if asking() is not None:
            note(FOLDER, os.curdir)
        return getcwd()

    patches.put(os, "getcwd", folder)
    # on Windows, Python has these in C
    for name in ("exists", "lexists", "isfile", "isdir", "islink"):
        original = getattr(os.path, name)
        if isinstance(original, BuiltinFunctionType):
            patches.put(os.path, name, _wrapped(original, note, told, EXISTS))


def _wrapped(original: Callable[..., Any], note: Note, told: set[object], asked: str = STAT) -> Callable[..., Any]:
    @functools.wraps(original)
    def looked(path: Any, *arguments: Any, **named: Any) -> Any:
        # os.path hands texts over, from one function for each question; a Path's method may stand behind several
        mark = (path, sys._getframe(1).f_code) if type(path) is str else None
        if mark not in told and not isinstance(path, int) and named.get("dir_fd") is None:
            called = asking()
            if called is not None and (called in _ASKS or not called):
                note(_ASKS.get(called, asked), path)
                if mark is not None:
                    told.add(mark)
        return original(path, *arguments, **named)

    return looked
