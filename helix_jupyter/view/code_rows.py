"""Two texts of code side by side as JSON: aligned rows, words that differ, what each character is. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from helix_jupyter.view.highlight import kinds
from helix_jupyter.view.side_by_side import Line, Row, side_by_side


def code_rows(before: str, after: str) -> list[dict[str, Any]]:
    """The rows of a browser's picture of a change; see ``view.documents`` for what is in one."""
    old, new = kinds(before), kinds(after)
    if before == after:
        return [_folded(range(len(old)), 0, before.splitlines(), old)] if old else []
    return list(_rows(side_by_side(before, after), before.splitlines(), old, new))


def _rows(
    rows: Sequence[Row], lines: Sequence[str], old: Sequence[str], new: Sequence[str]
) -> Iterator[dict[str, Any]]:
    at, ahead = 0, 0  # lines of the earlier text so far, and by how many the later one is ahead
    for row in rows:
        if row.skipped:
            yield _folded(range(at, at + row.skipped), ahead, lines, old)
            at += row.skipped
            continue
        yield {"before": _line(row.before, old), "after": _line(row.after, new)}
        at += row.before is not None
        ahead += (row.after is not None) - (row.before is not None)


def _folded(places: range, ahead: int, lines: Sequence[str], letters: Sequence[str]) -> dict[str, Any]:
    folded = [[at + 1, at + 1 + ahead, lines[at], letters[at][: len(lines[at])]] for at in places]
    return {"skipped": len(places), "lines": folded}


def _line(line: Line | None, letters: Sequence[str]) -> dict[str, Any] | None:
    if line is None:
        return None
    length = sum(len(text) for text, _ in line.pieces)
    pieces = [[text, differs] for text, differs in line.pieces]
    return {
        "number": line.number,
        "changed": line.changed,
        "pieces": pieces,
        "kinds": letters[line.number - 1][:length],
    }
