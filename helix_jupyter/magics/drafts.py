"""From the text of a cell, as it stands in an editor, to what it would declare. Runs nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from helix_jupyter.cell.options import parse_cell_comment, parse_options
from helix_jupyter.errors import CellSyntaxError, HelixError
from helix_jupyter.graph.declaration import Declaration, Origin

_MAGIC = "%%helix"


class Readings:
    """What cells declare, read once for each text: of a notebook that is being typed, one cell is another each time.

    ``plain_python`` takes magics and shell lines out of a body, line for line. Any thread may ask.
    """

    def __init__(self, plain_python: Callable[[str], str]) -> None:
        self._plain_python = plain_python
        self._known: Mapping[str, tuple[str, Declaration | str | None]] = {}

    def of(self, cells: Mapping[str, str], existing: Mapping[str, Declaration]) -> dict[str, Declaration | str]:
        """What each cell that is a node declares, or why it does not; other cells are left out."""
        known, found = self._known, dict[str, tuple[str, Declaration | str | None]]()
        for cell, text in cells.items():
            before = known.get(cell)
            is_known = before is not None and before[0] == text and not _depends_on_others(before[1])
            found[cell] = before if before is not None and is_known else (text, self._read(cell, text, existing))
        self._known = found
        return {cell: one for cell, (_, one) in found.items() if one is not None}

    def _read(self, cell: str, text: str, existing: Mapping[str, Declaration]) -> Declaration | str | None:
        from helix_jupyter.session import declaring

        parted = _parted(text)
        if parted is None:
            return None
        line, body = parted
        try:
            options = parse_options(line)
            origin = Origin("<draft>", 1, cell, replaces=options.replace)
            return declaring.from_text(self._plain_python(body), options, existing, body, origin)
        except CellSyntaxError as error:
            counted = error.below(1, "<draft>")
            return f"line {counted.line}: {counted.problem}"
        except HelixError as problem:
            return str(problem)


def declares(text: str) -> bool:
    """Whether a cell is a node's; others are plain."""
    return _parted(text) is not None


def replaces(text: str) -> bool | None:
    """Whether a cell says that it takes the place of another one's declaration; None where it declares nothing."""
    parted = _parted(text)
    try:
        return parse_options(parted[0]).replace if parted is not None else None
    except HelixError:
        return False


def _depends_on_others(one: Declaration | str | None) -> bool:
    """Whether what a cell declares may be another beside other declarations: a link in a chain is numbered."""
    return isinstance(one, Declaration) and one.update


def _parted(text: str) -> tuple[str, str] | None:
    """The declaring line's options and the body; None for a cell that declares nothing."""
    stripped = text.lstrip("\n")
    if stripped.startswith(_MAGIC) and not stripped[len(_MAGIC) : len(_MAGIC) + 1].strip():
        first, _, body = stripped.partition("\n")
        return first[len(_MAGIC) :].strip(), body
    return parse_cell_comment(text)
