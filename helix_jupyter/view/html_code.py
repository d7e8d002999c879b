"""Code as HTML: one text, or two side by side with what differs marked.

Marks are ``<del>`` and ``<ins>`` and a sign before each line, so they are still there where styles are not. A table
rather than two columns of text: long lines wrap, and what belongs together stays side by side.
"""

from __future__ import annotations

from collections.abc import Sequence

from helix_jupyter.view.highlight import kinds, runs
from helix_jupyter.view.markup import escape, tag
from helix_jupyter.view.side_by_side import Line, Row, side_by_side
from helix_jupyter.view.style import (
    AFTER,
    AFTER_WORD,
    BEFORE,
    BEFORE_WORD,
    NOTHING,
    PLAIN_ROW,
    SIDE,
    SIDE_CODE,
    SIDES,
    SOFT,
    SOURCE,
)
from helix_jupyter.view.words import MINUS, plural


def code_html(code: str) -> str:
    """One text as it was written."""
    text = code.rstrip()
    lines = zip(text.splitlines(keepends=True), kinds(text), strict=True)
    shown = "".join(_coloured(line, letters) for line, letters in lines)
    return f'<pre dir="ltr" style="{SOURCE}"><code style="{SIDE_CODE}">{shown}</code></pre>'


def _coloured(text: str, letters: str) -> str:
    return "".join(
        f'<span class="helix-{kind}">{escape(part)}</span>' if kind else escape(part)
        for part, kind in runs(text, letters)
    )


def sides_html(before: str, after: str) -> str:
    """Two texts side by side, equal stretches left out; one text alone where the other is empty."""
    if not before or not after:
        return code_html(before or after)
    colours = kinds(before), kinds(after)
    rows = "".join(tag("tr", _row(row, *colours), PLAIN_ROW) for row in side_by_side(before, after))
    return f'<table dir="ltr" style="{SIDES}"><tbody>{rows}</tbody></table>'


def _row(row: Row, old: Sequence[str], new: Sequence[str]) -> str:
    if row.skipped:
        told = f'<span style="{SOFT}">⋯ {plural(row.skipped, "equal line")}</span>'
        return f'<td colspan="2" style="{SIDE}">{told}</td>'
    before = _side(row.before, old, "del", MINUS, BEFORE, BEFORE_WORD)
    return before + _side(row.after, new, "ins", "+", AFTER, AFTER_WORD)


def _side(line: Line | None, letters: Sequence[str], element: str, sign: str, ground: str, word: str) -> str:
    if line is None:
        return f'<td style="{SIDE};background:{NOTHING}"></td>'
    pieces, start = "", 0
    for text, differs in line.pieces:
        shown = _coloured(text, letters[line.number - 1][start:])
        pieces += tag(element, shown, word) if differs else shown
        start += len(text)
    number = f"{line.number:>3} {sign if line.changed else ' '} "
    count = f'<span class="helix-count" style="{SOFT}">{number}</span>'
    colour = f";background:{ground}" if line.changed else ""
    return f'<td style="{SIDE}{colour}"><code style="{SIDE_CODE}">{count}{pieces}</code></td>'
