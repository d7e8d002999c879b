"""Digest rules of Matplotlib: a colour map is what it was made of, a registry of callbacks is those that it keeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# the colours themselves, which are computed when the first is asked for
_MADE_LATER = frozenset({"_lut", "_isinit"})


def digest_colormap(value: Any) -> Iterator[tuple[str, object]]:
    yield "", {name: held for name, held in vars(value).items() if name not in _MADE_LATER}


def digest_callbacks(value: Any) -> Iterator[tuple[str, object]]:
    """As it is pickled, but for what changes by looking or by drawing: the number of the next callback, and signals
    that nobody listens to when it is loaded."""
    state = dict(value.__getstate__())
    callbacks = state.pop("callbacks")
    yield ".callbacks", {signal: list(held.values()) for signal, held in callbacks.items() if held}
    yield "", {name: held for name, held in state.items() if name not in _COUNTED}


_COUNTED = frozenset({"_cid_gen", "_func_cid_map", "_pickled_cids"})
