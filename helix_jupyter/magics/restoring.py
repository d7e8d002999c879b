"""What a front end asks for before it brings a version back into its notebook: ``version.restoring`` over the comm."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from helix_jupyter.cell.analyse import analyse
from helix_jupyter.cell.options import parse_cell_comment
from helix_jupyter.errors import MalformedMessage

if TYPE_CHECKING:
    from helix_jupyter.magics.helix_magics import HelixMagics
    from helix_jupyter.version.types import Version

_MAGIC = re.compile(r"\s*%%helix\b")


def restored(magics: HelixMagics, plain_python: Callable[[str], str], question: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer to ``restore`` {version, cells: {id: text of a code cell}, in the document's order}: the fields of
    ``version.restoring.Restoration``, and the version's number. ``plain_python`` takes magics and shell lines out.

    Raises
    ------
    MalformedMessage, UnknownVersion
    """
    from helix_jupyter.version.restoring import restoration

    number, cells = _read(question)
    session = magics.session
    version = session.version(number)
    declared = {one.origin.cell: node for node, one in session.declarations.items() if one.origin.cell is not None}
    made = _made_by_plain_cells(cells, version, plain_python)
    return {"version": version.id, **asdict(restoration(version, cells, declared, made))}


def _read(question: Mapping[str, Any]) -> tuple[int, Mapping[str, str]]:
    number, cells = question.get("version"), question.get("cells")
    if not isinstance(number, int) or isinstance(number, bool):
        raise MalformedMessage(f"version is {number!r:.40}, no number", question["id"])
    if not isinstance(cells, Mapping) or not all(isinstance(text, str) for text in cells.values()):
        raise MalformedMessage("cells are no texts", question["id"])
    return number, cells


def _made_by_plain_cells(
    cells: Mapping[str, str], version: Version, plain_python: Callable[[str], str]
) -> Collection[str]:
    """Which of the names that a version captured are made by cells that are no node."""
    made: set[str] = set()
    for text in cells.values():
        if _MAGIC.match(text) or parse_cell_comment(text):
            continue
        try:
            writes = analyse(plain_python(text)).writes
        except SyntaxError:  # one that is being written counts by its words
            writes = tuple(re.findall(r"\w+", text))
        made.update(version.captures if "*" in writes else writes)
    return made
