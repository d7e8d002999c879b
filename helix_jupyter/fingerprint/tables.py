"""What of an array or a table is another, in words: shape, type, elements; rows and columns. Reads two values."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from helix_jupyter.fingerprint.shown import shown

_TABLES = frozenset(
    {("pandas", "DataFrame"), ("polars", "DataFrame"), ("pyarrow", "Table"), ("pyarrow", "RecordBatch")}
)


def is_table(value: Any) -> bool:
    """Whether ``column_changes`` has words for it."""
    return (type(value).__module__.partition(".")[0], type(value).__name__) in _TABLES


def is_plain_array(value: Any) -> bool:
    """Whether ``of_arrays`` reads it: a NumPy array, and no subclass."""
    return type(value).__module__ == "numpy" and type(value).__name__ == "ndarray"


def column_changes(old: Any, new: Any, steps: Iterable[str]) -> Iterator[str]:
    """What is said of two tables, of whose parts those behind ``steps`` differ (``['x']``, ``['x'].dtype``)."""
    before, after = _columns(old), _columns(new)
    yield from (f" has one more column: `{name}`" for name in after if name not in before)
    yield from (f" no longer has the column `{name}`" for name in before if name not in after)
    if [name for name in before if name in after] != [name for name in after if name in before]:
        yield " has its columns in another order"
    if len(old) != len(new):
        yield f" has {len(new):,} rows instead of {len(old):,}"
        return  # every column is another, then
    for step in dict.fromkeys(step.removesuffix(".dtype") for step in steps):
        name = _name(step)
        if name in before and name in after:
            yield f": column `{name}`{_of_columns(before[name], after[name])}"
        elif step in (".index", ".attrs"):
            yield f": its {step[1:]} changed"


def _columns(table: Any) -> dict[str, Any]:
    labels = getattr(table, "column_names", None) or table.columns
    return {str(label): table[label] for label in labels}


def _name(step: str) -> str:
    """The label of a column as people write it."""
    inner = step[1:-1]
    try:
        return str(ast.literal_eval(inner))
    except (ValueError, SyntaxError):
        return inner


def _of_columns(old: Any, new: Any) -> str:
    kinds = [str(column.dtype if hasattr(column, "dtype") else column.type) for column in (old, new)]
    if kinds[0] != kinds[1]:
        return f" changed from {kinds[0]} to {kinds[1]}"
    if not hasattr(old, "to_numpy") or not hasattr(new, "to_numpy"):
        return " changed"
    was, became = old.to_numpy(), new.to_numpy()
    told = of_arrays(was, became, "row") if is_plain_array(was) and is_plain_array(became) else iter(())
    return next(told, " changed")


def of_arrays(old: Any, new: Any, noun: str = "element") -> Iterator[str]:
    """What is said of two NumPy arrays, of whose elements ``noun`` is the word."""
    import numpy as np

    if old.dtype != new.dtype:
        yield f" changed from {old.dtype} to {new.dtype}"
    if old.shape != new.shape:
        yield f" changed its shape: {old.shape} -> {new.shape}"
        return
    differs = (old != new) & ~((old != old) & (new != new))
    count = int(np.count_nonzero(differs))
    if count:
        where = int(np.argmax(differs))
        place = ", ".join(str(int(index)) for index in np.unravel_index(where, differs.shape))
        was, became = (shown(side[where : where + 1].tolist()[0]) for side in (old.reshape(-1), new.reshape(-1)))
        first = ", the first at" if count > 1 else ", at"
        yield f" changed in {count:,} of {old.size:,} {noun}s{first} [{place}]: {was} -> {became}"
