"""Digest rules of pandas: labels, dtypes and values column by column. How a frame lies in memory never
counts.

A ``RangeIndex`` counts as an ``Index`` of equal integers: pandas itself takes them for equivalent, and which
of the two one gets depends on the way a frame was made. The storage of strings (Python or Arrow) is part of
their dtype and counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from helix_jupyter.fingerprint.rules import STANDS_AS


def digest_frame(value: pd.DataFrame) -> Iterator[tuple[str, object]]:
    yield ".columns", value.columns
    yield ".index", value.index
    for label, column in pd.DataFrame.items(value):  # half the time of ``iloc``
        yield f"[{label!r}].dtype", column.dtype
        yield f"[{label!r}]", _values(column)
    yield from _further(value)


def digest_series(value: pd.Series[Any]) -> Iterator[tuple[str, object]]:
    yield ".name", value.name
    yield ".index", value.index
    yield ".dtype", value.dtype
    yield "", _values(value)
    yield from _further(value)


def _further(value: pd.DataFrame | pd.Series[Any]) -> Iterator[tuple[str, object]]:
    yield ".attrs", value.attrs
    yield ".flags", value.flags.allows_duplicate_labels
    for name in value._metadata:  # what subclasses say that they carry along
        if name != "name":
            yield f".{name}", getattr(value, name, None)


def _values(value: Any) -> object:
    """The values as they are digested: a NumPy array where that holds them, else pandas' own."""
    array = value.array
    return array.to_numpy() if isinstance(array, pd.arrays.NumpyExtensionArray) else array


def digest_index(value: Any) -> Iterator[tuple[str, object]]:
    if isinstance(value, pd.RangeIndex) or _is_range(value):
        yield STANDS_AS, pd.Index
        yield ".range", _range(value)
    else:
        yield ".dtype", value.dtype
        yield "", _values(value)
    yield ".names", list(value.names)
    yield ".freq", str(getattr(value, "freq", None))


def _is_range(value: Any) -> bool:
    """An ``int64`` index whose elements are in even steps: the ends are compared before the whole."""
    if type(value) is not pd.Index or value.dtype != np.dtype("int64"):
        return False
    values = value.to_numpy()
    if len(values) < 2:
        return True
    first, step = int(values[0]), int(values[1]) - int(values[0])
    if step == 0 or int(values[-1]) != first + step * (len(values) - 1):
        return False
    return bool((np.diff(values) == step).all())


def _range(value: Any) -> tuple[int, int, int]:
    """Length, first element and step; without meaning they are 0 and 1."""
    length = len(value)
    first = int(value[0]) if length else 0
    return length, first, int(value[1]) - first if length > 1 else 1


def digest_multi_index(value: pd.MultiIndex) -> Iterator[tuple[str, object]]:
    """With levels that no row uses: ``equals`` passes over them, but who asks for ``levels`` gets them."""
    yield ".names", list(value.names)
    yield ".length", len(value)
    for number, (level, codes) in enumerate(zip(value.levels, value.codes, strict=True)):
        yield f".levels[{number}].dtype", level.dtype
        yield f".levels[{number}]", _values(level)
        yield f".codes[{number}]", codes.astype(np.int64)


def digest_extension_array(value: Any) -> Iterator[tuple[str, object]]:
    """By the array's family, of which pandas has few; a stranger's as pickle would take it apart."""
    yield ".dtype", value.dtype
    if hasattr(value, "asi8"):  # dates, differences, periods
        yield "", value.asi8
    elif isinstance(value, pd.arrays.ArrowExtensionArray):
        from helix_jupyter.fingerprint.digest_arrow import column_token

        yield "", column_token(value.__arrow_array__())
    elif isinstance(value, pd.Categorical):
        yield ".codes", value.codes  # pandas gives them the smallest type that the categories allow
    elif isinstance(value, pd.arrays.IntervalArray):
        yield ".left", value.left
        yield ".right", value.right
    elif hasattr(value, "sp_index"):
        yield from _sparse_parts(value)
    elif isinstance(value, pd.arrays.NumpyExtensionArray):  # strings in Python objects, too
        yield "", np.asarray(value, dtype=None if value.dtype.kind != "O" else object)
    elif isinstance(value, _MASKED):
        mask = np.asarray(value.isna())
        yield ".mask", mask
        yield ".data", value.to_numpy(dtype=value.dtype.type, na_value=value.dtype.type(0))
    else:
        yield "", value.__reduce_ex__(5)


def digest_extension_dtype(value: Any) -> Iterator[tuple[str, object]]:
    """As pickle would take it apart, without what pandas remembers of it once it was asked."""
    maker, arguments, state = (*value.__reduce_ex__(5), None)[:3]
    yield ".__reduce__()", (maker, arguments)
    yield "", {name: held for name, held in (state or {}).items() if name != "_cache"}


def digest_groups(value: Any) -> Iterator[tuple[str, object]]:
    """A frame and how it is grouped; the groups found so far never count."""
    state = value.__reduce_ex__(5)[2]
    for name in sorted(state.keys() - {"_grouper", "_cache"}):
        yield f".{name}", state[name]


def digest_window(value: Any) -> Iterator[tuple[str, object]]:
    """A table and its moving windows, without what pandas remembers of it once it was asked."""
    yield "", {name: held for name, held in vars(value).items() if name != "_cache"}


_MASKED = (pd.arrays.IntegerArray, pd.arrays.FloatingArray, pd.arrays.BooleanArray)


def _sparse_parts(value: Any) -> Iterator[tuple[str, object]]:
    """Only what differs from the fill value, with its positions: how they are indexed never counts."""
    positions, values = value.sp_index.indices, value.sp_values
    kept = ~(pd.isna(values) if pd.isna(value.fill_value) else values == value.fill_value)
    if values.dtype.kind == "f":
        kept |= np.signbit(values) != np.signbit(value.fill_value)
    yield ".length", len(value)
    yield ".positions", np.asarray(positions)[kept].astype(np.int64)
    yield ".values", values[kept]
