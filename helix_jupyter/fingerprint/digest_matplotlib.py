"""Digest rules of Matplotlib: a colour map is what it was made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# the colours themselves, which are computed when the first is asked for
_MADE_LATER = frozenset({"_lut", "_isinit"})


def digest_colormap(value: Any) -> Iterator[tuple[str, object]]:
    yield "", {name: held for name, held in vars(value).items() if name not in _MADE_LATER}
