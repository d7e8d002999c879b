"""HTML of a reason: names as code, and a changed line as two lines with the changed words marked."""

from __future__ import annotations

import re

from helix_jupyter.view.markup import code, escape, isolated, tag
from helix_jupyter.view.side_by_side import Line, side_by_side
from helix_jupyter.view.style import AFTER_WORD, BEFORE_WORD
from helix_jupyter.view.words import MINUS, line

# shorter ones read well as they are: "BINS changed: 10 -> 20"
_SHORT = 60
_CHANGE = re.compile(r"([^:`]{1,40}): (.+) -> (.+)")
_NAME = re.compile(r"`([^`]+)`")


def reason_html(text: str, limit: int = 400) -> str:
    """Why a node is in its state; ``text`` is escaped."""
    shown = line(text, limit)
    change = _CHANGE.fullmatch(shown) if len(shown) > _SHORT else None
    if change is None:
        return _prose(shown.replace(" -> ", " → "))
    rows = side_by_side(change[2], change[3])
    before = (_line(row.before, "del", MINUS, BEFORE_WORD) for row in rows if row.before)
    after = (_line(row.after, "ins", "+", AFTER_WORD) for row in rows if row.after)
    return "<br>".join((isolated(change[1]), *before, *after))


def _prose(text: str) -> str:
    # split leaves the names at odd places; samp is monospaced everywhere and needs no style of ours
    return "".join(
        tag("samp", isolated(part)) if place % 2 else isolated(part) for place, part in enumerate(_NAME.split(text))
    )


def _line(side: Line, element: str, sign: str, style: str) -> str:
    pieces = (tag(element, escape(text), style) if differs else escape(text) for text, differs in side.pieces)
    return code(f"{sign} <bdi>{''.join(pieces)}</bdi>")
