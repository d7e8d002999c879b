"""What running code turns to outside itself: files above all, seen by the interpreter's audit hook.

One hook per process, put in place with the first recorder and idle (0.1 us per event) while none records:
Python offers no way to take a hook out. What its events say stands in ``read_events``. What opens files in C is seen
by ``read_wrappers``, what only asks about them by ``looks``, environment variables by ``environment``. Not seen:
readers of extension modules that are not listed there, and what other processes read (files that their command lines
name count).
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from helix_jupyter.fingerprint.environment import record_environment
from helix_jupyter.fingerprint.files import Glance, expand_watch, glance, look, named_files
from helix_jupyter.fingerprint.import_notes import ImportNotes
from helix_jupyter.fingerprint.locality import Origin, find_folders, installed_or_python, origin
from helix_jupyter.fingerprint.looks import FOLDER, STAT, record_looks
from helix_jupyter.fingerprint.patches import Patches
from helix_jupyter.fingerprint.read_events import HANDLERS
from helix_jupyter.fingerprint.read_wrappers import Wrappers
from helix_jupyter.fingerprint.types import Imported

_NOTEBOOK = ("__main__", "__mp_main__")
_SYSTEM_FOLDERS = tuple(f"{os.sep}{name}{os.sep}" for name in ("proc", "sys", "dev"))
# files in memory are files like any other
_MEMORY_FOLDER = f"{os.sep}dev{os.sep}shm{os.sep}"
# the system's time zones, which any table of dates may look up
_TIME_ZONES = f"{os.sep}zoneinfo{os.sep}"
# what Matplotlib notes down of the fonts that there are: read once per process, by whatever draws first
_FONT_LIST = f"{os.sep}matplotlib{os.sep}fontlist-v"


@dataclass(frozen=True)
class Seen:
    """What running code turned to outside itself.

    Attributes
    ----------
    files
        What was opened for reading or listed, each as it was at that moment; in order of first use.
    named
        Existing files that a string or a command line names, as they were before: inputs, unless they changed
        meanwhile (then they are rather what was written).
    looks
        ``{(path, what was asked): answer}`` for paths that were asked about and not opened (``looks``).
    written
        Files that it wrote and that are there now.
    variables
        Environment variables that local code read, with their values (None: not set).
    variables_set
        Environment variables that local code set or deleted, with their values before.
    hosts
        Hosts that it connected to.
    relative
        It used a path that is relative to the working directory, or asked where that is.
    system
        Files below ``/proc``, ``/sys`` and ``/dev`` that it opened: what they say is no input, and another thing each
        time.
    """

    files: Mapping[Path, Glance] = field(default_factory=dict)
    named: Mapping[Path, Glance] = field(default_factory=dict)
    looks: Mapping[tuple[Path, str], str] = field(default_factory=dict)
    written: tuple[Path, ...] = ()
    variables: Mapping[str, str | None] = field(default_factory=dict)
    variables_set: Mapping[str, str | None] = field(default_factory=dict)
    hosts: tuple[str, ...] = ()
    relative: bool = False
    system: tuple[str, ...] = field(default=(), compare=False)


class ReadRecorder:
    """Records what is read while the context is open, by every thread that is not ignored.

    Left out: files of installed packages and of Python, ``/proc``, ``/sys`` and ``/dev`` (but ``/dev/shm``), what lies
    below ``ignore``, and whatever the recorded code wrote itself, also if it read it back.

    Parameters
    ----------
    ignore
        Folders whose files never count (the store).
    ignore_threads
        Identifiers of threads that do not belong to the recorded code (background writers).
    module
        The namespace of a module: what it reads while the import system runs its code is recorded here, and by
        nobody else.

    Attributes
    ----------
    paths
        Absolute paths of files and listed directories, in order of first use.
    imported
        Local modules that were imported meanwhile, loaded before or not. Not among ``paths``: they count by what
        their source says (``local_imports``), so that a comment in them recomputes nothing.
    """

    def __init__(
        self,
        ignore: Iterable[str | os.PathLike[str]] = (),
        ignore_threads: Container[int] = frozenset(),
        module: Mapping[str, Any] | None = None,
    ) -> None:
        self.module = module
        self._ignored = tuple(os.path.join(os.path.abspath(folder), "") for folder in ignore)
        self._ignored_threads = ignore_threads
        self._read: dict[str, Glance] = {}
        self._named: dict[str, Glance] = {}
        self._looks: dict[tuple[str, str], str] = {}
        self._sources: dict[str, None] = {}
        self._written: dict[str, None] = {}
        self._imported: dict[bool, dict[str, None]] = {True: {}, False: {}}
        self._variables: dict[str, str | None] = {}
        self._variables_set: dict[str, str | None] = {}
        self._hosts: dict[str, None] = {}
        self._relative = False
        self._system: dict[str, None] = {}

    @property
    def paths(self) -> tuple[Path, ...]:
        """What was read and not written."""
        return tuple(Path(path) for path in list(self._read) if path not in self._written)

    @property
    def imported(self) -> Imported:
        """Local modules by name; by file what was loaded without a name of its own."""
        names = {name for found in self._imported.values() for name in found}
        files = {getattr(sys.modules.get(name), "__file__", None) for name in names}
        others = tuple(path for path in self._sources if path not in files)
        return Imported(tuple(self._imported[True]), tuple(self._imported[False]), others)

    def seen(self) -> Seen:
        """All that was recorded so far."""
        read, written = self._read.copy(), self._written.copy()
        asked = {path: STAT for path, what in self._looks.copy() if what == STAT}
        return Seen(
            files={Path(path): was for path, was in read.items() if path not in written},
            named={Path(path): was for path, was in self._named.copy().items() if path not in (read | written)},
            looks={
                (Path(path), what): answer
                for (path, what), answer in self._looks.copy().items()
                # what was opened counts by its content, which tells all but its age
                if path not in written and asked.get(path, what) == what and (what == STAT or path not in read)
            },
            written=tuple(Path(path) for path in written if os.path.isfile(path)),
            variables={name: value for name, value in self._variables.items() if name not in self._variables_set},
            variables_set=self._variables_set.copy(),
            hosts=tuple(self._hosts),
            relative=self._relative,
            system=tuple(self._system),
        )

    def __enter__(self) -> ReadRecorder:
        _start(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        _stop(self)

    def note_read(self, path: str, relative: bool = False) -> None:
        """Take note of an absolute path that is about to be read; ``relative``: it was given as a relative one."""
        if path not in self._read and self._counts(path):
            self._read[path] = glance(path)
            self._relative = self._relative or (relative and path not in self._written)

    def note_named(self, path: str, relative: bool = False) -> None:
        """Take note of an absolute path that is named and may be read unseen."""
        if path not in self._named and self._counts(path):
            self._named[path] = glance(path)
            self._relative = self._relative or relative

    def note_texts(self, texts: Iterable[str]) -> None:
        """Take note of those texts that name existing files."""
        _guarded(lambda _: self._note_texts(texts), ())

    def _note_texts(self, texts: Iterable[str]) -> None:
        for text in texts:
            for path in named_files([text], os.getcwd()):
                self.note_named(str(path), not os.path.isabs(os.path.expanduser(text)))

    def note_look(self, path: str, relative: bool, asked: str) -> None:
        """Take note of an absolute path that is asked about."""
        if asked == FOLDER:
            self._relative = True
        elif (path, asked) not in self._looks and self._counts(path):
            self._looks[path, asked] = look(path, asked)
            self._relative = self._relative or relative

    def note_written(self, path: str, relative: bool = False) -> None:
        """Take note of an absolute path that is opened for writing, made or renamed to."""
        if not self._counts(path):
            return
        if path not in self._read or self._read[path].state.kind == "missing":
            self._written.setdefault(path)

    def note_source(self, path: str, relative: bool = False) -> None:
        """Take note of a module's source or compiled file that the import system opened."""
        if self._counts(path) and path.endswith(".py"):
            self._sources.setdefault(path)

    def note_variable(self, name: str, value: str | None) -> None:
        """Take note of an environment variable that is read."""
        self._variables.setdefault(name, value)

    def note_variable_set(self, name: str, before: str | None) -> None:
        """Take note of an environment variable that is about to change."""
        self._variables_set.setdefault(name, before)

    def note_host(self, host: str) -> None:
        """Take note of a host that is connected to."""
        if threading.get_ident() not in self._ignored_threads:
            self._hosts.setdefault(host)

    def note_import(self, name: str, chosen: bool) -> None:
        """Take note of a module that was imported, and of its packages; ``chosen``: at run time."""
        if threading.get_ident() in self._ignored_threads:
            return
        while name in sys.modules and name not in _NOTEBOOK and origin(name) is Origin.LOCAL:
            self._imported[chosen].setdefault(name)
            name, chosen = name.rpartition(".")[0], False

    def _counts(self, path: str) -> bool:
        """Whether a path may be an input. What the system tells in files is noted apart."""
        if threading.get_ident() in self._ignored_threads or path.startswith(self._ignored):
            return False
        if path.startswith(_SYSTEM_FOLDERS) and not path.startswith(_MEMORY_FOLDER):
            self._system.setdefault(path)
            return False
        if _TIME_ZONES in path or _FONT_LIST in path:
            return False
        return not installed_or_python(path)


_active: list[ReadRecorder] = []
_changing = threading.Lock()
_hooked = False
_wrappers: tuple[Wrappers, ImportNotes] | None = None
_patches = Patches()
# questions that every active recorder has taken note of
_told: set[object] = set()
# what the hook itself does raises events again; they are not looked at
_inside = threading.local()


def _start(recorder: ReadRecorder) -> None:
    global _hooked, _wrappers
    find_folders()
    with _changing:
        if not _hooked:
            sys.addaudithook(_hook)
            _hooked = True
        if _wrappers is None:
            _wrappers = Wrappers(_note_asked), ImportNotes(_note_import)
            for wrapper in _wrappers:
                wrapper.install()
            record_looks(_patches, _asked, _told)
            record_environment(_patches, _variable_read, _variable_set, _told)
        _told.clear()
        _active.append(recorder)


def _stop(recorder: ReadRecorder) -> None:
    global _wrappers
    with _changing:
        _active.remove(recorder)
        _told.clear()
        if not _active and _wrappers is not None:
            _patches.remove()
            for wrapper in _wrappers:
                wrapper.remove()
            _wrappers = None


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _active:
        return
    if event == "os.chdir":
        _told.clear()  # what was asked of relative paths
        return
    handle = HANDLERS.get(event)
    if getattr(_inside, "hook", False):
        return
    if handle is not None:
        _guarded(partial(handle, _tell), arguments)
    elif event == "socket.connect":
        _guarded(_reached, arguments)


@contextmanager
def unseen() -> Iterator[None]:
    """What is read in the context is on nobody's account."""
    before, _inside.hook = getattr(_inside, "hook", False), True
    try:
        yield
    finally:
        _inside.hook = before


def _guarded(handle: Callable[[tuple[Any, ...]], None], arguments: tuple[Any, ...]) -> None:
    _inside.hook = True
    try:
        handle(arguments)
    except Exception:
        # a path that cannot be told must not break what is recorded: open() will say what is wrong with it
        pass
    finally:
        _inside.hook = False


def _reached(arguments: tuple[Any, ...]) -> None:
    """A connection over the network. A pair of sockets that Python makes on Windows is none."""
    address = arguments[1]
    if isinstance(address, tuple) and len(address) >= 2 and sys._getframe(3).f_code.co_name != "socketpair":
        for recorder in tuple(_active):
            recorder.note_host(f"{address[0]}:{address[1]}")


def _asked(asked: str, path: Any) -> None:
    if not getattr(_inside, "hook", False):
        _guarded(_tell_look, (asked, path))


def _tell_look(arguments: tuple[Any, ...]) -> None:
    asked, path = arguments
    name = os.fsdecode(path)
    for recorder in _listening():
        recorder.note_look(os.path.abspath(name), not os.path.isabs(name), asked)


def _variable_read(name: str, value: str | None) -> None:
    for recorder in _listening():
        recorder.note_variable(name, value)


def _variable_set(name: str, before: str | None) -> None:
    for recorder in tuple(_active):
        recorder.note_variable_set(name, before)


def _note_asked(path: Any) -> None:
    """A wrapped reader is asked for a path (or a pattern, or a URL, which has no state to look at)."""
    name = os.fsdecode(os.fspath(path))
    if "://" in name:
        return
    # expanding a pattern lists its folder, so that a part that appears later counts as well
    for found in expand_watch([name], ""):
        _tell("note_read", found)
        # a folder of parts: its listing does not tell of a part that was written anew
        for folder, _, names in os.walk(found):
            for part in names:
                _tell("note_read", os.path.join(folder, part))


def _note_import(name: str, chosen: bool) -> None:
    # C code asks for its modules anew each time, for each of many values; a name that is no module yet may become one
    question = ("import", name, chosen, threading.get_ident())
    if question in _told:
        return
    for recorder in tuple(_active):
        recorder.note_import(name, chosen)
    if name in sys.modules:
        _told.add(question)


def _tell(what: str, path: Any) -> None:
    name = os.fsdecode(path)
    for recorder in _listening() if what in _INPUTS else tuple(_active):
        getattr(recorder, what)(os.path.abspath(name), not os.path.isabs(name))


_INPUTS = frozenset({"note_read", "note_named"})


def _listening() -> tuple[ReadRecorder, ...]:
    """Who is told of an input: the recorder of the module whose code the import system runs, else all of nodes."""
    active = tuple(_active)
    if all(recorder.module is None for recorder in active):
        return active
    whose = _executed()
    own = tuple(recorder for recorder in active if whose is not None and recorder.module is whose)
    return own or tuple(recorder for recorder in active if recorder.module is None)


def _executed() -> Mapping[str, Any] | None:
    """The namespace of the module that the import system runs innermost."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_name == "_call_with_frames_removed" and frame.f_locals.get("f") is exec:
            namespace: Mapping[str, Any] = frame.f_locals["args"][1]
            return namespace
        frame = frame.f_back
    return None
