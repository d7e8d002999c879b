# ruff: noqa: E501  a family of values stands on one line
"""Pairs of values that have one digest, and families of values of which no two have."""

from __future__ import annotations

import collections
import copy
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import io
import itertools
import pathlib
import pickle
import re
import socket
import sqlite3
import sys
import threading
import types
import uuid
import zoneinfo
from collections.abc import Callable
from typing import Any

import matplotlib.figure
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse as sparse
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from helix_jupyter.errors import Undigestable
from helix_jupyter.fingerprint.digest import digest, register_digest


@dataclasses.dataclass
class Point:
    x: int
    y: float = 0.0


class Colour(enum.Enum):
    RED = 1
    GREEN = 2


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self, a: object, b: object) -> None:
        self.a, self.b = a, b


class Plain:
    def __init__(self, **attributes: object) -> None:
        for name, value in attributes.items():
            setattr(self, name, value)


Pair = collections.namedtuple("Pair", "left right")
words = ["red", "green", None, "blue"]
numbers = np.arange(24, dtype=np.float64).reshape(4, 6)
shared = [1, 2]


def fitted(seed: int = 0) -> Any:
    points = np.random.default_rng(seed).normal(size=(40, 3))
    return make_pipeline(StandardScaler(), LogisticRegression()).fit(points, points[:, 0] > 0)


def masked(data: list[int]) -> Any:
    return np.ma.MaskedArray(data, mask=[False, True, False])


def under_null(garbage: str) -> pa.Array:
    """["a", null, "c"] with ``garbage`` lying under the null."""
    filled = pa.array(["a", garbage, "c"])
    validity = pa.py_buffer(bytes([0b101]))
    return pa.Array.from_buffers(pa.string(), 3, [validity, *filled.buffers()[1:]])


def padded(fill: int) -> Any:
    """A structured array whose padding bytes hold ``fill``."""
    array = np.frombuffer(bytearray([fill] * 32), dtype=np.dtype([("a", "i1"), ("b", "i8")], align=True)).copy()
    array["a"], array["b"] = 1, 2
    return array


def blocks_apart() -> pd.DataFrame:
    frame = pd.DataFrame({"a": [1, 2, 3]})
    frame["b"] = [4, 5, 6]
    return frame


EQUAL: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "dict order": (lambda: {"a": 1, "b": 2}, lambda: {"b": 2, "a": 1}),
    "dict order, mixed keys": (lambda: {1: "x", "b": 2}, lambda: {"b": 2, 1: "x"}),
    "set order": (lambda: {"a", "b", 3}, lambda: {3, "b", "a"}),
    "shared or copied": (lambda: [shared, shared], lambda: [[1, 2], [1, 2]]),
    "strings interned or not": (lambda: ["ab", "ab"], lambda: ["ab", "".join(["a", "b"])]),
    "range": (lambda: range(0, 5, 2), lambda: range(0, 6, 2)),
    "attribute order": (lambda: Plain(a=1, b=2), lambda: Plain(b=2, a=1)),
    "set in an object": (lambda: Plain(s={"x", "y", "z"}), lambda: Plain(s={"z", "y", "x"})),
    "long list": (lambda: list(range(1000)), lambda: [int(str(i)) for i in range(1000)]),
    "long dict order": (
        lambda: {str(i): i for i in range(100)},
        lambda: {str(i): i for i in reversed(range(100))},
    ),
    "fortran order": (lambda: numbers, lambda: np.asfortranarray(numbers)),
    "slice or copy": (lambda: numbers[::2, 1::2], lambda: numbers[::2, 1::2].copy()),
    "reversed view": (lambda: numbers[::-1], lambda: numbers[::-1].copy()),
    "large transposed": (
        lambda: np.arange(3_000_000.0).reshape(1000, 3000).T,
        lambda: np.arange(3_000_000.0).reshape(1000, 3000).T.copy(),
    ),
    "read only": (lambda: np.broadcast_to(np.array([1, 2]), (3, 2)), lambda: np.array([[1, 2]] * 3)),
    "padding": (lambda: padded(0), lambda: padded(255)),
    "under the mask": (lambda: masked([1, 2, 3]), lambda: masked([1, 99, 3])),
    "object array": (lambda: np.array([1, "a", None], dtype=object), lambda: np.array([1, "a", None], dtype=object)),
    "masked or not written out": (lambda: np.ma.array([1, 2]), lambda: np.ma.array([1, 2], mask=[False, False])),
    "duplicates dropped": (
        lambda: pd.DataFrame({"a": [1, 1, 2]}).drop_duplicates(ignore_index=True),
        lambda: pd.DataFrame({"a": [1, 2]}),
    ),
    "blocks": (blocks_apart, lambda: pd.DataFrame({"a": [1, 2, 3], "b": [4, 5, 6]})),
    "from a matrix": (
        lambda: pd.DataFrame(np.arange(6).reshape(3, 2), columns=["a", "b"]),
        lambda: pd.DataFrame({"a": [0, 2, 4], "b": [1, 3, 5]}),
    ),
    "range index": (
        lambda: pd.Series([1, 2, 3]),
        lambda: pd.Series([1, 2, 3], index=pd.Index([0, 1, 2], dtype="int64")),
    ),
    "one row": (lambda: pd.Series([1], index=pd.RangeIndex(3, 9, 6)), lambda: pd.Series([1], index=[3])),
    "frame pickled": (
        lambda: pd.DataFrame({"a": words}),
        lambda: pickle.loads(pickle.dumps(pd.DataFrame({"a": words}))),
    ),
    "strings sliced": (lambda: pd.Series(["x", *words])[1:].reset_index(drop=True), lambda: pd.Series(words)),
    "strings put together": (
        lambda: pd.concat([pd.Series(words), pd.Series(words)], ignore_index=True),
        lambda: pd.Series(words + words),
    ),
    "multi index": (
        lambda: pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["x", "y"]),
        lambda: pd.MultiIndex.from_product([["b", "a", "c"], [2, 1]], names=["x", "y"])[[3, 0]],
    ),
    "sparse indexing": (
        lambda: pd.arrays.SparseArray([0, 0, 1, 2], kind="integer"),
        lambda: pd.arrays.SparseArray([0, 0, 1, 2], kind="block"),
    ),
    "nullable, under the mask": (
        lambda: pd.arrays.IntegerArray(np.array([1, 7]), np.array([False, True])),
        lambda: pd.array([1, None], dtype="Int64"),
    ),
    "arrow offsets": (lambda: pa.array(["x", *words]).slice(1), lambda: pa.array(words)),
    "arrow chunks": (
        lambda: pa.chunked_array([["a"], ["b", None], []], type=pa.string()),
        lambda: pa.chunked_array([["a", "b", None]]),
    ),
    "arrow numbers sliced": (lambda: pa.array([9, 1, None, 3]).slice(1), lambda: pa.array([1, None, 3])),
    "arrow bits sliced": (lambda: pa.array([True, False, None, True]).slice(1), lambda: pa.array([False, None, True])),
    "arrow under a null": (lambda: under_null(""), lambda: under_null("garbage")),
    "arrow lists": (
        lambda: pa.array([[1], [2, 3], None, []]).slice(1),
        lambda: pa.array([[2, 3], None, []], type=pa.list_(pa.int64())),
    ),
    "arrow structs": (
        lambda: pa.array([{"a": 0}, {"a": 1}, None]).slice(1),
        lambda: pa.array([{"a": 1}, None], type=pa.struct({"a": pa.int64()})),
    ),
    "arrow dictionary": (
        lambda: pa.chunked_array([pa.array(["a"]).dictionary_encode(), pa.array(["b", "a"]).dictionary_encode()]),
        lambda: pa.chunked_array([pa.array(["a", "b", "a"]).dictionary_encode()]),
    ),
    "arrow table chunks": (
        lambda: pa.concat_tables([pa.table({"a": [1]}), pa.table({"a": [2]})]),
        lambda: pa.table({"a": [1, 2]}),
    ),
    "arrow maps": (
        lambda: pa.array([[("z", 0)], [("a", 1)], None], type=pa.map_(pa.string(), pa.int64())).slice(1),
        lambda: pa.array([[("a", 1)], None], type=pa.map_(pa.string(), pa.int64())),
    ),
    "polars sliced": (lambda: pl.DataFrame({"a": ["x", *words]})[1:], lambda: pl.DataFrame({"a": words})),
    "csr order": (
        lambda: sparse.csr_array((np.array([2.0, 1.0]), np.array([1, 0]), np.array([0, 2, 2]))),
        lambda: sparse.csr_array((np.array([1.0, 2.0]), np.array([0, 1]), np.array([0, 2, 2])), shape=(2, 2)),
    ),
    "coo duplicates": (
        lambda: sparse.coo_array(([1.0, 1.0], ([0, 0], [1, 1])), shape=(2, 2)),
        lambda: sparse.coo_array(([2.0], ([0], [1])), shape=(2, 2)),
    ),
    "estimator": (fitted, fitted),
    "estimator pickled": (fitted, lambda: pickle.loads(pickle.dumps(fitted()))),
    "generator state": (lambda: np.random.default_rng(3), lambda: np.random.Generator(np.random.PCG64(3))),
    "function": (lambda: eval("lambda x: x + 1"), lambda: eval("\n\nlambda x:    x+1")),
    "partial": (lambda: functools.partial(max, 1, default=2), lambda: functools.partial(max, 1, default=2)),
    "string buffer": (lambda: io.StringIO("a"), lambda: io.StringIO("a")),
    "defaultdict order": (
        lambda: collections.defaultdict(list, a=[1], b=[2]),
        lambda: collections.defaultdict(list, b=[2], a=[1]),
    ),
    "mapping proxy": (
        lambda: types.MappingProxyType({"a": 1, "b": 2}),
        lambda: types.MappingProxyType({"b": 2, "a": 1}),
    ),
}


@pytest.mark.parametrize(("first", "second"), EQUAL.values(), ids=EQUAL.keys())
def test_equal_content_has_one_digest(first: Callable[[], Any], second: Callable[[], Any]) -> None:
    assert digest(first()) == digest(second())


def test_a_memory_map_is_digested_as_its_array(tmp_path: pathlib.Path) -> None:
    mapped = np.memmap(tmp_path / "a.bin", dtype="f8", mode="w+", shape=(4, 6))
    mapped[:] = numbers
    assert digest(mapped) == digest(numbers)


UNEQUAL: dict[str, list[Any]] = {
    "one and its likes": [1, True, 1.0, "1", b"1", bytearray(b"1"), 1 + 0j, np.int64(1), np.int32(1), np.float64(1), [1], (1,), {1}, frozenset({1}), decimal.Decimal(1), fractions.Fraction(1), np.array(1), np.array([1]), pd.Series([1]), pd.Index([1]), pa.array([1]), pl.Series([1]), {1: 1}],
    "nothing and its likes": [None, False, 0, 0.0, -0.0, "", b"", [], (), {}, set(), frozenset(), ..., NotImplemented, pd.NA, pd.NaT, float("nan"), np.array([]), pd.Series([], dtype="f8"), pd.DataFrame()],
    "text": ["a", "A", "a ", "à", "a\u0300", "\ud800", "a" * 100, "a" * 101],
    "numbers": [1.5, -1.5, 2**63, 2**63 + 1, -(2**63), 2**64, 1e300, float("inf"), float("-inf"), 1j, -1j],
    "nesting": [[1, [2]], [[1], 2], [1, 2], [[1, 2]], [[1], [2]], [(1, 2)], ([1, 2],), [1, 2, []], {"a": [1, 2]}, {"a": {"b": [1, 2]}}],
    "cutting of strings": [["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["", "abc"], "abc", ["a", "b", "c"]],
    "cutting of many strings": [["ab", "c"] * 20, ["a", "bc"] * 20, ["abc", ""] * 20, ["", "abc"] * 20, ["abc"] * 20],
    "separators in many strings": [["a\x1fb", "c"] * 20, ["a", "b\x1fc"] * 20, ["a", "b", "c"] * 20],
    "long lists": [list(range(20)), list(map(float, range(20))), list(map(str, range(20))), [*range(19), True], [*range(19), None], [True] * 20, [1] * 20, [False] * 20, [0] * 20, [None] * 20, [b"a"] * 20, ["a"] * 20, [2**70] * 20, tuple(range(20)), list(range(21)), ["a", 1] * 10, [1, "a"] * 10],
    "dicts": [{"a": 1}, {"a": 2}, {"b": 1}, {1: "a"}, {"a": 1, "b": 1}, {True: "a"}, {1.0: "a"}, {("a",): 1}, collections.OrderedDict(a=1), collections.OrderedDict(a=1, b=2), collections.OrderedDict(b=2, a=1), collections.Counter(a=1), collections.defaultdict(int, a=1), collections.defaultdict(list, a=1)],
    "long dicts": [{str(i): i for i in range(30)}, {str(i): float(i) for i in range(30)}, {i: i for i in range(30)}, {str(i): 29 - i for i in range(30)}, {float(i): i for i in range(30)}],
    "ranges and slices": [range(3), range(1, 3), range(0, 3, 2), slice(3), slice(0, 3), slice(None, 3, 1), [0, 1, 2]],
    "instances": [Point(1), Point(2), Point(1, 1.0), Plain(x=1, y=0.0), Plain(x=1), Pair(1, 0.0), (1, 0.0), Slotted(1, 0.0), Slotted(1, 2), Colour.RED, Colour.GREEN, 1],
    "times": [datetime.date(2020, 1, 1), datetime.datetime(2020, 1, 1), datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC), datetime.datetime(2020, 1, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")), datetime.datetime(2020, 1, 1, fold=1), datetime.time(0), datetime.timedelta(1), datetime.timedelta(2), pd.Timestamp(2020, 1, 1), pd.Timestamp(2020, 1, 1, nanosecond=1), pd.Timestamp(2020, 1, 1, tz="UTC"), np.datetime64("2020-01-01"), np.datetime64("2020-01-01", "ns"), pd.Timedelta(1, "D"), pd.Period("2020-01", "M"), pd.Period("2020-01", "D")],
    "small types": [decimal.Decimal("1.0"), decimal.Decimal("1.00"), fractions.Fraction(1, 2), uuid.UUID(int=1), uuid.UUID(int=2), pathlib.PurePosixPath("a"), pathlib.PureWindowsPath("a"), pathlib.Path("a"), pathlib.Path("b"), re.compile("a"), re.compile("a", re.I), re.compile(b"a"), int, float, list[int], int | None, len, max, np.sum, np.mean, np.add, np.ndarray, re, types],
    "shapes": [np.arange(6), np.arange(6).reshape(2, 3), np.arange(6).reshape(3, 2), np.arange(6).reshape(6, 1), np.arange(6).reshape(1, 6), np.arange(6.0), np.arange(6, dtype="i4"), np.arange(6, dtype=">i8"), np.arange(6, dtype="u8"), np.arange(6).astype(object), np.arange(6).astype(str), np.arange(6).astype("M8[s]"), np.arange(6).astype("M8[ms]"), np.arange(6).astype("m8[s]"), list(range(6)), np.ma.array(np.arange(6)), np.ma.array(np.arange(6), mask=[True] + [False] * 5), np.asmatrix(np.arange(6))],
    "zero and its sign": [np.array([0.0]), np.array([-0.0]), np.array([0]), np.array([False]), np.array([np.nan]), np.array([0j])],
    "empty shapes": [np.empty((0, 3)), np.empty((3, 0)), np.empty(0), np.empty(0, dtype="i8"), np.empty((0, 3), dtype=object)],
    "structured": [np.zeros(2, dtype=[("a", "i4"), ("b", "i4")]), np.zeros(2, dtype=[("b", "i4"), ("a", "i4")]), np.zeros((2, 2), dtype="i4"), np.zeros(2, dtype=[("a", "i4"), ("b", "f4")]), np.rec.array(np.zeros(2, dtype=[("a", "i4"), ("b", "i4")]))],
    "random states": [np.random.default_rng(0), np.random.default_rng(1), np.random.RandomState(0), np.random.RandomState(1), np.random.Generator(np.random.MT19937(0))],
    "series": [pd.Series(words), pd.Series(words, name="w"), pd.Series(words, dtype=object), pd.Series(words, dtype="string"), pd.Series(words, dtype="string[python]"), pd.Series(words, dtype="category"), pd.Series(words, dtype=pd.CategoricalDtype(["red", "green", "blue"])), pd.Series(words, dtype=pd.CategoricalDtype(["red", "green", "blue"], ordered=True)), pd.Series(words, dtype=pd.ArrowDtype(pa.string())), pd.Series(words, index=list("abcd")), pd.Series(words[::-1]), pd.Series(["red", "green", "", "blue"]), pd.Index(words), pd.DataFrame({"w": words}), words],
    "numeric series": [pd.Series([1, 2]), pd.Series([1.0, 2.0]), pd.Series([1, 2], dtype="Int64"), pd.Series([1, None], dtype="Int64"), pd.Series([1, 0], dtype="Int64"), pd.Series([True, False]), pd.Series([True, False], dtype="boolean"), pd.Series([True, None], dtype="boolean"), pd.Series([1.0, None]), pd.Series([1.0, None], dtype="Float64"), pd.Series([1, 2], dtype="int64[pyarrow]"), pd.Series([1, 2], dtype="Sparse[int]"), pd.Series([0, 2], dtype="Sparse[int]"), pd.Series([2, 0], dtype="Sparse[int]"), pd.Series([1, 2], dtype="i4"), pd.Series([1, 2], index=[1, 0]), pd.Series([1, 2], index=[0.0, 1.0]), pd.Series([1, 2], index=pd.RangeIndex(0, 4, 2)), pd.Series([1, 2], index=pd.Index([0, 1], name="i")), pd.Series([1, 2], index=pd.Index([0, 1], dtype="i4"))],
    "time series": [pd.date_range("2020", periods=3), pd.date_range("2020", periods=3, tz="UTC"), pd.date_range("2020", periods=3, tz="Europe/Berlin"), pd.date_range("2020", periods=3, freq="h"), pd.date_range("2020", periods=3, unit="ns"), pd.date_range("2020", periods=3)._with_freq(None), pd.period_range("2020", periods=3), pd.timedelta_range(0, periods=3, freq="D"), pd.interval_range(0, 3), pd.interval_range(0, 3, closed="both"), pd.date_range("2020", periods=3, name="t")],
    "frames": [pd.DataFrame({"a": [1, 2], "b": [3, 4]}), pd.DataFrame({"b": [3, 4], "a": [1, 2]}), pd.DataFrame({"a": [1, 2], "c": [3, 4]}), pd.DataFrame({"a": [1, 3], "b": [2, 4]}), pd.DataFrame({"a": [1, 2], "b": [3.0, 4.0]}), pd.DataFrame({"a": [1, 2], "b": [3, 4]}, index=["x", "y"]), pd.DataFrame({"a": [1, 2], "b": [3, 4]}).T, pd.DataFrame({"a": [1, 2]}), pd.DataFrame([[1, 3], [2, 4]]), pd.DataFrame([[1, 3], [2, 4]], columns=["0", "1"]), pd.DataFrame(index=range(2)), pd.DataFrame(columns=["a", "b"]), pd.DataFrame({"a": [1, 2], "b": [3, 4]}).rename_axis("i"), pd.DataFrame({"a": [1, 2], "b": [3, 4]}).rename_axis(columns="i"), pd.DataFrame([[1, 3], [2, 4]], columns=["a", "a"]), pl.DataFrame({"a": [1, 2], "b": [3, 4]}), pa.table({"a": [1, 2], "b": [3, 4]})],
    "arrow": [pa.array([1, 2]), pa.array([1, 2], pa.int32()), pa.array([1, None]), pa.array([1, 0]), pa.array([None, 1]), pa.array([1.0, 2.0]), pa.array(["1", "2"]), pa.array(["12", ""]), pa.array(["", "12"]), pa.array([None, "12"], pa.string()), pa.array(["1", "2"], pa.large_string()), pa.array([b"1", b"2"]), pa.array(["1", "2"]).dictionary_encode(), pa.array([True, False]), pa.array([[1], [2]]), pa.array([[1, 2], []]), pa.array([[1, 2], None]), pa.array([{"a": 1}, {"a": 2}]), pa.array([{"b": 1}, {"b": 2}]), pa.nulls(2), pa.nulls(3), pa.array([1, 2], pa.timestamp("s")), pa.array([1, 2], pa.timestamp("ms")), pa.array([1, 2], pa.timestamp("s", "UTC")), pa.chunked_array([[1, 2]]), pa.array([decimal.Decimal("1.0"), None]), pa.array(["1", "2"], pa.string_view()), pa.array([[1], [2]], pa.list_(pa.int64(), 1))],
    "arrow tables": [pa.table({"a": [1]}), pa.table({"b": [1]}), pa.table({"a": [1]}, metadata={"k": "v"}), pa.table({"a": pa.array([1], pa.int32())}), pa.record_batch({"a": [1]}), pa.table({"a": [1, 1]}), pa.schema([("a", pa.int64())]), pa.schema([pa.field("a", pa.int64(), nullable=False)]), pa.int64(), pa.int32()],
    "polars": [pl.Series("a", [1, 2]), pl.Series("b", [1, 2]), pl.Series("a", [1.0, 2.0]), pl.Series("a", ["1", "2"]), pl.Series("a", ["1", "2"], dtype=pl.Categorical), pl.Series("a", [1, None]), pl.Series("a", [[1], [2]]), pl.DataFrame({"a": [1, 2]}), pl.DataFrame({"a": [1, 2], "b": [1, 2]}), pl.DataFrame()],
    "scipy.sparse": [sparse.csr_array([[1, 0], [0, 2]]), sparse.csc_array([[1, 0], [0, 2]]), sparse.coo_array([[1, 0], [0, 2]]), sparse.csr_matrix([[1, 0], [0, 2]]), sparse.csr_array([[1.0, 0], [0, 2]]), sparse.csr_array([[0, 1], [2, 0]]), sparse.csr_array([[1, 0, 0], [0, 2, 0]]), np.array([[1, 0], [0, 2]])],
    "estimators": [LogisticRegression(), LogisticRegression(C=0.1), StandardScaler(), fitted(0), fitted(1), LogisticRegression, make_pipeline(StandardScaler(), LogisticRegression())],
    "functions": [lambda x: x + 1, lambda x: x + 2, lambda y: y + 1, lambda x, y=1: x + 1, lambda x, y=2: x + 1, lambda x: x.a, lambda x: x.b, functools.partial(max, 1), functools.partial(max, 2), functools.partial(min, 1), "a".upper, "b".upper, "a".lower, str.upper, [1].append, [2].append],
}  # fmt: skip


@pytest.mark.parametrize("values", UNEQUAL.values(), ids=UNEQUAL.keys())
def test_unequal_values_never_have_one_digest(values: list[Any]) -> None:
    digests = [digest(value) for value in values]
    alike = [
        (repr(values[one])[:60], repr(values[two])[:60])
        for one, two in itertools.combinations(range(len(values)), 2)
        if digests[one] == digests[two]
    ]
    assert alike == []
    assert all(re.fullmatch("[0-9a-f]{32}", found) for found in digests)


@pytest.mark.parametrize("values", UNEQUAL.values(), ids=UNEQUAL.keys())
def test_a_value_and_its_copy_have_one_digest(values: list[Any]) -> None:
    for value in values:
        if not isinstance(value, types.ModuleType):
            assert digest(copy.deepcopy(value)) == digest(value), repr(value)


def self_containing() -> list[Any]:
    values: list[Any] = [1]
    values.append({"me": values})
    return values


def test_a_value_that_contains_itself_has_a_digest() -> None:
    assert digest(self_containing()) == digest(self_containing())
    other = self_containing()
    other[0] = 2
    assert digest(other) != digest(self_containing())


def test_what_reaches_back_is_not_taken_for_its_like_elsewhere() -> None:
    inner: list[Any] = []
    outer = [inner, 1]
    inner.append(outer)
    assert digest([inner, outer]) != digest([outer, outer])


def test_deep_sharing_takes_linear_time() -> None:
    value: list[Any] = []
    for _ in range(200):
        value = [value, value]
    assert len(digest(value)) == 32


def dense(size: int, changed: int = 0) -> list[Plain]:
    """Objects of which each refers to all."""
    nodes = [Plain(number=number) for number in range(size)]
    for node in nodes:
        node.__dict__["neighbours"] = nodes
    nodes[-1].__dict__["number"] += changed
    return nodes


def chain(size: int, changed: int = 0) -> Any:
    """Objects that know the one before and the one after."""
    nodes = [Plain(number=number) for number in range(size)]
    for left, right in itertools.pairwise(nodes):
        left.__dict__["after"], right.__dict__["before"] = right, left
    nodes[-1].__dict__["number"] += changed
    return nodes[0]


@pytest.mark.parametrize("make", [dense, chain])
def test_cycles_are_told_in_linear_time(make: Callable[..., Any]) -> None:
    assert digest(make(50)) == digest(make(50))
    assert digest(make(50)) != digest(make(50, changed=1))
    assert digest([0, make(50)]) == digest([0, make(50)])


def test_long_chains_of_objects_have_a_digest() -> None:
    limit = sys.getrecursionlimit()
    assert digest(chain(2000)) != digest(chain(2000, changed=1))
    assert sys.getrecursionlimit() == limit


def pointing(last: int) -> list[Any]:
    """Two small cycles under one root, of which one refers into the other."""
    root: list[Any] = []
    one, two = [root], [root]
    two.append([one, two, root][last])
    root += [one, two]
    return root


def test_what_a_cycle_refers_to_counts() -> None:
    assert len({digest(pointing(last)) for last in range(3)}) == 3


def test_too_deep_a_nest_is_refused_in_words() -> None:
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(Undigestable, match="nested too deeply"):
        digest(value)


REFUSED: dict[str, tuple[Callable[[], Any], str, str]] = {
    "generator": (lambda: {"g": (i for i in range(3))}, "['g']", "generator"),
    "lock": (lambda: {"m": {"lock": threading.Lock()}}, "['m']['lock']", "lock"),
    "lock in an attribute": (lambda: [Plain(inner=Plain(lock=threading.RLock()))], "[0].inner.lock", "lock"),
    "open file": (lambda: (1, open(__file__)), "[1]", "open file"),  # noqa: SIM115  an open file is the case
    "socket": (socket.socket, "", "connection"),
    "database": (lambda: sqlite3.connect(":memory:"), "", "connection"),
    "thread": (threading.current_thread, "", "thread"),
    "object column": (lambda: pd.DataFrame({"a": [threading.Lock()]}), "['a'][0]", "lock"),
    "iterator of a generator": (lambda: iter(i for i in "ab"), "", "generator"),
    "figure": (lambda: {"f": matplotlib.figure.Figure()}, "['f']", "drawing"),
    "closure": (lambda: (lambda lock: lambda: lock)(threading.Lock()), " closure lock", "lock"),
}


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize(("make", "path", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_has_no_content_is_refused_by_name(make: Callable[[], Any], path: str, reason: str) -> None:
    value = make()
    with pytest.raises(Undigestable) as caught:
        digest(value)
    assert caught.value.path.startswith(path)
    assert reason in caught.value.reason
    if hasattr(value, "close"):
        value.close()


class Opaque:
    def __init__(self, content: int, lock: Any) -> None:
        self.content, self.lock = content, lock


def test_a_registered_rule_stands_for_a_type_and_its_subclasses() -> None:
    class Further(Opaque):
        pass

    with pytest.raises(Undigestable):
        digest(Opaque(1, threading.Lock()))
    register_digest(Opaque, lambda value: [(".content", value.content)])
    assert digest(Opaque(1, threading.Lock())) == digest(Opaque(1, threading.Lock()))
    assert digest(Opaque(1, None)) != digest(Opaque(2, None))
    assert digest(Opaque(1, None)) != digest(Further(1, None))


def test_a_rule_registered_by_name_is_found() -> None:
    class Named(Opaque):
        pass

    register_digest(f"{Named.__module__}.{Named.__qualname__}", lambda value: [(".content", "always")])
    assert digest(Named(1, None)) == digest(Named(2, threading.Lock()))
