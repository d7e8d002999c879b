"""Plain cells as the kernel ran them last, and which of their names an editor shows otherwise by now. Runs nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from helix_jupyter.cell.definitions import EVERYTHING_OF, definitions
from helix_jupyter.errors import CellSyntaxError
from helix_jupyter.magics.drafts import declares
from helix_jupyter.session.waiting import PlainEdit

# by cell: a text, and what it defines
_Read = dict[str, tuple[str | None, Mapping[str, int]]]


@dataclass(frozen=True)
class _Ran:
    text: str
    prompt: int | None


class PlainCells:
    """The plain cells of one shell. Of a cell that never ran whole here nothing is known, so a restart forgets all.

    ``plain_python`` takes magics and shell lines out of a text. Any thread may ask.
    """

    def __init__(self, plain_python: Callable[[str], str]) -> None:
        self._plain_python = plain_python
        self._ran: Mapping[str, _Ran] = {}
        # what was found, so that a text is read once
        self._executed: _Read = {}
        self._typed: _Read = {}

    def ran(self, result: Any) -> None:
        """A cell ran (IPython's ``ExecutionResult``): one that failed may have bound only some of its names."""
        info = result.info
        cell, text = getattr(info, "cell_id", None), info.raw_cell or ""
        if cell is None or not result.success:
            return
        others = {other: one for other, one in self._ran.items() if other != cell}
        self._ran = others if declares(text) else {**others, cell: _Ran(text, result.execution_count)}

    def edited(self, cells: Mapping[str, str]) -> dict[str, PlainEdit]:
        """The names that would stand for something else if one of these cells ran as it stands, by itself.

        While a text does not parse, what it said before counts.
        """
        found: dict[str, PlainEdit] = {}
        for cell, one in self._ran.items():
            text = cells.get(cell, one.text)
            if text == one.text or declares(text):
                self._typed.pop(cell, None)
                continue
            before = self._defined(self._executed, cell, one.text, {})
            now = self._defined(self._typed, cell, text, before)
            for name in dict.fromkeys((*now, *before)):
                if before.get(name) != now.get(name):
                    edit = PlainEdit(one.prompt, name not in now)
                    found |= {bound: edit for bound in _bound(name) if bound not in found}
        return found

    def _defined(self, read: _Read, cell: str, text: str, otherwise: Mapping[str, int]) -> Mapping[str, int]:
        of, found = read.get(cell, (None, otherwise))
        if of == text:
            return found
        try:
            found = definitions(self._plain_python(text))
        except (CellSyntaxError, SyntaxError):  # IPython's own transformations raise it
            return found
        read[cell] = text, found
        return found


def _bound(name: str) -> Iterable[str]:
    """The names that stand behind ``from module import *``, where that is loaded: it is not imported to look."""
    if not name.endswith(EVERYTHING_OF):
        return (name,)
    module = sys.modules.get(name.removesuffix(EVERYTHING_OF))
    given = dict(vars(module)) if isinstance(module, ModuleType) else {}
    return tuple(given.get("__all__") or (one for one in given if not one.startswith("_")))
