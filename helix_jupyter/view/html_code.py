"""Code as HTML: one text, or two side by side with what differs marked.

Marks are ``<del>`` and ``<ins>`` and a sign before each line, so they are still there where style sheets are
not.
"""

from __future__ import annotations

from collections.abc import Sequence

from helix_jupyter.view.markup import escape
from helix_jupyter.view.side_by_side import Line, Row, side_by_side
from helix_jupyter.view.words import MINUS, plural


def code_html(code: str) -> str:
    """One text with line numbers that are not copied with it."""
    lines = "".join(_line("", number, escape(text)) for number, text in enumerate(code.rstrip().splitlines(), 1))
    return f'<pre class="helix-code" dir="ltr">{lines}</pre>'


def sides_html(before: str, after: str) -> str:
    """Two texts side by side, equal stretches left out; one text alone where the other is empty."""
    rows = side_by_side(before, after)
    sides = [_side([row.before for row in rows], rows, "before")] if before else []
    sides += [_side([row.after for row in rows], rows, "after")] if after else []
    return f'<div class="helix-sides">{"".join(sides)}</div>'


def _side(lines: Sequence[Line | None], rows: Sequence[Row], side: str) -> str:
    body = "".join(_shown(line, row, side) for line, row in zip(lines, rows, strict=True))
    return f'<pre class="helix-code" dir="ltr" aria-label="{side}">{body}</pre>'


def _shown(line: Line | None, row: Row, side: str) -> str:
    if row.skipped:
        return _line("helix-line-gap", "", f"⋯ {plural(row.skipped, 'equal line')}")
    if line is None:
        return _line("helix-line-none", "", "")
    element, sign = ("del", MINUS) if side == "before" else ("ins", "+")
    text = "".join(
        f"<{element}>{escape(piece)}</{element}>" if differs else escape(piece) for piece, differs in line.pieces
    )
    return _line(f"helix-line-{side}" if line.changed else "", line.number, text, sign if line.changed else " ")


def _line(classes: str, number: object, text: str, sign: str | None = None) -> str:
    # the newline stays inside the block: it is what keeps lines apart without a style sheet
    mark = f'<span class="helix-sign">{sign} </span>' if sign is not None else ""
    count = f'<span class="helix-count">{number:>3} </span>'
    return f'<span class="helix-line {classes}">{count}{mark}{text}\n</span>'
