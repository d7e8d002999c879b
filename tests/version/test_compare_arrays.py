"""Two arrays: shape, type, norm of the difference."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hn

from helix_jupyter.version import compare_arrays as module
from helix_jupyter.version.compare_arrays import compare_arrays, is_array


def test_the_norm_of_the_difference() -> None:
    found = compare_arrays(np.array([3.0, 4.0]), np.array([3.0, 4.0 + 5.0]))
    assert (found.norms[0], found.difference, found.largest, found.changed) == (5.0, 5.0, 5.0, 1)
    assert found.relative == 1.0
    assert found.shapes == ((2,), (2,))


def test_other_shapes_have_no_difference() -> None:
    found = compare_arrays(np.ones((2, 3)), np.ones((3, 2), dtype="float32"))
    assert (found.difference, found.changed) == (None, None)
    assert found.dtypes == ("float64", "float32")


def test_blocks_give_what_the_whole_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = np.random.default_rng(0).normal(size=(2, 1000))
    whole = compare_arrays(before, after)
    monkeypatch.setattr(module, "_BLOCK", 7)
    pieces = compare_arrays(before, after)
    assert pieces.difference == pytest.approx(whole.difference)
    assert pieces.difference == pytest.approx(float(np.linalg.norm(after - before)))
    assert pieces.norms[0] == pytest.approx(float(np.linalg.norm(before)))


def test_sparse_arrays_stay_sparse() -> None:
    before = scipy.sparse.csr_array(np.diag([1.0, 2.0, 3.0]))
    after = scipy.sparse.csc_array(np.diag([1.0, 2.0, 7.0]))
    assert is_array(before)
    found = compare_arrays(before, after)
    assert (found.difference, found.largest, found.changed) == (4.0, 4.0, 1)
    huge = scipy.sparse.csr_array(([1.0], ([0], [0])), shape=(10**6, 10**6))
    assert compare_arrays(huge, huge * 2).difference == 1.0


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        pytest.param(np.array(["a", "b"]), np.array(["a", "c"]), 1, id="text"),
        pytest.param(np.array([np.nan, 1.0]), np.array([np.nan, 1.0]), 0, id="nan"),
        pytest.param(np.array([True, False]), np.array([True, True]), 1, id="bool"),
        pytest.param(np.array([1 + 2j]), np.array([1 + 3j]), 1, id="complex"),
        pytest.param(np.array(1.0), np.array(2.0), 1, id="scalar"),
        pytest.param(np.array([]), np.array([]), 0, id="empty"),
        pytest.param(np.array([0], "u1"), np.array([255], "u1"), 1, id="unsigned"),
        pytest.param(np.array(["2024-01-01"], "M8[D]"), np.array(["2024-01-02"], "M8[D]"), 1, id="dates"),
    ],
)
def test_entries_that_differ(before, after, changed: int) -> None:
    assert compare_arrays(before, after).changed == changed


@settings(max_examples=100, deadline=None)
@given(
    hn.arrays(hn.scalar_dtypes(), hn.array_shapes(max_dims=3, max_side=4)).flatmap(
        lambda one: st.tuples(st.just(one), hn.arrays(one.dtype, one.shape))
    )
)
def test_any_two_arrays_are_compared(pair) -> None:
    before, after = pair
    found = compare_arrays(before, after)
    assert found.changed is not None
    assert 0 <= found.changed <= before.size
    assert found.shift is None or 0 <= found.shift <= 1
    assert compare_arrays(before, before).changed == 0
