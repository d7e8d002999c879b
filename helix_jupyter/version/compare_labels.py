"""Two pandas series set beside each other by their labels. Reads both; changes none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from helix_jupyter.units import plain_scalar
from helix_jupyter.version.compare_plain import ENTRIES, EntryChange, written

if TYPE_CHECKING:
    import pandas as pd

_LONGEST = 200


@dataclass(frozen=True)
class LabelsDiff:
    """Two series by label.

    ``entries`` are the labels whose values differ, the largest change first, then those that came and went;
    ``changed``, ``added``, ``removed`` and ``same`` count labels, ``left`` those that differ and are not told.
    """

    entries: tuple[EntryChange, ...]
    changed: int
    added: int
    removed: int
    same: int
    left: int = 0


def compare_labels(before: Any, after: Any) -> LabelsDiff | None:
    """Compare by label; None for what is no series, where labels are but places, or one stands for several values."""
    if not (_is_labelled(before) and _is_labelled(after)):
        return None
    if _are_places(before.index) and _are_places(after.index):
        return None
    try:
        shared = after.index.intersection(before.index, sort=False)
        old, new = before.reindex(shared), after.reindex(shared)
        differing = _largest_first(old, new)
        added, removed = after.index.difference(shared, sort=False), before.index.difference(shared, sort=False)
    except (TypeError, ValueError):  # labels that cannot be ordered, cells that compare to something else than a bool
        return None
    listed = _entries(old, new, differing, after.loc[added[:ENTRIES]], before.loc[removed[:ENTRIES]])
    told = tuple(entry for entry, _ in zip(listed, range(ENTRIES), strict=False))
    count = len(differing) + len(added) + len(removed)
    return LabelsDiff(
        told, len(differing), len(added), len(removed), len(shared) - len(differing), max(count - ENTRIES, 0)
    )


def _is_labelled(value: Any) -> bool:
    kind = type(value)
    return (kind.__module__.partition(".")[0], kind.__name__) == ("pandas", "Series") and value.index.is_unique


def _are_places(index: pd.Index[Any]) -> bool:
    import pandas as pd

    return index.nlevels == 1 and index.equals(pd.RangeIndex(len(index)))


def _largest_first(old: pd.Series[Any], new: pd.Series[Any]) -> list[int]:
    """The places at which the values differ; what is missing in both is the same."""
    import numpy as np
    from pandas.api import types

    if types.is_numeric_dtype(old) and types.is_numeric_dtype(new):
        first, second = (side.to_numpy(dtype=complex, na_value=np.nan) for side in (old, new))
        differs = (first != second) & ~(np.isnan(first) & np.isnan(second))
        with np.errstate(all="ignore"):
            change = np.nan_to_num(abs(second - first), nan=np.inf)
        return [int(place) for place in np.argsort(-change, kind="stable") if differs[place]]
    first, second = old.to_numpy(dtype=object), new.to_numpy(dtype=object)
    missing = (old.isna() & new.isna()).to_numpy()
    return [place for place in range(len(first)) if not missing[place] and bool(first[place] != second[place])]


def _entries(
    old: pd.Series[Any],
    new: pd.Series[Any],
    differing: list[int],
    added: pd.Series[Any],
    removed: pd.Series[Any],
) -> Iterator[EntryChange]:
    for place in differing:
        yield EntryChange(_label(old.index[place]), _value(old.iloc[place]), _value(new.iloc[place]))
    for label, value in added.items():
        yield EntryChange(_label(label), None, _value(value))
    for label, value in removed.items():
        yield EntryChange(_label(label), _value(value), None)


def _label(label: Any) -> str:
    return (", ".join(map(str, label)) if isinstance(label, tuple) else str(label))[:_LONGEST]


def _value(value: Any) -> str:
    plain = plain_scalar(value)
    text = written(plain)
    # times and the like, which are short
    return str(plain)[:_LONGEST] if text == type(plain).__name__ else text
