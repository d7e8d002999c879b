"""Arrow-backed pandas columns of several chunks go into a pickle as they are: pandas would copy them together first."""

from __future__ import annotations

import copyreg
from typing import Any

_KINDS = frozenset({"ArrowStringArray", "ArrowExtensionArray"})


def reduced(value: Any) -> tuple[Any, ...] | None:
    """How to pickle an Arrow-backed column of whole chunks; None for anything else.

    A chunk that is a slice would take along the whole buffer that it looks into, so pandas' copy is better there.
    """
    kind = type(value)
    if kind.__name__ not in _KINDS or not kind.__module__.startswith("pandas."):
        return None
    chunks = getattr(getattr(value, "_pa_array", None), "chunks", ())
    if len(chunks) < 2 or any(_is_slice(chunk) for chunk in chunks):
        return None
    # as pandas' own __getstate__, but for the chunks; its __setstate__ takes a list of them as well
    state = {**value.__dict__, "_pa_array": chunks, "_cache": {}}
    return copyreg.__newobj__, (kind,), state  # type: ignore[attr-defined]  # pickle's own helper, not in typeshed


def _is_slice(chunk: Any) -> bool:
    return bool(chunk.get_total_buffer_size() > chunk.nbytes + chunk.nbytes // 8 + 64)
