"""Digest rules of polars: names, dtypes and values by way of Arrow, which shares the memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from helix_jupyter.fingerprint.digest_refused import refuse_dataset


def digest_frame(value: Any) -> Iterator[tuple[str, object]]:
    yield ".height", value.height
    yield ".columns", list(value.columns)
    for column in value.get_columns():
        yield f"[{column.name!r}]", _parts(column)


def digest_series(value: Any) -> Iterator[tuple[str, object]]:
    yield ".name", value.name
    yield "", _parts(value)


def digest_lazy_frame(value: Any) -> Iterator[tuple[str, object]]:
    """Its plan, unless that reads files, whose content is not in it."""
    if "SCAN" in value.explain(optimized=False):
        refuse_dataset(value)
    yield ".plan", value.serialize()


def _parts(column: Any) -> object:
    if str(column.dtype).startswith("Object"):
        return str(column.dtype), column.to_list()
    import pyarrow

    from helix_jupyter.fingerprint.digest_arrow import chunks_token

    try:
        array = column.to_arrow()
    except pyarrow.ArrowInvalid:  # a dtype that Arrow has not got: 128-bit integers
        return str(column.dtype), column.to_list()
    return str(column.dtype), chunks_token([array])
