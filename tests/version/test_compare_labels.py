"""Two series by label: which values differ, which labels came and went."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from helix_jupyter.version.compare_labels import compare_labels
from helix_jupyter.version.compare_plain import ENTRIES
from helix_jupyter.version.values import compare_values


def told(before: Any, after: Any) -> list[tuple[str, str | None, str | None]]:
    found = compare_labels(before, after)
    assert found is not None
    return [(entry.path, entry.before, entry.after) for entry in found.entries]


def test_labels_are_set_beside_each_other_wherever_they_stand() -> None:
    before = pd.Series({"age": 0.5, "hours": 0.25, "gone": 1.0, "same": 2.0})
    after = pd.Series({"same": 2.0, "new": 3.0, "hours": 1.25, "age": 0.75})
    assert told(before, after) == [
        ("hours", "0.25", "1.25"), ("age", "0.5", "0.75"), ("new", None, "3.0"), ("gone", "1.0", None),
    ]  # fmt: skip
    found = compare_labels(before, after)
    assert found is not None
    assert (found.changed, found.added, found.removed, found.same, found.left) == (2, 1, 1, 1, 0)


@pytest.mark.parametrize(
    ("before", "after", "entries"),
    [
        pytest.param(pd.Series({"a": 1, "b": 2}), pd.Series({"b": 2, "a": 1}), [], id="another order"),
        pytest.param(pd.Series({"a": np.nan}), pd.Series({"a": np.nan}), [], id="missing in both"),
        pytest.param(pd.Series({"a": "x"}), pd.Series({"a": "y"}), [("a", "x", "y")], id="words"),
        pytest.param(
            pd.Series([1], index=pd.MultiIndex.from_tuples([("a", 2)])),
            pd.Series([3], index=pd.MultiIndex.from_tuples([("a", 2)])),
            [("a, 2", "1", "3")],
            id="several levels",
        ),
        pytest.param(
            pd.Series([pd.Timestamp("2026-01-01")], index=["a"]),
            pd.Series([pd.Timestamp("2026-01-02")], index=["a"]),
            [("a", "2026-01-01 00:00:00", "2026-01-02 00:00:00")],
            id="times",
        ),
        pytest.param(
            pd.Series([1, None], index=["a", "b"], dtype="Int64"),
            pd.Series([1, 2], index=["a", "b"], dtype="Int64"),
            [("b", "NAType", "2")],
            id="no longer missing",
        ),
    ],
)
def test_values_of_many_kinds(before: Any, after: Any, entries: list[Any]) -> None:
    assert [(label, old if old != "<NA>" else "NAType", new) for label, old, new in told(before, after)] == entries


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(pd.Series([1, 2]), pd.Series([2, 3, 4]), id="places"),
        pytest.param(pd.Series([1, 2], index=["a", "a"]), pd.Series([2], index=["a"]), id="a label twice"),
        pytest.param(pd.DataFrame({"a": [1]}, index=["x"]), pd.DataFrame({"a": [2]}, index=["x"]), id="frames"),
        pytest.param(
            pd.Series([np.arange(2)], index=["a"]), pd.Series([np.arange(3)], index=["a"]), id="arrays in cells"
        ),
    ],
)
def test_where_labels_say_nothing_none_are_compared(before: Any, after: Any) -> None:
    assert compare_labels(before, after) is None


def test_of_many_labels_the_largest_changes_are_told() -> None:
    before = pd.Series(np.zeros(1000), index=[f"f{place}" for place in range(1000)])
    found = compare_labels(before, before + np.arange(1000))
    assert found is not None
    assert (len(found.entries), found.entries[0].path, found.left) == (ENTRIES, "f999", 999 - ENTRIES)


def test_a_series_is_still_compared_as_a_column() -> None:
    found = compare_values(pd.Series({"a": 1.0}, name="w"), pd.Series({"a": 2.0}, name="w"))
    assert [column.column for column in found.columns] == ["w"]
    assert found.labels is not None
