"""Which files running code opens for reading: seen by the interpreter's audit hook. Opens nothing itself.

One hook per process, put in place with the first recorder and idle (0.1 us per event) while none records:
Python offers no way to take a hook out. What opens files in C is seen by ``read_wrappers``. Not seen: readers
of extension modules that are not listed there, and environment variables.
"""

from __future__ import annotations

import glob
import importlib
import os
import pkgutil
import sys
import threading
from collections.abc import Callable, Container, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import unquote

from helix_jupyter.fingerprint.locality import installed_or_python
from helix_jupyter.fingerprint.read_wrappers import Wrappers

_SYSTEM_FOLDERS = tuple(f"{os.sep}{name}{os.sep}" for name in ("proc", "sys", "dev"))
# files in memory are files like any other
_MEMORY_FOLDER = f"{os.sep}dev{os.sep}shm{os.sep}"
# the system's time zones, which any table of dates may look up
_TIME_ZONES = f"{os.sep}zoneinfo{os.sep}"
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# code of Python's own that looks at files on its own account: searching modules, showing tracebacks
_LOOKING_FILES = ("linecache.py", "tokenize.py", "traceback.py")
# Python's own search for modules and for installed distributions lists all of sys.path, the notebook's folder included
_SEARCHES = (os.path.dirname(importlib.__file__) + os.sep, pkgutil.__file__, "<frozen importlib")


class ReadRecorder:
    """Records the files that are read while the context is open, by every thread that is not ignored.

    Left out: files of installed packages and of Python, ``/proc``, ``/sys`` and ``/dev`` (but ``/dev/shm``), what lies
    below ``ignore``, and whatever the recorded code wrote itself, also if it read it back.

    Parameters
    ----------
    ignore
        Folders whose files never count (the store).
    ignore_threads
        Identifiers of threads that do not belong to the recorded code (background writers).

    Attributes
    ----------
    paths
        Absolute paths of files and listed directories, in order of first use.
    sources
        Source files of local modules that were imported meanwhile. Not among ``paths``: they count by their
        syntax (``local_imports``), so that a comment in them recomputes nothing.
    """

    def __init__(
        self, ignore: Iterable[str | os.PathLike[str]] = (), ignore_threads: Container[int] = frozenset()
    ) -> None:
        self._ignored = tuple(os.path.join(os.path.abspath(folder), "") for folder in ignore)
        self._ignored_threads = ignore_threads
        self._read: dict[str, None] = {}
        self._sources: dict[str, None] = {}
        self._written: set[str] = set()

    @property
    def paths(self) -> tuple[Path, ...]:
        """What was read and not written."""
        return tuple(Path(path) for path in list(self._read) if path not in self._written)

    @property
    def sources(self) -> tuple[Path, ...]:
        """Local modules that were imported, by source file."""
        return tuple(map(Path, self._sources))

    def __enter__(self) -> ReadRecorder:
        _start(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        _stop(self)

    def note_read(self, path: str) -> None:
        """Take note of an absolute path that was read."""
        if self._counts(path):
            self._read.setdefault(path)

    def note_written(self, path: str) -> None:
        """Take note of an absolute path that was opened for writing, made or renamed to."""
        if threading.get_ident() not in self._ignored_threads and path not in self._read:
            self._written.add(path)

    def note_source(self, path: str) -> None:
        """Take note of a module's source or compiled file that the import system opened."""
        if self._counts(path) and path.endswith(".py"):
            self._sources.setdefault(path)

    def _counts(self, path: str) -> bool:
        if threading.get_ident() in self._ignored_threads or path.startswith(self._ignored):
            return False
        if (path.startswith(_SYSTEM_FOLDERS) and not path.startswith(_MEMORY_FOLDER)) or _TIME_ZONES in path:
            return False
        return not installed_or_python(path)


_active: list[ReadRecorder] = []
_changing = threading.Lock()
_hooked = False
_wrappers: Wrappers | None = None
# what the hook itself does raises events again; they are not looked at
_inside = threading.local()


def _start(recorder: ReadRecorder) -> None:
    global _hooked, _wrappers
    with _changing:
        if not _hooked:
            sys.addaudithook(_hook)
            _hooked = True
        if _wrappers is None:
            _wrappers = Wrappers(_note_asked)
            _wrappers.install()
        _active.append(recorder)


def _stop(recorder: ReadRecorder) -> None:
    global _wrappers
    with _changing:
        _active.remove(recorder)
        if not _active and _wrappers is not None:
            _wrappers.remove()
            _wrappers = None


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _active:
        return
    handle = _HANDLERS.get(event)
    if handle is None or getattr(_inside, "hook", False):
        return
    _inside.hook = True
    try:
        handle(arguments)
    except Exception:
        # a path that cannot be told must not break what is recorded: open() will say what is wrong with it
        pass
    finally:
        _inside.hook = False


def _opened(arguments: tuple[Any, ...]) -> None:
    path, mode, flags = arguments
    if not isinstance(path, str | bytes | os.PathLike):
        return
    full = _absolute(path)
    if full in sys.path:  # an archive that modules are looked for in
        return
    if _is_writing(mode, flags):
        _tell("note_written", full)
        return
    caller = _caller()
    if caller.startswith("<frozen importlib") or full.endswith((".pyc", ".pyo")):
        _tell("note_source", _source(full))
    elif not caller.endswith(_LOOKING_FILES):
        _tell("note_read", full)


def _is_writing(mode: object, flags: object) -> bool:
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & _WRITING)


def _listed(arguments: tuple[Any, ...]) -> None:
    path = arguments[0] if arguments and arguments[0] is not None else os.curdir
    if isinstance(path, str | bytes | os.PathLike) and not _caller().startswith(_SEARCHES):
        _tell("note_read", _absolute(path))


def _connected(arguments: tuple[Any, ...]) -> None:
    name = os.fsdecode(arguments[0]) if isinstance(arguments[0], bytes) else os.fspath(arguments[0])
    if name.startswith("file:"):
        name, _, query = name.removeprefix("file:").partition("?")
        name = "" if "mode=memory" in query else unquote(name.removeprefix("//"))
    if name and name != ":memory:":
        _tell("note_read", _absolute(name))


def _made(arguments: tuple[Any, ...]) -> None:
    path = _absolute(arguments[0])
    if not os.path.lexists(path):  # os.makedirs(..., exist_ok=True) tries before it looks
        _tell("note_written", path)


def _globbed(arguments: tuple[Any, ...]) -> None:
    """The folder that a pattern starts from: where it is missing, nothing will be listed."""
    pattern = os.fsdecode(arguments[0])
    root = arguments[2] if len(arguments) > 2 and arguments[2] is not None else os.curdir
    while glob.has_magic(pattern):
        pattern = os.path.dirname(pattern)
    path = _absolute(os.path.join(os.fsdecode(root), pattern))
    if not os.path.exists(path) or os.path.isdir(path):
        _tell("note_read", path)


def _renamed(arguments: tuple[Any, ...]) -> None:
    _tell("note_written", _absolute(arguments[1]))


_HANDLERS: dict[str, Callable[[tuple[Any, ...]], None]] = {
    "open": _opened,
    "glob.glob": _globbed,
    "glob.glob/2": _globbed,
    "os.listdir": _listed,
    "os.scandir": _listed,
    "sqlite3.connect": _connected,
    "os.mkdir": _made,
    "os.rename": _renamed,
    "shutil.copyfile": _renamed,
}


def _note_asked(path: Any) -> None:
    """A wrapped reader is asked for a path (or a pattern, or a URL, which has no state to look at)."""
    name = os.fsdecode(os.fspath(path))
    if "://" in name:
        return
    from helix_jupyter.fingerprint.files import expand_watch

    # expanding a pattern lists its folder, so that a part that appears later counts as well
    for found in expand_watch([name], os.getcwd()):
        _tell("note_read", os.path.abspath(found))
        # a folder of parts: its listing does not tell of a part that was written anew
        for folder, _, names in os.walk(found):
            for part in names:
                _tell("note_read", os.path.abspath(os.path.join(folder, part)))


def _tell(what: str, path: str) -> None:
    for recorder in tuple(_active):
        getattr(recorder, what)(path)


def _absolute(path: Any) -> str:
    return os.path.abspath(os.fsdecode(os.fspath(path)))


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
    """The file of the code that raised the event: the first frame outside this one."""
    frame = sys._getframe(1)
    while frame.f_code.co_filename == __file__:
        if frame.f_back is None:
            return ""
        frame = frame.f_back
    return frame.f_code.co_filename
