"""When the import system runs a local module's code, from its begin to its end, reloads included.

Audit events tell of the begin alone, so the method that all loaders of Python's own share is wrapped, once per
process. Whoever asks is told of the outermost execution when all that it loaded is whole. Not seen: loaders with a way
of their own to run code, and all where another tool takes the wrapper away. An import never fails for being watched.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from importlib.machinery import SourceFileLoader
from types import FunctionType, ModuleType
from typing import Any

from helix_jupyter.fingerprint.locality import HOSTS, Origin, find_folders, origin_of_file

Ended = Callable[[list[ModuleType]], None]
Around = Callable[[ModuleType], AbstractContextManager[None]]
_state = threading.local()


def follow(around: Around, ended: Ended) -> None:
    """Run each local module's code within ``around``, and call ``ended`` with all of them that one import, from outside
    of any module, has run."""
    # whichever class has it: the loaders of compiled files and those of other tools get it from there, too
    basics: Any = next((kind for kind in SourceFileLoader.__mro__ if "exec_module" in vars(kind)), None)
    if basics is None:
        return
    original = basics.exec_module
    find_folders()

    def exec_module(self: Any, module: ModuleType) -> None:
        if not _is_local(module):
            original(self, module)
            return
        outermost = not getattr(_state, "modules", None)
        modules: list[ModuleType] = [] if outermost else _state.modules
        _state.modules = modules
        place = len(modules)
        modules.append(module)
        try:
            if sys.modules.get(module.__name__) is module:
                with around(module):
                    original(self, module)
            else:  # run by hand, and known by no name
                original(self, module)
        except BaseException:  # what failed gave nothing new
            del modules[place]
            raise
        finally:
            if outermost:
                _state.modules = []
                with suppress(Exception):
                    ended(modules)

    # tracebacks leave out frames of the import system, and this is one
    if isinstance(original, FunctionType):
        exec_module.__code__ = exec_module.__code__.replace(co_filename=original.__code__.co_filename)
    with suppress(TypeError, AttributeError):  # nothing is to be set on it: then nothing is followed
        basics.exec_module = exec_module


def _is_local(module: ModuleType) -> bool:
    file = vars(module).get("__file__")
    if module.__name__.partition(".")[0] in HOSTS:
        return False
    return isinstance(file, str) and origin_of_file(file) is Origin.LOCAL
