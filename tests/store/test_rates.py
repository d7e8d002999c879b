"""What is measured moves forecasts towards it, and nothing makes them negative or endless."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helix_jupyter.store.pickling import prepare
from helix_jupyter.store.rates import Rates, Work
from helix_jupyter.store.store import Store

works = st.builds(Work, st.integers(1, 70), *[st.integers(0, 10**10)] * 3)


@given(works, st.floats(1e-6, 1e4))
def test_the_same_load_again_is_forecast_better_each_time(work: Work, seconds: float) -> None:
    rates, before = Rates(), math.inf
    for _ in range(300):
        error = abs(math.log(rates.loading(work) / seconds))
        assert error <= before + 1e-9
        before, rates = error, rates.after_load(work, seconds)
    assert before < 0.7


def test_small_loads_teach_what_a_file_takes_and_large_ones_what_a_byte_takes() -> None:
    small, large = Work(1, 100, 0, 0), Work(1, 100, 0, 10**9)
    rates = Rates()
    for _ in range(60):
        rates = rates.after_load(small, 0.002).after_load(large, 0.502)
    assert rates.file == pytest.approx(0.002, rel=0.1)
    assert rates.compressed == pytest.approx(0.5e-9, rel=0.1)
    assert rates.stream == pytest.approx(Rates().stream, rel=0.2)


def test_a_store_remembers_how_fast_it_is(opened: Callable[..., Store]) -> None:
    store = opened()
    store.write("abc", prepare(np.zeros(300_000)), worth_seconds=1, node="n", workflow="w").wait(30)
    store.load("abc")
    store.load("abc")  # the first may have imported something, which does not count
    assert store.rates != Rates()
    learned = store.rates
    store.close()
    assert opened().rates == learned
