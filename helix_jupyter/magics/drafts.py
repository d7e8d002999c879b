"""From the text of a cell, as it stands in an editor, to what it would declare. Runs nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from helix_jupyter.cell.options import parse_cell_comment, parse_options
from helix_jupyter.errors import CellSyntaxError, HelixError
from helix_jupyter.graph.declaration import Declaration, Origin

_MAGIC = "%%helix"


def drafts_of(
    cells: Mapping[str, str], existing: Mapping[str, Declaration], plain_python: Callable[[str], str]
) -> dict[str, Declaration | str]:
    """What each cell that is a node declares, or why it does not; other cells are left out.

    ``plain_python`` takes magics and shell lines out of a body, line for line.
    """
    from helix_jupyter.session import declaring

    found: dict[str, Declaration | str] = {}
    for cell, text in cells.items():
        parted = _parted(text)
        if parted is None:
            continue
        line, body = parted
        try:
            options = parse_options(line)
            declaration = declaring.from_text(plain_python(body), options, existing, body, Origin("<draft>", 1, cell))
            found[cell] = declaration
        except CellSyntaxError as error:
            found[cell] = f"line {error.line + 1}: {error.problem}"
        except HelixError as problem:
            found[cell] = str(problem)
    return found


def _parted(text: str) -> tuple[str, str] | None:
    """The declaring line's options and the body; None for a cell that declares nothing."""
    stripped = text.lstrip("\n")
    if stripped.startswith(_MAGIC) and not stripped[len(_MAGIC) : len(_MAGIC) + 1].strip():
        first, _, body = stripped.partition("\n")
        return first[len(_MAGIC) :].strip(), body
    return parse_cell_comment(text)
