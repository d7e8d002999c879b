"""Two tables: columns that came, went and changed their type, missing values, distributions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import pandas as hp

from helix_jupyter.version import compare_frames as module
from helix_jupyter.version.compare_frames import compare_frames, is_frame
from helix_jupyter.version.distributions import compare_categories, compare_numbers


def test_columns_that_came_went_and_changed() -> None:
    before = pd.DataFrame({"a": [1, 2], "gone": ["x", "y"], "same": [0.5, 0.5]})
    after = pd.DataFrame({"same": [0.5, 0.5], "a": [1.0, np.nan], "new": [True, False]})
    found = compare_frames(before, after)
    assert found.added == (("new", "bool"),)
    assert found.removed == (("gone", "str"),)
    assert [column.column for column in found.retyped] == ["a"]
    assert found.columns[0].dtypes == ("int64", "float64")
    assert found.columns[0].missing == (0, 1)
    assert (found.rows, found.same, found.moved) == ((2, 2), 1, True)


def test_the_largest_shift_stands_first() -> None:
    numbers = np.arange(100.0)
    before = pd.DataFrame({"little": numbers, "much": numbers, "none": numbers})
    after = pd.DataFrame({"little": numbers + 10, "much": numbers + 50, "none": numbers[::-1]})
    found = compare_frames(before, after)
    assert [one.column for one in found.columns] == ["much", "little", "none"]
    assert [one.shift for one in found.columns] == pytest.approx([0.5, 0.1, 0.0])
    assert [one.reordered for one in found.columns] == [False, False, True]
    assert found.columns[0].means == (49.5, 99.5)


def test_categories_are_compared_by_shares() -> None:
    found = compare_frames(pd.DataFrame({"a": ["x"] * 3 + ["y"]}), pd.DataFrame({"a": ["x", "y"]}))
    assert found.columns[0].shift == 0.25
    assert found.columns[0].histogram is not None
    assert found.columns[0].histogram.labels == ("x", "y")
    assert (found.columns[0].histogram.before, found.columns[0].histogram.after) == ((3, 1), (1, 1))


def test_times_are_told_by_their_bounds() -> None:
    days = pd.date_range("2024-01-01", periods=10)
    found = compare_frames(pd.DataFrame({"at": days}), pd.DataFrame({"at": days + pd.Timedelta(days=5)}))
    assert found.columns[0].shift == 0.5
    assert found.columns[0].means == (None, None)
    assert found.columns[0].histogram is not None
    assert found.columns[0].histogram.bounds == ("2024-01-01", "2024-01-15")


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda values: pd.Series(values, name="a"), id="series"),
        pytest.param(lambda values: pl.DataFrame({"a": values}), id="polars"),
        pytest.param(lambda values: pa.table({"a": values}), id="arrow"),
        pytest.param(lambda values: pd.DataFrame({"a": pd.array(values, "Int64")}), id="nullable"),
        pytest.param(lambda values: pd.DataFrame({"a": pd.array(values, "int64[pyarrow]")}), id="pyarrow-dtype"),
        pytest.param(lambda values: pd.DataFrame({"a": pd.Categorical(values)}), id="categorical"),
        pytest.param(lambda values: pd.DataFrame({"a": [str(one) for one in values]}), id="text"),
        pytest.param(lambda values: pl.DataFrame({"a": [str(one) for one in values]}), id="polars-text"),
    ],
)
def test_tables_of_every_kind(make) -> None:
    before, after = make([1, 2, 3, 4]), make([1, 2, 3, 5])
    assert is_frame(before)
    found = compare_frames(before, after)
    assert [column.column for column in found.columns] == ["a"]
    assert found.columns[0].shift == 0.25
    assert compare_frames(before, make([1, 2, 3, 4])).columns == ()


def test_odd_columns_are_compared() -> None:
    before = pd.DataFrame([[1, 2, {"k": 1}]], columns=["a", "a", ("t", 1)])
    after = pd.DataFrame([[1, 3, {"k": 2}]], columns=["a", "a", ("t", 1)])
    assert {column.column for column in compare_frames(before, after).columns} == {"a (2)", "('t', 1)"}


def test_many_columns_are_not_all_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "COLUMNS", 2)
    before = pd.DataFrame({name: [1] for name in "abcd"})
    found = compare_frames(before, before + 1)
    assert (len(found.columns), found.left) == (2, 2)


def test_infinities_and_empty_sides() -> None:
    assert compare_numbers(np.array([np.inf, np.nan]), np.array([1.0])).shift is None
    assert compare_numbers(np.array([-1e308, 1.0]), np.array([1e308])).histogram is None
    assert compare_numbers(np.array([5e-324]), np.array([0.0])).shift == 1.0
    assert compare_numbers(np.array([2.0]), np.array([2.0])).histogram is not None
    assert compare_categories([], ["a"]).shift is None
    many = compare_categories([str(number) for number in range(50)], ["0"])
    assert many.histogram is not None
    assert many.histogram.others
    assert len(many.histogram.labels) == len(many.histogram.before) - 1
    assert sum(many.histogram.before) == 50


FRAMES = hp.data_frames(
    [
        hp.column("number", dtype=float),
        hp.column("whole", dtype=int),
        hp.column("text", elements=st.text(max_size=5)),
        hp.column("mixed", elements=st.one_of(st.none(), st.integers(), st.text(max_size=3), st.booleans())),
    ]
)


@settings(max_examples=60, deadline=None)
@given(before=FRAMES, after=FRAMES)
def test_any_two_tables_are_compared(before: pd.DataFrame, after: pd.DataFrame) -> None:
    copies = before.copy(), after.copy()
    found = compare_frames(before, after)
    assert found.rows == (len(before), len(after))
    for column in found.columns:
        assert column.shift is None or 0 <= column.shift <= 1
        if column.histogram is not None:
            assert sum(column.histogram.before) <= len(before)
    assert compare_frames(before, before).columns == ()
    pd.testing.assert_frame_equal(before, copies[0])
    pd.testing.assert_frame_equal(after, copies[1])
