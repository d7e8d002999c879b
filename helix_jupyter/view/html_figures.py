"""Pictures that differ, side by side. Reads pictures as nodes showed them; a picture can run no script in an image."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

from helix_jupyter.version.compare_figures import FigureDiff, Picture
from helix_jupyter.view.markup import attribute, block, details, name, soft, table
from helix_jupyter.view.shrinking import within
from helix_jupyter.view.words import line, plural, size

# pictures of one node: those that are seen at once, and all with those to unfold
_SHOWN, _UNFOLDED = 4, 20
# characters of all pictures together: of those that are saved with a notebook, and of those in a file of their own
IN_A_NOTEBOOK, IN_A_FILE = 100_000, 8_000_000
# a picture of fewer says nothing any more
_LEAST = 8_000
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
# plots are drawn for white paper
_LOOK = "max-width:100%;height:auto;background:#ffffff;border-radius:4px"


def figures_html(figures: Mapping[str, Sequence[FigureDiff]], room: int = IN_A_NOTEBOOK) -> str:
    """The pictures of each node within ``room`` characters, smaller where they must be."""
    sides = [side for pairs in figures.values() for pair in pairs[:_UNFOLDED] for side in (pair.before, pair.after)]
    share = max(room // max(sum(side is not None for side in sides), 1), _LEAST)
    parts = []
    for node, pairs in figures.items():
        shown = []
        for pair in pairs[:_UNFOLDED]:
            smaller = FigureDiff(_within(pair.before, share), _within(pair.after, share))
            room -= sum(len(side.data) for side in (smaller.before, smaller.after) if side)
            if room < 0:
                break
            shown.append(smaller)
        parts.append(block(name(node)) + _pairs(node, shown, len(pairs) - len(shown)))
    return "".join(parts)


def _within(picture: Picture | None, room: int) -> Picture | None:
    """The picture, smaller; one without data where it is too large however small."""
    if picture is None:
        return None
    return within(picture, room) or replace(picture, data="")


def _pairs(node: str, pairs: Sequence[FigureDiff], left: int) -> str:
    shown = _table(node, pairs[:_SHOWN]) if pairs else ""
    if folded := pairs[_SHOWN:]:
        shown += details(plural(len(folded), "further figure"), _table(node, folded))
    rest = f"{plural(left, 'further figure')} not shown: an exported file has all"
    return shown + (block(soft(rest)) if left else "")


def _table(node: str, pairs: Sequence[FigureDiff]) -> str:
    rows = [(_picture(pair.before, f"{node} before"), _picture(pair.after, f"{node} after")) for pair in pairs]
    return table(("before", "after"), rows)


def _picture(picture: Picture | None, told: str) -> str:
    if picture is None:
        return soft("not shown in this version")
    if not picture.data:
        return soft("too large to be saved with a notebook: an exported file has it")
    if (source := picture_source(picture)) is None:
        return soft(f"no picture: {size(len(picture.data))} of something else")
    return f'<img src="{source}" alt="{attribute(f"figure of {line(told, 80)}")}" style="{_LOOK}">'


def picture_source(picture: Picture) -> str | None:
    """The picture as the value of ``src``, safe within quotes; None where it is not what it says."""
    if picture.kind == "image/svg+xml":
        return f"data:image/svg+xml,{quote(picture.data.encode('utf-8', 'replace'), safe='')}"
    if _BASE64.fullmatch(picture.data) is None:
        return None
    return f"data:{picture.kind};base64,{''.join(picture.data.split())}"
