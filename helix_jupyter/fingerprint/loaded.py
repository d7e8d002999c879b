"""What text the loaded local modules were made from, so that a key tells what ``import`` really gives.

A module that is loaded stays as it is when its file is edited: what runs then is the text of the moment when it
was loaded. That moment is told by the interpreter's ``exec`` audit event, which both an import and a reload
raise; one hook per process, since Python offers no way to take a hook out. What was loaded before ``watch`` was
called is taken to be what its file says then.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FrameType, ModuleType
from typing import Any

from helix_jupyter.fingerprint import executions, module_reads, module_state
from helix_jupyter.fingerprint.locality import Origin, find_folders, origin, origin_of_file
from helix_jupyter.fingerprint.module_source import Does, read_source
from helix_jupyter.fingerprint.versions import find_distributions

_texts: dict[str, tuple[str, bytes]] = {}
_watching = False


class NotWhatIsLoaded(Exception):
    """What is about to be patched is not the text that the module has in memory."""


def watch() -> None:
    """Take note of every local module that is loaded now, and of those that will be."""
    global _watching
    if _watching:
        return
    _watching = True
    find_folders()
    find_distributions()
    sys.addaudithook(_hook)
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__dict__", {}).get("__file__")
        if isinstance(file, str):
            _note(name, file)
    executions.follow(_running, lambda modules: module_state.note_loaded(modules, _bound))
    module_state.note_loaded(sys.modules[name] for name in loaded_modules())


@contextmanager
def _running(module: ModuleType) -> Iterator[None]:
    module_state.note_begun(module)
    with module_reads.recorded(module):
        yield


def _bound(name: str) -> frozenset[str]:
    """The names that the text of a loaded module binds, whatever happens."""
    known = _texts.get(name)
    statements = read_source(known[1], "").statements if known is not None else ()
    return frozenset().union(*(one.binds for one in statements if one.does is not Does.ACTS))


def loaded_text(name: str, file: str) -> bytes | None:
    """The text that the module ``name`` of ``file`` has in memory; None if it is not loaded."""
    module = sys.modules.get(name)
    known = _texts.get(name)
    if known is None or module is None or not _same(known[0], file):
        return None
    return known[1]


def loaded_modules() -> tuple[str, ...]:
    """The names of all local modules that are loaded."""
    return tuple(name for name in _texts if name in sys.modules)


def _same(one: str, other: str) -> bool:
    return one == other or os.path.abspath(one) == os.path.abspath(other)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in ("exec", "compile"):
        return
    try:
        frame = sys._getframe(1)
        module = _imported(arguments[0], frame) if event == "exec" else _patched(arguments[0], frame)
        if module is not None:
            _note(module["__name__"], module["__file__"])
            if event == "compile":
                module_state.note_patched(module["__name__"], _bound)
    except NotWhatIsLoaded:
        raise
    except Exception:
        # an import must not fail because somebody watches it
        pass


def _imported(code: object, frame: FrameType) -> dict[str, Any] | None:
    """The namespace of the module whose code the import system runs."""
    if not isinstance(code, CodeType) or frame.f_code.co_name != "_call_with_frames_removed":
        return None
    namespace: dict[str, Any] = frame.f_locals["args"][1]
    return namespace


def _patched(source: object, frame: FrameType) -> dict[str, Any] | None:
    """The namespace of the module that IPython's autoreload is about to change in place, without a reload.

    It changes what differs between the text that it saw last and the file. An edit that it has not seen, since it was
    loaded later, would stay out, and no text would tell of what is in memory then. So it is stopped, and reloads the
    module instead: that is what it does wherever it cannot patch.

    Raises
    ------
    NotWhatIsLoaded
    """
    caller = frame.f_back
    if caller is None or caller.f_code.co_name != "maybe_reload_module":
        return None
    names = caller.f_locals
    seen: str = names["old_source_code"]
    if source not in (seen, seen.encode()):  # the new text, which is parsed after it
        return None
    ast.parse(names["new_source_code"])  # what does not parse is not taken up
    module: ModuleType = names["module"]
    known = _texts.get(module.__name__)
    if known is not None and ast.dump(ast.parse(known[1])) != ast.dump(ast.parse(seen)):
        raise NotWhatIsLoaded(module.__name__)
    return vars(module)


def _note(name: str, file: str) -> None:
    # whoever runs nodes stays as it is, also where it is developed: a worker that unloaded it would watch from anew,
    # and take what modules say by then for what was loaded
    if not file.endswith(".py") or origin(name) is Origin.HOST or origin_of_file(file) is not Origin.LOCAL:
        return
    try:
        with open(file, "rb") as stream:
            _texts[name] = (file, stream.read())
    except OSError:  # it lies in an archive, or is gone
        _texts.pop(name, None)
