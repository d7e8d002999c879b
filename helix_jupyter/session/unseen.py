"""Names that code reaches in ways that cannot be seen before it runs: what to say when that fails."""

from __future__ import annotations

from collections.abc import Collection

# builtins that look names up by their text
_BY_TEXT = ("eval", "exec", "globals", "locals", "vars")


def unseen_name(error: BaseException, reads: Collection[str], there: Collection[str]) -> str:
    """A sentence for a node that failed to find a name by its text although the workflow has it; else empty.

    ``reads`` are the names that its code reads, ``there`` those of nodes and notebook.
    """
    name = error.name if isinstance(error, NameError) else error.args[0] if isinstance(error, KeyError) else None
    if not isinstance(name, str) or name not in there:
        return ""
    used = next((one for one in _BY_TEXT if one in reads), None)
    if used is None:
        return ""
    return f". There is a '{name}', but what {used} looks up cannot be seen: name it in the cell itself."
