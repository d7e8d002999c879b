"""Aligned columns for terminals. Reads rows of text, returns lines."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from helix_jupyter.view.words import cells, line


def columns(rows: Sequence[Sequence[object]], right: Collection[int] = (), indent: str = "") -> str:
    """Align rows, the first of them the head; columns but the first that are empty in all other
    rows are left out.

    ``right`` are the columns aligned to the right. Widths count terminal cells, so wide characters align too.
    """
    texts = [[line(cell) for cell in row] for row in rows]
    kept = [index for index in range(len(texts[0])) if not index or any(row[index] for row in texts[1:])]
    widths = {index: max(cells(row[index]) for row in texts) for index in kept}
    return "\n".join(indent + _line(row, kept, widths, right) for row in texts).rstrip("\n")


def _line(row: Sequence[str], kept: Sequence[int], widths: dict[int, int], right: Collection[int]) -> str:
    padded = []
    for index in kept:
        space = " " * (widths[index] - cells(row[index]))
        padded.append(space + row[index] if index in right else row[index] + space)
    return "  ".join(padded).rstrip()
