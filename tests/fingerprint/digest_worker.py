"""Prints digests of many values, one a line, for comparison between processes."""

from __future__ import annotations

import collections
import dataclasses
import enum
import functools
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.tree import DecisionTreeClassifier

from helix_jupyter.fingerprint.digest import digest

LIMIT = {"low", "high", "middle"}


class Level(enum.Enum):
    LOW = 1
    HIGH = 2


@dataclasses.dataclass(frozen=True)
class Setting:
    name: str
    tags: frozenset[str] = frozenset({"x", "y", "z"})


class Cleaner:
    kinds = frozenset({"a", "b", "c"})

    def __init__(self, words: set[str]) -> None:
        self.words = words

    def clean(self, text: str) -> bool:
        return text in {"one", "two", "three"} or text in LIMIT or helper(text)


def helper(text: str) -> bool:
    return text in {"four", "five", "six"} and Level.LOW.value == 1


def closure(words: set[str]) -> Any:
    return lambda text: text in words


words = ["red", "green", "blue", "violet"]
VALUES: list[object] = [
    *(None, True, 1, 1.5, 2**80, "text", b"bytes", 1j, ...),
    set(words),
    frozenset(words),
    {word: set(words) for word in words},
    {1, "a", None, (1, "b")},
    [set(words)] * 3,
    collections.Counter(words),
    Level.HIGH,
    Level,
    Setting("a"),
    Setting,
    Cleaner(set(words)),
    Cleaner,
    Cleaner.clean,
    Cleaner(set(words)).clean,
    helper,
    closure(set(words)),
    functools.partial(helper, text="a"),
    functools.lru_cache(helper),
    np.arange(10),
    np.array(words, dtype=object),
    np.random.default_rng(1),
    pd.DataFrame({"a": words, "b": pd.Categorical(words), "c": range(4)}),
    pd.Series(words, index=pd.MultiIndex.from_arrays([words, range(4)])),
    pa.table({"a": words, "b": pa.array(words).dictionary_encode()}),
    pl.DataFrame({"a": words, "b": [1, 2, None, 4]}),
    CountVectorizer().fit(words),
    DecisionTreeClassifier(random_state=0).fit(np.arange(8).reshape(4, 2), words),
    object(),
    int,
    np.mean,
    pd.DataFrame,
]

if __name__ == "__main__":
    for value in VALUES:
        print(digest(value))
