"""Pictures that differ, side by side. Reads pictures as nodes showed them; a picture can run no script in an image."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from helix_jupyter.version.compare_figures import FigureDiff, Picture
from helix_jupyter.view.markup import attribute, block, details, name, soft, table
from helix_jupyter.view.words import line, plural, size

# of one node; the rest is to unfold, and beyond the second figure only counted, so that an output stays an output
_SHOWN, _UNFOLDED = 4, 20
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
# plots are drawn for white paper
_LOOK = "max-width:100%;height:auto;background:#ffffff;border-radius:4px"


def figures_html(figures: Mapping[str, Sequence[FigureDiff]]) -> str:
    """The pictures of each node."""
    return "".join(block(name(node)) + _pairs(node, pairs) for node, pairs in figures.items())


def _pairs(node: str, pairs: Sequence[FigureDiff]) -> str:
    shown = _table(node, pairs[:_SHOWN])
    if rest := pairs[_SHOWN:_UNFOLDED]:
        shown += details(f"{plural(len(rest), 'further figure')}", _table(node, rest))
    left = len(pairs) - _UNFOLDED
    return shown + (block(soft(f"{plural(left, 'further figure')} not shown")) if left > 0 else "")


def _table(node: str, pairs: Sequence[FigureDiff]) -> str:
    rows = [(_picture(pair.before, f"{node} before"), _picture(pair.after, f"{node} after")) for pair in pairs]
    return table(("before", "after"), rows)


def _picture(picture: Picture | None, told: str) -> str:
    if picture is None:
        return soft("not shown in this version")
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
