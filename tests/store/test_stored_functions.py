"""A value that holds functions of the notebook has, once stored and loaded, the digest that it had."""

from __future__ import annotations

from typing import Any

import pytest
from sklearn.preprocessing import FunctionTransformer

from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.store.pickling import prepare

NOTEBOOK = """
import functools
import numpy as np
K = 3
def f(x): return np.sin(x) * K
def g(x, a=1): return f(x) + a
def recursive(n): return n and recursive(n - 1) + K
def make(n):
    def inner(x): return g(x) + n
    return inner
made = make(4)
partial = functools.partial(g, a=3)
through_a_lambda = lambda x: g(x)
several = [f, g, {'h': f}]
"""


@pytest.fixture
def notebook() -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(NOTEBOOK, names)
    return names


@pytest.mark.parametrize("name", ["f", "g", "recursive", "made", "partial", "through_a_lambda", "several"])
def test_a_function_is_the_same_after_it_was_loaded(notebook: dict[str, Any], name: str) -> None:
    value = notebook[name]
    loaded = prepare(value).copy()
    assert digest(loaded) == digest(value)
    assert digest(prepare(loaded).copy()) == digest(value)


def test_so_is_an_estimator_that_holds_one(notebook: dict[str, Any]) -> None:
    value = FunctionTransformer(notebook["g"])
    assert digest(prepare(value).copy()) == digest(value)


def test_what_it_reaches_still_counts(notebook: dict[str, Any]) -> None:
    other: dict[str, Any] = {"__name__": "__main__"}
    exec(NOTEBOOK.replace("K = 3", "K = 4"), other)
    for name in ("f", "g", "recursive", "made"):
        assert digest(other[name]) != digest(notebook[name])
