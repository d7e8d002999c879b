"""The place in a cell where a value was changed in place, in a user's words. Asked only once a change was found."""

from __future__ import annotations

from typing import Any

from helix_jupyter.cell.mutations import place_text, suspects
from helix_jupyter.graph.declaration import Declaration

# their methods that change the value are known by name
_COMMON = frozenset({"builtins", "collections", "numpy", "pandas", "polars", "pyarrow", "scipy"})


def where_changed(declaration: Declaration, name: str, value: Any, by_helper: bool = False) -> str:
    """`` in line 3 (df["v"] *= 10)``, or nothing where the cell does not tell; lines are the cell's own.

    ``by_helper``: functions of the notebook read ``name`` as a global.
    """
    methods_known = type(value).__module__.partition(".")[0] in _COMMON
    found = suspects(declaration.code, name, methods_known)
    if found:
        return f" {place_text(found, declaration.origin.offset)}"
    return ", by a helper that reads it" if by_helper else ""
