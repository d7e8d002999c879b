"""Numbers, times and untrusted text as people read them. The one place where text from outside is made
harmless.

Escaping for HTML is done where HTML is written (``view.markup``); here only what harms any reader: control
characters that drive a terminal, and marks that reorder a line so that code reads other than it runs
(CVE-2021-42574).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from helix_jupyter.plan.types import State
from helix_jupyter.units import format_bytes, format_duration, format_range

# typographic marks, spelt once: an en dash for "none", a true minus sign beside figures
NONE, MINUS = "\u2013", "\u2212"
# characters that no front end shows as a coloured emoji
MARKS = {
    "compute": "▸",
    "load": "↓",
    "prune": NONE,
    "failed": "✗",
    "interrupted": "■",
    "done": "✓",
    "added": "+",
    "removed": MINUS,
    "edited": "~",
    "affected": "→",
    "same": "=",
    "none": NONE,
}
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff\ufffe\uffff]"
)


def clean(text: object) -> str:
    """``text`` with each control character, direction mark or lone surrogate written out (``\\x1b``)."""
    return _HARMFUL.sub(_written_out, str(text))


def line(text: object, limit: int = 200) -> str:
    """``text`` on one line, cleaned, at most ``limit`` characters."""
    return shorten(clean(" ".join(str(text).split())), limit)


def shorten(text: str, limit: int) -> str:
    """The first ``limit`` characters, the last of them an ellipsis where something was cut off."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def cells(text: str) -> int:
    """Terminal cells that ``text`` takes: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(_cells(character) for character in text)


def plural(count: int, noun: str) -> str:
    """``1 node``, ``2 nodes``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def seconds(value: float | None, guessed: bool = False) -> str:
    """A duration; empty for none at all."""
    if not value or not math.isfinite(value):
        return ""
    return ("about " if guessed else "") + format_duration(value)


def about(value: float, likely: tuple[float, float]) -> str:
    """``about 2.1 s, likely 1.8-2.6``: a forecast and what it stays within four times of five; empty for nothing."""
    between = format_range(*likely)
    told = seconds(value, guessed=True)
    return f"{told}, likely {between}" if told and between else told


def size(value: int | None) -> str:
    """A number of bytes; empty for none."""
    return format_bytes(value) if value else ""


def number(value: float | None) -> str:
    """A metric: four significant digits, thousands of large whole numbers apart, a dash for none."""
    if value is None:
        return NONE
    if not math.isfinite(value):
        return str(float(value))
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    if 0.0001 <= abs(value) < 10:
        return f"{value:.4f}"
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.1f}"


def numbers(before: float | None, after: float | None) -> tuple[str, str]:
    """Two metrics with as many digits as it takes to see that they differ."""
    texts = number(before), number(after)
    if texts[0] != texts[1] or before == after or before is None or after is None:
        return texts
    for digits in range(5, 17):
        texts = f"{before:.{digits}g}", f"{after:.{digits}g}"
        if texts[0] != texts[1]:
            return texts
    return repr(before), repr(after)


def signed(value: float | None) -> str:
    """A difference with its sign; empty for none."""
    if value is None or math.isnan(value):
        return ""
    text = number(abs(value)) if abs(value) >= 0.00005 or not value else f"{abs(value):.2g}"
    return f"{MINUS if value < 0 else '+' if value > 0 else '±'}{text}"


def verdict(better: bool | None) -> str:
    """Whether a change is for the better, as a word; empty where that is not known."""
    return {True: "better", False: "worse", None: ""}[better]


def moment(created: float) -> str:
    """A time of day, local, to the minute."""
    try:
        return datetime.fromtimestamp(created).astimezone().strftime("%Y-%m-%d %H:%M")
    except (OverflowError, ValueError, OSError):
        return ""


def counts(of: Iterable[tuple[State, int]], past: bool = False) -> str:
    """``3 to compute, 2 to load, 7 pruned``, or ``computed 3, loaded 2, pruned 7``."""
    before = {State.COMPUTE: "computed", State.LOAD: "loaded", State.PRUNE: "pruned"}
    coming = {State.COMPUTE: "to compute", State.LOAD: "to load", State.PRUNE: "pruned"}
    return ", ".join(
        f"{before[state]} {count:,}" if past else f"{count:,} {coming[state]}" for state, count in of if count
    )


def names(items: Iterable[str], limit: int = 6) -> str:
    """Names with commas, each on one line and not too long, the rest as a number."""
    listed = list(items)
    rest = f" and {len(listed) - limit:,} more" if len(listed) > limit else ""
    return ", ".join(line(item, 60) for item in listed[:limit]) + rest


def _written_out(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _cells(character: str) -> int:
    if unicodedata.combining(character) or character in "\u200b\u200d\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
