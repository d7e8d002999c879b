"""Python's own values, entry by entry."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helix_jupyter.version import compare_plain as module
from helix_jupyter.version.compare_plain import compare_plain
from helix_jupyter.version.values import compare_values


@pytest.mark.parametrize(
    ("before", "after", "entries"),
    [
        pytest.param(1, 2, [("", "1", "2")], id="numbers"),
        pytest.param(np.float64(0.5), np.float64(0.25), [("", "0.5", "0.25")], id="numbers of NumPy"),
        pytest.param(
            {"a": 1, "b": 2}, {"b": 3, "c": 4}, [("b", "2", "3"), ("c", None, "4"), ("a", "1", None)], id="dicts"
        ),
        pytest.param({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3]}}, [("a[b][1]", "2", "3")], id="nested"),
        pytest.param([1], [1, 2], [("1", None, "2")], id="lists"),
        pytest.param({1, 2}, {2, 3}, [("", "1", None), ("", None, "3")], id="sets"),
        pytest.param("a b", "a c", [("", "'a b'", "'a c'")], id="texts"),
        pytest.param({"a": 1}, [1], [("", "dict of 1", "list of 1")], id="other-kinds"),
        pytest.param(float("nan"), float("nan"), [], id="nan"),
        pytest.param(10**5000, 10**5000 + 1, [("", "int of 16,610 bits", "int of 16,610 bits")], id="long-int"),
        pytest.param([object()], [3], [("0", "object", "3")], id="objects"),
    ],
)
def test_entries(before: Any, after: Any, entries: list[tuple[str, str | None, str | None]]) -> None:
    found = compare_plain(before, after)
    assert [(one.path, one.before, one.after) for one in found.entries] == entries


def test_many_entries_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ENTRIES", 3)
    found = compare_plain(list(range(10)), list(range(1, 12)))
    assert (len(found.entries), found.left, found.lengths) == (3, 8, (10, 11))


def test_values_of_different_kinds_are_not_looked_into() -> None:
    assert compare_values(1, object()) is None
    assert compare_values([1], range(3)) is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, VALUES)
def test_any_two_values_are_compared(before: Any, after: Any) -> None:
    found = compare_plain(before, after)
    assert all(entry.before != entry.after or entry.before is not None for entry in found.entries)
    assert compare_plain(before, before).entries == ()
