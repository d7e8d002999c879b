"""What running code consults that no key knows of: environment variables, clock, entropy, network, other processes.

Watches every call (``sys.setprofile``), which slows pure Python down several times: for audits only.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from types import CodeType, FrameType, TracebackType
from typing import Any

from helix_jupyter.fingerprint import environment
from helix_jupyter.fingerprint.locality import Origin, origin

_CLOCK = "the clock"
_ENTROPY = "unseeded randomness"
_ALL_VARIABLES = "the environment variables"
# what the system tells in files
_MACHINE, _PROCESS = "the machine's state", "the state of the process"
_OWN_FILES = re.compile(r"/proc/(?:self|thread-self|\d+)/")
_OF_SYSTEM = ("/proc/", "/sys/")
_RANDOM_DEVICES = frozenset({"/dev/random", "/dev/urandom"})
_IN_C = {
    "time.time": _CLOCK,
    "time.time_ns": _CLOCK,
    "time.localtime": _CLOCK,
    "time.gmtime": _CLOCK,
    "time.ctime": _CLOCK,
    "time.strftime": _CLOCK,
    "time.perf_counter": _CLOCK,
    "time.perf_counter_ns": _CLOCK,
    "time.monotonic": _CLOCK,
    **dict.fromkeys(("time.process_time", "time.process_time_ns", "time.thread_time", "time.thread_time_ns"), _CLOCK),
    **dict.fromkeys(("time.monotonic_ns", "time.clock_gettime", "time.clock_gettime_ns", "posix.times"), _CLOCK),
    "datetime.now": _CLOCK,
    "datetime.utcnow": _CLOCK,
    "datetime.today": _CLOCK,
    "date.today": _CLOCK,
    "posix.urandom": _ENTROPY,
    "nt.urandom": _ENTROPY,
    "posix.getrandom": _ENTROPY,
    "posix.getloadavg": _MACHINE,
    "resource.getrusage": _PROCESS,
    "posix.getpid": "the process's number",
    "nt.getpid": "the process's number",
    "socket.connect": "the network",
    "_socket.gethostname": "the machine's name",
    "_socket.getaddrinfo": "the network",
    "builtins.id": "addresses in memory",
    "builtins.hash": "hashes, which differ per process",
}
# the more likely the cause of a difference, the earlier
_ORDER = ("the environment", _ENTROPY, "the network", "another process", _CLOCK)


class Consulted:
    """Records what the code inside the context consults.

    ``sources`` are lines for people, most likely cause first: ``the environment variable `MODE` (line 2)``. What only
    packages consult on their own account stands behind what the user's code does.
    """

    def __init__(self, filename: str) -> None:
        self._filename = filename
        self._own: dict[tuple[str, str], None] = {}
        self._others: dict[tuple[str, str], None] = {}
        self._before: Callable[..., Any] | None = None
        self._in_python: dict[CodeType, Callable[[FrameType], str]] = {
            _environ_read().__code__: _variable,
            _environ_all().__code__: lambda frame: _ALL_VARIABLES,
            random.Random.seed.__code__: _seed,
            subprocess.Popen.__init__.__code__: lambda frame: "another process",
        }

    @property
    def sources(self) -> tuple[str, ...]:
        """What was consulted."""
        found = [*sorted(self._own, key=_rank), *sorted(self._others, key=_rank)]
        # who reads them all reads each
        whole = {place for source, place in found if source == _ALL_VARIABLES}
        each = (one for one in found if one[1] not in whole or not one[0].startswith(_VARIABLE))
        return tuple(dict.fromkeys(f"{source} ({place})" for source, place in each))

    def __enter__(self) -> Consulted:
        self._before = sys.getprofile()
        threading.setprofile(self._look)
        sys.setprofile(self._look)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        sys.setprofile(self._before)
        threading.setprofile(self._before)

    def _look(self, frame: FrameType, event: str, argument: Any) -> None:
        if event == "c_call":
            source = _IN_C.get(_name(argument))
            if source is not None:
                self._note(source, frame)
        elif event == "call" and frame.f_code in self._in_python:
            found = self._in_python[frame.f_code](frame)
            if found and frame.f_back is not None:
                self._note(found, frame.f_back)

    def _note(self, source: str, frame: FrameType | None) -> None:
        """Take note of a source, with the place in the user's code, or the package, that asked for it."""
        package = ""
        for one in _callers(frame):
            name = str(one.f_globals.get("__name__"))
            if name.startswith("importlib."):  # what a module does when it is first imported is no input
                return
            if one.f_code is os.get_exec_path.__code__:  # where a program lies is no input of what it gives
                return
            if name == environment.__name__:  # it stands between a variable and whoever reads it
                continue
            whose = origin(name)
            if whose is Origin.HOST:
                return
            if whose is Origin.THIRD_PARTY:
                package = package or name.partition(".")[0]
            elif whose is Origin.LOCAL:
                if package:
                    self._others[source, f"by {package}"] = None
                else:
                    self._own[source, self._place(one)] = None
                return

    def _place(self, frame: FrameType) -> str:
        if frame.f_code.co_filename == self._filename:
            return f"line {frame.f_lineno}"
        return f"in {frame.f_code.co_name}()"


def _callers(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _name(function: Any) -> str:
    module = getattr(function, "__module__", None)
    qualified = getattr(function, "__qualname__", "")
    return f"{module}.{qualified}" if module else qualified


def system_sources(paths: Iterable[str]) -> tuple[str, ...]:
    """What files of the system stand for, as lines of ``Consulted.sources``: ``the machine's state (/proc/uptime)``."""
    found = ((_stands_for(path), path) for path in paths)
    return tuple(f"{source} ({path})" for source, path in found if source)


def _stands_for(path: str) -> str:
    if path in _RANDOM_DEVICES:
        return _ENTROPY
    if _OWN_FILES.match(path):
        return _PROCESS
    return _MACHINE if path.startswith(_OF_SYSTEM) else ""


_VARIABLE = "the environment variable `"


def _variable(frame: FrameType) -> str:
    name = frame.f_locals.get("key")
    # ``os.environb`` asks with bytes
    return f"{_VARIABLE}{os.fsdecode(name) if isinstance(name, bytes) else name}`"


def _seed(frame: FrameType) -> str:
    return "" if frame.f_locals.get("a") is not None else _ENTROPY


def _environ_read() -> Any:
    return type(os.environ).__getitem__


def _environ_all() -> Any:
    return type(os.environ).__iter__


def _rank(item: tuple[str, str]) -> int:
    return next((place for place, start in enumerate(_ORDER) if item[0].startswith(start)), len(_ORDER))
