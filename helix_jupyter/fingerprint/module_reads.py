"""What local modules read of files and environment while they were imported (``CONFIG = json.load(open("c.json"))``).

It is part of what lies in memory, whoever imports the module then, until it is loaded anew. Recorded by the import
itself, with the digests of that moment; a node that reads a file while it runs is the matter of ``reads``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from helix_jupyter.fingerprint.files import FileState, file_state
from helix_jupyter.fingerprint.framing import digest_fields
from helix_jupyter.fingerprint.reads import ReadRecorder, Seen, unseen
from helix_jupyter.fingerprint.types import ModuleReads

# a file that changed while it was read: nobody can tell what the module saw of it
_UNSURE = digest_fields("changed while it was read")
_found: dict[str, tuple[Mapping[str, Any], ModuleReads]] = {}


@contextmanager
def recorded(module: ModuleType) -> Iterator[None]:
    """Record what ``module`` reads while its code runs in the context."""
    recorder = ReadRecorder(module=vars(module))
    with recorder:
        yield
    with unseen():
        reads = _reads(recorder.seen())
    _found.pop(module.__name__, None)
    if reads is not None:
        _found[module.__name__] = vars(module), reads


def _reads(seen: Seen) -> ModuleReads | None:
    files = {}
    for path, was in {**seen.files, **seen.named}.items():
        state = file_state(path)
        files[path] = state if was.stands(path, state.digest) else FileState(state.kind, _UNSURE, names=state.names)
    found = ModuleReads(files, seen.looks, seen.variables, _folder() if seen.relative else None)
    return found if files or seen.looks or seen.variables else None


def _folder() -> Path | None:
    try:
        return Path.cwd()
    except OSError:  # it is gone, and with it what was relative to it
        return None


def module_reads(module: str) -> ModuleReads | None:
    """What the module in memory read when it was imported; None if it is not loaded or read nothing."""
    found = _found.get(module)
    if found is None or getattr(sys.modules.get(module), "__dict__", None) is not found[0]:
        return None
    return found[1]


def all_module_reads() -> dict[str, ModuleReads]:
    """The same of all loaded modules that read something."""
    return {module: reads for module in tuple(_found) if (reads := module_reads(module)) is not None}


def changed_since(modules: Iterable[str]) -> dict[str, str]:
    """``{file or variable: module}`` of what loaded modules read and what is something else by now."""
    found = {}
    for module in modules:
        reads = module_reads(module)
        if reads is not None:
            for path, state in reads.files.items():
                if file_state(path, state).digest != state.digest:
                    found[path.name] = module
            for name, value in reads.variables.items():
                if os.environ.get(name) != value:
                    found[name] = module
    return found
