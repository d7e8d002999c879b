"""Prints digests of many values, one a line, for comparison between processes."""

from __future__ import annotations

import array
import collections
import dataclasses
import datetime
import decimal
import enum
import functools
import re
import zoneinfo
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from scipy import sparse
from sklearn.ensemble import VotingClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
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


class Way(enum.Flag):
    LEFT = 1
    RIGHT = 2


@dataclasses.dataclass(slots=True)
class Slots:
    words: set[str]


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
    *[frozenset({word, (word, frozenset(words))}) for word in words],
    {frozenset(words): {word: {word} for word in words}},
    collections.defaultdict(set, {word: set(words) for word in words}),
    dict.fromkeys(words).keys(),
    Way.LEFT | Way.RIGHT,
    Way,
    Slots(set(words)),
    decimal.Decimal("1.00"),
    datetime.datetime(2020, 1, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")),
    re.compile("a", re.IGNORECASE | re.MULTILINE),
    array.array("d", [1.5]),
    np.ma.array([1, 2], mask=[0, 1]),
    np.zeros(2, dtype=[("a", "O"), ("b", "M8[s]")]),
    np.array(words, dtype=np.dtypes.StringDType()),
    pd.DataFrame({"a": [set(words)] * 2, "b": pd.array([1, None], dtype="Int64")}),
    pd.DataFrame({"a": words}).groupby("a"),
    pd.Series(words, dtype="string[pyarrow]"),
    pd.Series([1, 2], index=pd.to_datetime(["2020", "2021"]).tz_localize("Europe/Berlin")),
    pd.arrays.SparseArray([0, 1]),
    pl.Series("a", words, dtype=pl.Categorical),
    pl.Series("a", words, dtype=pl.Enum(words)),
    pl.Series("a", [[{"x": word}] for word in words]),
    pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int64())),
    sparse.coo_array(([1.0, 2.0], ([0, 1], [1, 0]))),
    make_pipeline(CountVectorizer(stop_words=["red"]), DecisionTreeClassifier(random_state=0)).fit(words, words),
    KNeighborsClassifier(1, algorithm="ball_tree").fit(np.arange(8).reshape(4, 2), words),
    VotingClassifier([("a", DecisionTreeClassifier(random_state=0))]),
    object(),
    int,
    np.mean,
    pd.DataFrame,
]

if __name__ == "__main__":
    for value in VALUES:
        print(digest(value))
