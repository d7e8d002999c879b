"""What nodes showed as pictures, side by side. Pictures are compared by digest; equal ones are left out."""

from __future__ import annotations

import base64
import difflib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from helix_jupyter.fingerprint.digest import digest

# a display often carries several forms of one picture
_SHOWN_FIRST = ("image/png", "image/jpeg", "image/svg+xml", "image/gif", "image/webp")
_DOTS = 80  # to the inch


@dataclass(frozen=True)
class Picture:
    """One picture: its MIME type, and its data (Base64; the text itself where it is SVG)."""

    kind: str
    data: str
    digest: str


@dataclass(frozen=True)
class FigureDiff:
    """A picture in two versions; None where a version does not show it."""

    before: Picture | None
    after: Picture | None


def pictures(bundles: Iterable[Mapping[str, Any]]) -> tuple[Picture, ...]:
    """The pictures among MIME bundles, one for each that has any."""
    return tuple(found for bundle in bundles if (found := _picture(bundle)) is not None)


def is_figure(value: Any) -> bool:
    """Whether a value is itself a picture that ``drawn`` makes: a figure of Matplotlib, or axes in one."""
    is_matplotlib = type(value).__module__.partition(".")[0] == "matplotlib"
    return is_matplotlib and hasattr(_figure(value), "savefig")


def drawn(value: Any) -> Picture:
    """The picture of a value that ``is_figure``; raises whatever drawing it raises."""
    file = io.BytesIO()
    _figure(value).savefig(file, format="png", dpi=_DOTS)
    data = base64.b64encode(file.getvalue()).decode("ascii")
    return Picture("image/png", data, digest(data))


def _figure(value: Any) -> Any:
    return value if hasattr(value, "savefig") else getattr(value, "figure", None)


def compare_figures(before: Sequence[Picture], after: Sequence[Picture]) -> tuple[FigureDiff, ...]:
    """Pair pictures in the order in which they were shown; only those that differ."""
    return tuple(_pairs(before, after))


def _pairs(before: Sequence[Picture], after: Sequence[Picture]) -> Iterator[FigureDiff]:
    old, new = [one.digest for one in before], [one.digest for one in after]
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind != "equal":
            for pair in zip_longest(before[old_from:old_to], after[new_from:new_to]):
                yield FigureDiff(*pair)


def _picture(bundle: Mapping[str, Any]) -> Picture | None:
    kind = next((one for one in _SHOWN_FIRST if one in bundle), None)
    if kind is None:
        return None
    data = bundle[kind]
    if isinstance(data, (bytes, bytearray)):
        is_text = kind == "image/svg+xml"
        data = bytes(data).decode("utf-8", "replace") if is_text else base64.b64encode(data).decode("ascii")
    text = "".join(data) if isinstance(data, (list, tuple)) else str(data)
    return Picture(kind, text, digest(text))
