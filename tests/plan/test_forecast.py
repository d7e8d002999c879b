"""Forecasts from measurements."""

from __future__ import annotations

import pytest

from helix_jupyter.plan.forecast import Measured, compute_forecast, guess_seconds, load_forecast, median


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
