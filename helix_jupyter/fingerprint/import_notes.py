"""Which modules running code asks for, those that are loaded already included: noted while somebody records.

Python raises its ``import`` audit event for modules alone that are not loaded yet, so the two functions that all
imports go through are wrapped: ``builtins.__import__`` (statements, unpickling, direct calls) and what
``importlib.import_module`` calls. An import statement is told from the rest, since what it imports stands in the
code; the rest was chosen at run time.
"""

from __future__ import annotations

import _frozen_importlib
import builtins
import dis
import sys
from collections.abc import Callable
from types import CodeType
from typing import Any

from helix_jupyter.fingerprint.module_source import resolve_relative

# called with the absolute name of a module, and whether it was chosen at run time
Note = Callable[[str, bool], None]
_IMPORT_NAME = dis.opmap["IMPORT_NAME"]
# what import_module calls; private, but as old as importlib itself
_GET = "_gcd_import"


class ImportNotes:
    """Puts the wrappers in place and takes them away."""

    def __init__(self, note: Note) -> None:
        self._note = note
        self._import = builtins.__import__
        self._get = getattr(_frozen_importlib, _GET, None)
        # by (code, where in it): the code, which so stays alive, and whether a statement of it imports there
        self._places: dict[tuple[int, int], tuple[CodeType, bool]] = {}

    def install(self) -> None:
        """Wrap both."""
        builtins.__import__ = self._importing
        if self._get is not None:
            setattr(_frozen_importlib, _GET, self._getting)

    def remove(self) -> None:
        """Put both back, unless somebody else has wrapped them meanwhile: then they stay, and note nothing."""
        if builtins.__import__ == self._importing:
            builtins.__import__ = self._import
        if getattr(_frozen_importlib, _GET, None) == self._getting:
            setattr(_frozen_importlib, _GET, self._get)

    def _importing(self, name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        found = self._import(name, globals, locals, fromlist, level)
        frame = sys._getframe(1)
        place = (id(frame.f_code), frame.f_lasti)
        known = self._places.get(place)
        if known is not None and known[1]:
            return found
        if known is None:
            is_statement = frame.f_lasti >= 0 and frame.f_code.co_code[frame.f_lasti] == _IMPORT_NAME
            known = self._places[place] = frame.f_code, is_statement
        absolute = resolve_relative((globals or {}).get("__package__") or "", level, name)
        for each in (absolute, *(f"{absolute}.{member}" for member in fromlist or ())):
            self._note(each, not known[1])
        return found

    def _getting(self, name: str, package: Any = None, level: int = 0) -> Any:
        assert self._get is not None
        found = self._get(name, package, level)
        self._note(resolve_relative(package or "", level, name), True)
        return found
