"""Forecasts from measurements."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helix_jupyter.plan.forecast import (
    Forecast,
    Measured,
    compute_forecast,
    guess_seconds,
    likely_range,
    load_forecast,
    median,
)


@pytest.mark.parametrize(
    ("measured", "seconds"),
    [
        pytest.param([], 7.0, id="never ran: the guess"),
        pytest.param([3.0], 3.0, id="once"),
        pytest.param([1.0, 50.0, 1.2], 1.2, id="one slow run does not count"),
        pytest.param([9.0, 9.0, 9.0, 1.0, 1.0, 1.0, 1.0, 1.0], 1.0, id="recent runs count"),
    ],
)
def test_compute(measured, seconds):
    found = compute_forecast([Measured(one) for one in measured], 7.0)
    assert found.seconds == pytest.approx(seconds)


@pytest.mark.parametrize(("known", "seconds"), [([], 1.0), ([4.0, 2.0], 3.0), ([9.0, 1.0, 2.0], 2.0)])
def test_guess(known, seconds):
    assert guess_seconds(known) == seconds


def test_load():
    assert load_forecast(10**9, 0.25) == 0.25
    assert load_forecast(10**9) > load_forecast(10**6) > 0


def test_median_leaves_its_argument():
    values = [3.0, 1.0, 2.0]
    assert (median(values), values) == (2.0, [3.0, 1.0, 2.0])


def seconds_of(*measured, bytes_read=0, key=None):
    return compute_forecast([Measured(*one) for one in measured], bytes_read=bytes_read, key=key).seconds


def test_seconds_go_with_the_size_of_the_inputs():
    assert seconds_of((2.0, 100), bytes_read=1000) == pytest.approx(20.0)
    assert seconds_of((2.0, 0), bytes_read=1000) == pytest.approx(2.0)  # nobody knows what it read
    assert seconds_of((2.0, 100), bytes_read=0) == pytest.approx(2.0)


def test_how_seconds_go_with_sizes_is_learned():
    flat = [(2.0, size) for size in (10, 1000, 100, 10_000)]
    assert seconds_of(*flat, bytes_read=100_000) == pytest.approx(2.0, rel=0.2)
    square = [(size**2 / 1e4, size) for size in (10, 1000, 100, 10_000)]
    assert seconds_of(*square, bytes_read=100_000) == pytest.approx(1e6, rel=0.3)


def test_the_same_computation_tells_more_than_others():
    before = [(5.0, 0, "old"), (1.0, 0, "new"), (1.1, 0, "newer")]
    assert seconds_of(*before, key="old") == pytest.approx(5.0)
    assert seconds_of(*before, key="other") == pytest.approx(1.1)


def test_what_older_code_took_is_set_right_as_soon_as_the_code_as_it_is_was_measured():
    before = [Measured(30.0, 0, "a", "old"), Measured(31.0, 0, "b", "old"), Measured(0.1, 0, "c", "new")]
    assert compute_forecast(before, key="d", code="new").seconds == pytest.approx(0.1, rel=0.15)
    assert compute_forecast(before, key="d", code="old").seconds == pytest.approx(31.0, rel=0.15)
    assert compute_forecast(before[:2], key="d", code="new").seconds == pytest.approx(30.5, rel=0.05)
    low, high = likely_range([compute_forecast(before, code="new")])
    assert (low > 0.05, high < 0.2) == (True, True)


def test_a_difference_between_codes_that_may_be_chance_is_left():
    seconds = (1.0, 1.2, 0.9, 1.1)
    old = [Measured(one, 0, "", "old") for one in seconds]
    known = compute_forecast([*old, Measured(1.3, 0, "", "new")], code="new").seconds
    assert known == pytest.approx(compute_forecast([Measured(one) for one in (*seconds, 1.3)]).seconds, rel=0.05)


@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=12))
def test_a_forecast_lies_among_what_was_measured(seconds):
    found = compute_forecast([Measured(one) for one in seconds])
    assert min(seconds) * (1 - 1e-9) <= found.seconds <= max(seconds) * (1 + 1e-9)
    low, high = likely_range([found])
    assert low < found.seconds < high


def test_what_varies_more_is_less_sure_and_more_runs_make_surer():
    def width(*measured):
        low, high = likely_range([compute_forecast([Measured(one) for one in measured])])
        return high / low

    assert width(1.0, 2.0, 0.5) > width(1.0) > width(1.0, 1.0) > width(1.0, 1.0, 1.0)


def test_a_sum_is_surer_than_its_parts():
    one, ten = likely_range([Forecast(1.0, 0.3)]), likely_range([Forecast(1.0, 0.3)] * 10)
    assert ten[1] / 10 < one[1]
    assert ten[0] / 10 > one[0]
    assert likely_range([]) == (0.0, 0.0)
    assert likely_range([Forecast(2.0)]) == (2.0, 2.0)
