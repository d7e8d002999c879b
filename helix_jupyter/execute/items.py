"""A value as a sequence of items: told apart by digest, taken by position, put together again. Knows nothing of nodes.

For lists and tuples, dicts (by key), pandas' series and frames (by row), NumPy arrays and SciPy's sparse matrices
(along the first axis). A default index says nothing of a row, so it is no part of one: parts have their own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.fingerprint.framing import digest_fields
from helix_jupyter.fingerprint.kinds import is_a

Piece = tuple[Any, Sequence[int], Sequence[int]]


class NotItemwise(TypeError):
    """A value that has no items, or not those that were asked for; the message says it of the value."""


def count(value: Any) -> int:
    """How many items a value has.

    Raises
    ------
    NotItemwise
        It has none that are known here.
    """
    kind = _kind(value)
    return int(value.shape[0]) if kind in ("array", "sparse") else len(value)


def item_digests(value: Any) -> tuple[bytes, ...]:
    """16 bytes for each item; equal ones have the same.

    Raises
    ------
    NotItemwise, Undigestable
    """
    return tuple(bytes.fromhex(digest(item, ordered=True)) for item in _items(value))


def schema(value: Any) -> str:
    """What all items have in common and a single one does not tell: types, columns, names, attributes."""
    kind = _kind(value)
    fields = [kind, type(value).__qualname__]
    if kind in ("series", "frame"):
        # of no rows there are left the columns, what they and the index are called, and what is attached to all
        fields += [digest(value.iloc[:0], ordered=True), str(_has_default_index(value))]
    elif kind == "array":
        fields.append(digest(value[:0], ordered=True))
    elif kind == "sparse":
        fields += [str(value.dtype), str(value.shape[1:])]
    return digest_fields(*fields)


def take(value: Any, positions: Sequence[int]) -> Any:
    """The items at these positions, as a value of the same type."""
    kind = _kind(value)
    if kind == "sequence":
        taken = [value[at] for at in positions]
        return tuple(taken) if is_a(value, tuple) else taken
    if kind == "dict":
        keys = list(value)
        return {keys[at]: value[keys[at]] for at in positions}
    if kind in ("array", "sparse"):
        return value[list(positions)]
    part = value.iloc[list(positions)]
    return part.reset_index(drop=True) if _has_default_index(value) else part


def put_together(pieces: Sequence[Piece], whole: Any) -> Any:
    """One value of what became of the items of ``whole``.

    Parameters
    ----------
    pieces
        (value, positions in it, positions in the result), which cover the result once.

    Raises
    ------
    NotItemwise
        They are of different types, or of one whose values cannot be put together.
    """
    kinds = {_kind(value): value for value, _, _ in pieces}
    if len(kinds) > 1:
        raise NotItemwise(f"is a {' and a '.join(type(value).__name__ for value in kinds.values())}, part by part")
    ((kind, first),) = kinds.items()
    if kind == "dict":
        return _dict(pieces, whole)
    order = [at for _, _, into in pieces for at in into]
    if kind == "sequence":
        found = [value[at] for value, positions, _ in pieces for at in positions]
        placed: list[Any] = [None] * len(found)
        for at, one in zip(order, found, strict=True):
            placed[at] = one
        return tuple(placed) if type(first) is tuple else placed
    back = sorted(range(len(order)), key=order.__getitem__)
    parts = [take(value, positions) for value, positions, _ in pieces if len(positions)] or [first]
    if kind == "array":
        return _concatenated(parts)[back]
    if kind == "sparse":
        from scipy import sparse

        return sparse.vstack(parts, format="csr")[back].asformat(first.format)
    import pandas as pd

    joined = pd.concat(parts, ignore_index=all(map(_has_default_index, parts)))
    placed_rows = joined.iloc[back]
    if _has_default_index(joined):
        return placed_rows.reset_index(drop=True)
    if _kind(whole) in ("series", "frame") and placed_rows.index.identical(whole.index):
        placed_rows.index = whole.index  # of pieces the frequency is not known
    return placed_rows


def _concatenated(parts: Sequence[Any]) -> Any:
    """Arrays one behind the other, of the same type."""
    import numpy as np

    first = parts[0]
    if isinstance(first, np.ma.MaskedArray):
        joined = np.ma.concatenate(parts)  # type: ignore[no-untyped-call]  # NumPy gives it no types
        joined.fill_value = first.fill_value
        return joined
    joined = np.concatenate(parts)
    return joined.view(type(first)) if isinstance(first, np.recarray) else joined


def _dict(pieces: Sequence[Piece], whole: Any) -> dict[Any, Any]:
    """By key where the items have keys, else in order."""
    found: dict[int, tuple[Any, Any]] = {}
    for value, positions, into in pieces:
        entries = list(value.items())
        found |= {at: entries[position] for position, at in zip(positions, into, strict=True)}
    return dict(found[at] for at in sorted(found))


def _items(value: Any) -> Iterator[Any]:
    kind = _kind(value)
    if kind == "dict":
        yield from value.items()
    elif kind == "series":
        yield from value if _has_default_index(value) else value.items()
    elif kind == "frame":
        yield from value.itertuples(index=not _has_default_index(value), name=None)
    elif kind == "sparse":
        rows = value.tocsr()
        yield from (rows[at] for at in range(value.shape[0]))
    elif kind == "array" and hasattr(value, "mask"):
        # one that is masked gives a constant that knows nothing of what lies under the mask
        yield from (value[at : at + 1] for at in range(len(value)))
    else:
        yield from value


def _has_default_index(value: Any) -> bool:
    import pandas as pd

    index = value.index
    return is_a(index, pd.RangeIndex) and (index.start, index.step, index.name) == (0, 1, None)


def _kind(value: Any) -> str:
    if is_a(value, list | tuple) and not hasattr(value, "_fields"):
        return "sequence"
    if is_a(value, dict):
        return "dict"
    for kind, module, name in _TYPES:
        loaded = sys.modules.get(module)
        if loaded is not None and is_a(value, getattr(loaded, name)):
            if kind == "array" and value.ndim == 0:
                break
            return kind
    raise NotItemwise(f"is of type {type(value).__name__}, which has no items that --map knows")


_TYPES: Iterable[tuple[str, str, str]] = (
    ("series", "pandas", "Series"),
    ("frame", "pandas", "DataFrame"),
    ("array", "numpy", "ndarray"),
    ("sparse", "scipy.sparse", "sparray"),
    ("sparse", "scipy.sparse", "spmatrix"),
)
