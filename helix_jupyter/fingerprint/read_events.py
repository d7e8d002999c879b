"""What the interpreter's audit events say of files: which paths are about to be read, listed or written, by whom.

From an event's arguments to notes (``note_read`` and its like, methods of ``reads.ReadRecorder``); keeps nothing.
"""

from __future__ import annotations

import glob
import importlib
import linecache
import os
import pkgutil
import shlex
import sys
import tokenize
from collections.abc import Callable, Iterable
from importlib.machinery import EXTENSION_SUFFIXES
from types import FrameType
from typing import Any
from urllib.parse import unquote

from helix_jupyter.fingerprint.files import named_files
from helix_jupyter.fingerprint.locality import Origin, origin

# called with the name of a recorder's method, and a path
Tell = Callable[[str, Any], None]
# code that stands between an event and whoever raised it
_OWN = (__file__, os.path.join(os.path.dirname(__file__), "reads.py"))
_WRITING = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# what Python's own loaders open to make modules of
_MODULE_FILES = (".py", ".pyc", ".pyo", *EXTENSION_SUFFIXES)
# reads lines of source for whoever asks; what shows code asks on its own account
_LINE_READERS = (linecache.__file__, tokenize.__file__)
_SHOWING_CODE = (
    "traceback.py",
    "inspect.py",
    "warnings.py",
    "pdb.py",
    "bdb.py",
    "doctest.py",
    f"{os.sep}fingerprint{os.sep}loaded.py",
)
# Python's own search for modules and for installed distributions lists all of sys.path, the notebook's folder included
_SEARCHES = (os.path.dirname(importlib.__file__) + os.sep, pkgutil.__file__, "<frozen importlib")


def _opened(tell: Tell, arguments: tuple[Any, ...]) -> None:
    path, mode, flags = arguments
    if not isinstance(path, str | bytes | os.PathLike):
        return
    full = os.path.abspath(os.fsdecode(path))
    if full in sys.path:  # an archive that modules are looked for in
        return
    if _is_writing(mode, flags):
        tell("note_written", path)
        return
    caller = _caller()
    is_loader = caller.startswith("<frozen importlib") and full.endswith(_MODULE_FILES)
    if is_loader or full.endswith((".pyc", ".pyo")):
        tell("note_source", _source(full))
    elif not _shows_code(caller):
        tell("note_read", path)


def _shows_code(caller: str) -> bool:
    """Whether a file is opened to show a line of code, in a traceback or a warning."""
    if caller not in _LINE_READERS:
        return caller.endswith(_SHOWING_CODE)
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        if file.endswith(_SHOWING_CODE):
            return True
        if file not in (*_OWN, *_LINE_READERS) and origin(frame.f_globals.get("__name__")) is not Origin.PYTHON:
            return origin(frame.f_globals.get("__name__")) is not Origin.LOCAL
        frame = frame.f_back
    return True


def _is_writing(mode: object, flags: object) -> bool:
    """What is opened to be read and changed (``r+``, the mode of ``numpy.memmap``) is read."""
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax")
    return isinstance(flags, int) and bool(flags & _WRITING)


def _listed(tell: Tell, arguments: tuple[Any, ...]) -> None:
    path = arguments[0] if arguments and arguments[0] is not None else os.curdir
    if isinstance(path, str | bytes | os.PathLike) and not _caller().startswith(_SEARCHES):
        tell("note_read", path)


def _connected(tell: Tell, arguments: tuple[Any, ...]) -> None:
    name = os.fsdecode(arguments[0]) if isinstance(arguments[0], bytes) else os.fspath(arguments[0])
    if name.startswith("file:"):
        name, _, query = name.removeprefix("file:").partition("?")
        name = "" if "mode=memory" in query else unquote(name.removeprefix("//"))
    if name and name != ":memory:":
        tell("note_read", name)
        tell("note_read", name + "-wal")  # what was committed and is not in the file yet


def _made(tell: Tell, arguments: tuple[Any, ...]) -> None:
    path = arguments[0]
    if not os.path.lexists(path):  # os.makedirs(..., exist_ok=True) tries before it looks
        tell("note_written", path)


def _globbed(tell: Tell, arguments: tuple[Any, ...]) -> None:
    """The folder that a pattern starts from: where it is missing, nothing will be listed."""
    pattern = os.fsdecode(arguments[0])
    root = arguments[2] if len(arguments) > 2 and arguments[2] is not None else os.curdir
    while glob.has_magic(pattern):
        pattern = os.path.dirname(pattern)
    path = os.path.join(os.fsdecode(root), pattern) or os.curdir
    if not os.path.exists(path) or os.path.isdir(path):
        tell("note_read", path)


def _renamed(tell: Tell, arguments: tuple[Any, ...]) -> None:
    tell("note_written", arguments[1])


def _started(tell: Tell, arguments: tuple[Any, ...]) -> None:
    """A command is started: files that its words name may be read by it."""
    words: Any = arguments[1]
    folder = arguments[2] if len(arguments) == 4 else None  # posix_spawn has none
    if isinstance(words, str | bytes | os.PathLike):  # a command line, as on Windows
        _run(tell, (words, folder))
        return
    texts = [os.fsdecode(word) for word in words if isinstance(word, str | bytes | os.PathLike)]
    _tell_named(tell, [*texts, *words_of(texts[1:])], folder)


def _run(tell: Tell, arguments: tuple[Any, ...]) -> None:
    _tell_named(tell, words_of([os.fsdecode(arguments[0])]), arguments[1] if len(arguments) > 1 else None)


def _tell_named(tell: Tell, words: list[str], folder: Any) -> None:
    """A program of the system is no input; a script beside the notebook is."""
    base = os.fsdecode(folder) if isinstance(folder, str | bytes | os.PathLike) else os.getcwd()
    for path in named_files(words[os.path.isabs(words[0]) if words else 0 :], base):
        tell("note_named", path)


def words_of(texts: Iterable[str]) -> list[str]:
    """The words of command lines."""
    found: list[str] = []
    for text in texts:
        try:
            # as a shell has it, redirections and pipes are no part of the word beside them
            lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
            lexer.whitespace_split, lexer.commenters = True, ""
            found += lexer
        except ValueError:  # a quote that is not closed
            found += text.split()
    return found


HANDLERS: dict[str, Callable[[Tell, tuple[Any, ...]], None]] = {
    "open": _opened,
    "glob.glob": _globbed,
    "glob.glob/2": _globbed,
    "os.listdir": _listed,
    "os.scandir": _listed,
    "sqlite3.connect": _connected,
    "os.mkdir": _made,
    "os.link": _renamed,
    "os.rename": _renamed,
    "os.symlink": _renamed,
    "shutil.copyfile": _renamed,
    "subprocess.Popen": _started,
    "os.posix_spawn": _started,
    "os.system": _run,
}


def _source(path: str) -> str:
    """The source that a compiled file was made from."""
    if not path.endswith((".pyc", ".pyo")):
        return path
    from importlib.util import source_from_cache

    try:
        return source_from_cache(path)
    except ValueError:  # it lies beside its source, as old tools put it
        return path[:-1]


def _caller() -> str:
    """The file of the code that raised the event: the first frame outside these two."""
    frame = sys._getframe(1)
    while frame.f_code.co_filename in _OWN:
        if frame.f_back is None:
            return ""
        frame = frame.f_back
    return frame.f_code.co_filename
