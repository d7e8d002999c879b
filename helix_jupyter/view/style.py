"""Colours, and the few inline styles that all HTML is written with.

A notebook from elsewhere is opened untrusted: JupyterLab then drops style sheets, but keeps inline styles. So the looks
are inline, once and the same everywhere; what the page gives (text colour, fonts, striped rows) is left as it is, so
that every theme is met. ``var``, ``color-mix`` and ``inherit`` are not let through, hence plain values. The one sheet
holds what cannot be said inline and what nobody misses where it is dropped.
"""

from __future__ import annotations

# middle tones: each has a contrast of 3:1 or more with white and with #111, which is what lines and marks need;
# words stay in the page's own colour
COLOURS = {
    "compute": "#c2620c",
    "load": "#2a78d0",
    "prune": "#78818c",
    "failed": "#d1383d",
    "interrupted": "#c2620c",
    "done": "#2b8a4b",
    "added": "#2b8a4b",
    "removed": "#d1383d",
    "edited": "#c2620c",
    "affected": "#8f63d2",
    "same": "#78818c",
    "none": "#78818c",
}

# a grey that is a faint line on white and on black alike
LINE = "1px solid rgba(128,128,128,0.35)"

CODE = "background:none;padding:0"
SOFT = "opacity:0.7"
BLOCK = "margin:2px 0 6px"
HEADING = "margin:14px 0 4px;font-size:100%"
SCROLLED = "overflow-x:auto"
TABLE = "margin:0 0 6px"
CELL = "text-align:left;padding:3px 10px"
FIGURE = "text-align:right;padding:3px 10px;white-space:nowrap"
CHIP = f"display:inline-block;border:{LINE};border-radius:6px;padding:1px 9px;margin:2px 6px 2px 0;white-space:nowrap"
SOURCE = f"border:{LINE};border-radius:6px;padding:6px 10px;margin:4px 0;white-space:pre-wrap;font-size:12px"
SIDES = f"border:{LINE};border-collapse:collapse;table-layout:fixed;width:100%;margin:4px 0 8px"
# a line that wraps goes on below its own beginning, not below its number
SIDE = "text-align:left;vertical-align:top;padding:1px 8px 1px 4.2em;text-indent:-3.6em;font-size:12px"
SIDE_CODE = "background:none;padding:0;white-space:pre-wrap;overflow-wrap:break-word"
PLAIN_ROW = "background:none"
BEFORE, AFTER, NOTHING = "rgba(209,56,61,0.12)", "rgba(43,138,75,0.13)", "rgba(128,128,128,0.10)"
BEFORE_WORD = "background:rgba(209,56,61,0.32);text-decoration:none;border-radius:2px"
AFTER_WORD = "background:rgba(43,138,75,0.34);text-decoration:none;border-radius:2px"

# code in colour; each has a contrast of 4.5:1 or more with its ground, marked words' grounds included
SYNTAX = {
    "k": ("#8a0a1c", "#ff9a93"),
    "s": ("#0a3069", "#a5d6ff"),
    "c": ("#3c434b", "#adb5be"),
    "n": ("#04429a", "#8fcbff"),
    "f": ("#582ca8", "#dcbcff"),
    "b": ("#7a2e00", "#ffb77c"),
}


def syntax(before: str, dark: bool) -> str:
    """The rules of code's colours, each behind the selector ``before``."""
    return "".join(f"{before}.helix-{kind}{{color:{both[dark]}}}" for kind, both in SYNTAX.items())


# pictures follow JupyterLab's theme rather than the system's; line numbers are not copied with code
SHEET = (
    "<style>[data-jp-theme-light=true] .helix img{color-scheme:light}"
    "[data-jp-theme-light=false] .helix img{color-scheme:dark}.helix-count{user-select:none}"
    f"{syntax('.helix ', False)}{syntax('[data-jp-theme-light=false] .helix ', True)}"
    f"{syntax('.vscode-dark .helix ', True)}</style>"
)


def mixed(colour: str, ground: str, share: float) -> str:
    """``share`` of one colour with the rest of another, both as ``#rrggbb``."""
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(share * one + (1 - share) * other):02x}" for one, other in pairs)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))
