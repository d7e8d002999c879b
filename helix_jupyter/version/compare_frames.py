"""Two tables, column by column: added, removed, of another type, missing values, distributions.

Reads pandas, polars and Arrow tables and pandas series; changes none. Columns of one digest are the same and are not
looked into.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from helix_jupyter.errors import Undigestable
from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.version.compare_labels import LabelsDiff, compare_labels
from helix_jupyter.version.distributions import (
    SAMPLE,
    Distribution,
    Histogram,
    compare_categories,
    compare_numbers,
    sampled,
)

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = 200
"""Columns that are compared value by value; of more, the first."""


@dataclass(frozen=True)
class ColumnDiff:
    """One column that both tables have and that differs.

    ``dtypes``, ``missing`` (how many values) and ``means`` (None where there is none) are before and after; ``shift``
    is that of ``version.distributions``. ``reordered``: the same values in another order.
    """

    column: str
    dtypes: tuple[str, str]
    missing: tuple[int, int]
    means: tuple[float | None, float | None] = (None, None)
    shift: float | None = None
    histogram: Histogram | None = None
    reordered: bool = False

    @property
    def retyped(self) -> bool:
        """Whether its type is another one."""
        return self.dtypes[0] != self.dtypes[1]


@dataclass(frozen=True)
class FrameDiff:
    """Two tables: ``added`` and ``removed`` are (column, dtype), ``columns`` those that differ, largest shift first.

    ``same`` columns are equal, ``left`` ones differ or not: they were too many to look at. ``moved``: the columns that
    both have stand in another order. ``sampled``: distributions are told from a selection of the rows. ``labels``: of
    two series, what differs label by label.
    """

    rows: tuple[int, int]
    added: tuple[tuple[str, str], ...] = ()
    removed: tuple[tuple[str, str], ...] = ()
    columns: tuple[ColumnDiff, ...] = ()
    same: int = 0
    left: int = 0
    moved: bool = False
    index_differs: bool = False
    sampled: bool = False
    labels: LabelsDiff | None = None

    @property
    def retyped(self) -> tuple[ColumnDiff, ...]:
        """The columns of another type."""
        return tuple(column for column in self.columns if column.retyped)


def is_frame(value: Any) -> bool:
    """Whether ``compare_frames`` reads this."""
    home, name = type(value).__module__.partition(".")[0], type(value).__name__
    return (home, name) in _COLUMNS


def compare_frames(before: Any, after: Any) -> FrameDiff:
    """Compare two tables, each of a kind that ``is_frame`` knows."""
    old, new = _columns(before), _columns(after)
    shared = [name for name in new if name in old]
    looked_at = shared[:COLUMNS]
    differing = [name for name in looked_at if not _same(old[name], new[name])]
    columns = [_compared(name, old[name], new[name]) for name in differing]
    rows = len(before), len(after)
    return FrameDiff(
        rows=rows,
        added=tuple((name, _dtype(new[name])) for name in new if name not in old),
        removed=tuple((name, _dtype(old[name])) for name in old if name not in new),
        columns=tuple(sorted(columns, key=lambda column: -(column.shift or 0.0))),
        same=len(looked_at) - len(differing),
        left=len(shared) - len(looked_at),
        moved=shared != [name for name in old if name in new],
        index_differs=_index_differs(before, after),
        sampled=bool(columns) and max(rows) > SAMPLE,
        labels=compare_labels(before, after),
    )


def _columns(table: Any) -> Mapping[str, Any]:
    home, name = type(table).__module__.partition(".")[0], type(table).__name__
    found: dict[str, Any] = {}
    seen: Counter[str] = Counter()
    for label, column in _COLUMNS[home, name](table):
        text = str(label)
        seen[text] += 1  # pandas allows a name twice
        found[text if seen[text] == 1 else f"{text} ({seen[text]})"] = column
    return found


def _of_pandas(frame: pd.DataFrame) -> Iterator[tuple[Any, Any]]:
    return ((label, frame.iloc[:, place]) for place, label in enumerate(frame.columns))


def _of_series(series: pd.Series[Any]) -> Iterator[tuple[Any, Any]]:
    yield "values" if series.name is None else series.name, series


def _of_polars(frame: Any) -> Iterator[tuple[Any, Any]]:
    return ((series.name, series) for series in frame.get_columns())


def _of_arrow(table: Any) -> Iterator[tuple[Any, Any]]:
    return zip(table.column_names, table.columns, strict=True)


_COLUMNS: Mapping[tuple[str, str], Callable[[Any], Iterator[tuple[Any, Any]]]] = {
    ("pandas", "DataFrame"): _of_pandas,
    ("pandas", "Series"): _of_series,
    ("polars", "DataFrame"): _of_polars,
    ("pyarrow", "Table"): _of_arrow,
}


def _dtype(column: Any) -> str:
    return str(column.type if hasattr(column, "type") and not hasattr(column, "dtype") else column.dtype)


def _plain(column: Any) -> pd.Series[Any]:
    """The column as a series without a name and with the plain index."""
    import pandas as pd

    if isinstance(column, pd.Series):
        return column.reset_index(drop=True).rename(None)
    if hasattr(column, "to_pandas") and not hasattr(column, "dtype"):
        return pd.Series(column.to_pandas()).rename(None)
    return pd.Series(column.to_numpy())  # polars; its own to_pandas needs pyarrow


def _same(old: Any, new: Any) -> bool:
    if _dtype(old) != _dtype(new) or len(old) != len(new):
        return False
    first, second = _plain(old), _plain(new)
    try:
        return digest(first) == digest(second)
    except Undigestable:
        pass
    try:
        return first.equals(second)
    except (TypeError, ValueError):  # cells that compare to something else than true or false
        return False


def _compared(name: str, old: Any, new: Any) -> ColumnDiff:
    first, second = _plain(old), _plain(new)
    missing = int(first.isna().sum()), int(second.isna().sum())
    selected = sampled(first).dropna(), sampled(second).dropna()
    numeric = _numeric(first) and _numeric(second)
    found = compare_numbers(*map(_numbers, selected)) if numeric else _as_words(*selected)
    means = tuple(_mean(side) if numeric and not _temporal(side) else None for side in (first, second))
    return ColumnDiff(
        column=name,
        dtypes=(_dtype(old), _dtype(new)),
        missing=missing,
        means=(means[0], means[1]),
        shift=found.shift,
        histogram=_bounded(found.histogram, *selected) if _temporal(first) else found.histogram,
        reordered=found.shift == 0.0 and len(first) == len(second) <= SAMPLE and missing[0] == missing[1],
    )


def _numeric(series: pd.Series[Any]) -> bool:
    from pandas.api import types

    return (types.is_numeric_dtype(series) and not types.is_bool_dtype(series)) or _temporal(series)


def _temporal(series: pd.Series[Any]) -> bool:
    from pandas.api import types

    return bool(types.is_datetime64_any_dtype(series) or types.is_timedelta64_dtype(series))


def _numbers(series: pd.Series[Any]) -> Any:
    if _temporal(series):
        return series.astype("int64").to_numpy(dtype=float)
    values = series.to_numpy()
    return abs(values) if values.dtype.kind == "c" else series.to_numpy(dtype=float)


def _bounded(histogram: Histogram | None, old: pd.Series[Any], new: pd.Series[Any]) -> Histogram | None:
    if histogram is None:
        return None
    try:
        low, high = (str(pick(getattr(old, pick.__name__)(), getattr(new, pick.__name__)())) for pick in (min, max))
    except TypeError:  # with and without a time zone
        return histogram
    return replace(histogram, bounds=(low.removesuffix(" 00:00:00"), high.removesuffix(" 00:00:00")))


def _as_words(old: pd.Series[Any], new: pd.Series[Any]) -> Distribution:
    return compare_categories(*([_word(value) for value in side.tolist()] for side in (old, new)))


def _word(value: Any) -> str:
    # a cell may hold anything, and a repr may be as long as it likes
    return value if isinstance(value, str) else str(value)[:200]


def _mean(series: pd.Series[Any]) -> float | None:
    values = _numbers(series.dropna())
    return float(values.mean()) if len(values) else None


def _index_differs(before: Any, after: Any) -> bool:
    if not hasattr(before, "index") or not hasattr(after, "index") or len(before) != len(after):
        return False
    return not before.index.equals(after.index)
