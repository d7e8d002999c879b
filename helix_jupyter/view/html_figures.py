"""Pictures that differ, side by side. Reads pictures as nodes showed them; a picture can run no script in an image."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from helix_jupyter.version.compare_figures import FigureDiff, Picture
from helix_jupyter.view.markup import attribute, block, details, name, soft, table
from helix_jupyter.view.words import line, plural, size

# pictures of one node: those that are seen at once, and all with those to unfold
_SHOWN, _UNFOLDED = 4, 20
# characters of all pictures together: an output is saved with the notebook
_BYTES = 2_000_000
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
# plots are drawn for white paper
_LOOK = "max-width:100%;height:auto;background:#ffffff;border-radius:4px"


def figures_html(figures: Mapping[str, Sequence[FigureDiff]]) -> str:
    """The pictures of each node, as long as there is room for them."""
    room, parts = _BYTES, []
    for node, pairs in figures.items():
        shown = []
        for pair in pairs[:_UNFOLDED]:
            room -= sum(len(side.data) for side in (pair.before, pair.after) if side)
            if room < 0:
                break
            shown.append(pair)
        parts.append(block(name(node)) + _pairs(node, shown, len(pairs) - len(shown)))
    return "".join(parts)


def _pairs(node: str, pairs: Sequence[FigureDiff], left: int) -> str:
    shown = _table(node, pairs[:_SHOWN]) if pairs else ""
    if rest := pairs[_SHOWN:]:
        shown += details(plural(len(rest), "further figure"), _table(node, rest))
    return shown + (block(soft(f"{plural(left, 'further figure')} not shown")) if left else "")


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
