"""Code as HTML: one text, or two side by side with what differs marked.

Marks are ``<del>`` and ``<ins>`` and a sign before each line, so they are still there where styles are not. A table
rather than two columns of text: long lines wrap, and what belongs together stays side by side.
"""

from __future__ import annotations

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
    return f'<pre dir="ltr" style="{SOURCE}">{escape(code.rstrip())}</pre>'


def sides_html(before: str, after: str) -> str:
    """Two texts side by side, equal stretches left out; one text alone where the other is empty."""
    if not before or not after:
        return code_html(before or after)
    rows = "".join(tag("tr", _row(row), PLAIN_ROW) for row in side_by_side(before, after))
    return f'<table dir="ltr" style="{SIDES}"><tbody>{rows}</tbody></table>'


def _row(row: Row) -> str:
    if row.skipped:
        told = f'<span style="{SOFT}">⋯ {plural(row.skipped, "equal line")}</span>'
        return f'<td colspan="2" style="{SIDE}">{told}</td>'
    return _side(row.before, "del", MINUS, BEFORE, BEFORE_WORD) + _side(row.after, "ins", "+", AFTER, AFTER_WORD)


def _side(line: Line | None, element: str, sign: str, ground: str, word: str) -> str:
    if line is None:
        return f'<td style="{SIDE};background:{NOTHING}"></td>'
    pieces = "".join(tag(element, escape(text), word) if differs else escape(text) for text, differs in line.pieces)
    number = f"{line.number:>3} {sign if line.changed else ' '} "
    count = f'<span class="helix-count" style="{SOFT}">{number}</span>'
    colour = f";background:{ground}" if line.changed else ""
    return f'<td style="{SIDE}{colour}"><code style="{SIDE_CODE}">{count}{pieces}</code></td>'
