"""A value in a few words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from helix_jupyter.session.summary import summarise

CASES = {
    "a frame": (pd.DataFrame({"x": range(29_638)}), "DataFrame 29,638 x 1"),
    "an array": (np.zeros((1_000, 2)), "ndarray 1,000 x 2 float64"),
    "a list": ([0] * 4_937, "list of 4,937"),
}


@pytest.mark.parametrize(("value", "told"), CASES.values(), ids=CASES)
def test_digits_are_grouped_as_in_all_views(value: Any, told: str) -> None:
    assert summarise(value) == told
