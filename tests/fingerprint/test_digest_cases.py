# ruff: noqa: E501  a family of values stands on one line
"""Pairs of values that have one digest, and families of values of which no two have."""

from __future__ import annotations

import array
import collections
import copy
import csv
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
import struct
import sys
import tempfile
import threading
import types
import uuid
import weakref
import zoneinfo
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import matplotlib.colors
import matplotlib.figure
import networkx
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse as sparse
from sklearn.ensemble import VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from helix_jupyter.errors import Undigestable, Unpicklable
from helix_jupyter.fingerprint.digest import digest, register_digest
from helix_jupyter.store.pickling import prepare


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


def masked_results() -> Any:
    """As its digest was asked for: that makes what stands for masked values."""
    results = {"C": np.ma.MaskedArray(np.empty(2), mask=True, dtype=object)}
    results["C"][:] = ["rbf", "linear"]
    search = types.SimpleNamespace(results=results)
    digest(search)
    return search


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


class Way(enum.Flag):
    LEFT = 1
    RIGHT = 2


class Named(enum.Enum):
    ONE = 1
    UNO = 1  # noqa: PIE796  an alias is the case


class Size(enum.IntEnum):
    SMALL = 1


class Words(str):
    pass


class Numbers(list[int]):
    pass


class Marked(dict[str, int]):
    pass


@dataclasses.dataclass(slots=True)
class Slots:
    a: int


class Stateful:
    """Pickled without its cache."""

    def __init__(self, content: int, cache: str) -> None:
        self.content, self.cache = content, cache

    @functools.cached_property
    def doubled(self) -> int:
        return 2 * self.content

    def __getstate__(self) -> dict[str, int]:
        return {name: value for name, value in vars(self).items() if name != "cache"}


MAP = pa.map_(pa.string(), pa.int64())
FORMATS = [getattr(sparse, f"{name}_{kind}") for name in ["csr", "csc", "coo", "lil", "dok", "dia", "bsr"] for kind in ("array", "matrix")]  # fmt: skip


def marked(mark: str) -> Marked:
    value = Marked(a=1)
    value.mark = mark  # type: ignore[attr-defined]
    return value


def slotted(**attributes: int) -> Slotted:
    value = Slotted.__new__(Slotted)
    for name, attribute in attributes.items():
        setattr(value, name, attribute)
    return value


class Measured(np.ndarray[Any, Any]):
    """With a unit, as NumPy's guide to subclasses has it."""


def noted(value: Any, note: str) -> Any:
    value.note = note
    return value


def payload(bits: int) -> float:
    """A NaN with ``bits`` in its payload."""
    return float(struct.unpack("<d", struct.pack("<Q", 0x7FF8 << 48 | bits))[0])


def half_read(items: list[int]) -> Any:
    iterator = iter(items)
    next(iterator)
    return iterator


def used_path(text: str) -> pathlib.Path:
    path = pathlib.Path(text)
    assert path.parts
    assert hash(path) == hash(pathlib.Path(text))
    return path


def padded_twice(fill: int) -> Any:
    """Structures within structures, whose padding bytes hold ``fill``."""
    inner = np.dtype([("x", "i1"), ("y", "i8")], align=True)
    kind = np.dtype([("a", inner, (2,)), ("b", "i1")], align=True)
    array = np.frombuffer(bytearray([fill] * 2 * kind.itemsize), dtype=kind).copy()
    array["a"]["x"], array["a"]["y"], array["b"] = 1, 2, 3
    return array


def masked_fields(hidden: float) -> Any:
    data = np.array([(1, hidden), (2, 2.0)], dtype=[("a", "i4"), ("b", "f8")])
    return np.ma.array(data, mask=[(False, True), (False, False)])


def mapped_zeros() -> Any:
    with tempfile.TemporaryFile() as file:
        return np.memmap(file, dtype="u1", shape=3)


def asked(index: Any) -> Any:
    assert index.get_loc(1) == 1
    assert index.is_unique
    return index


def asked_dtype(dtype: Any) -> Any:
    assert (dtype.itemsize, dtype.kind) in {(1, "i"), (8, "i")}
    return dtype


def fresh_dtype(kind: Any) -> Any:
    made = object.__new__(kind)
    assert not vars(made)
    return made


def used_property(value: Any) -> Any:
    assert value.doubled == 2 * value.content
    return value


def walked(graph: Any) -> Any:
    assert len(graph.nodes) == len(graph.edges) + 1 == len(graph.adj) == len(graph.degree)
    return graph


def used_groups() -> Any:
    groups = pd.DataFrame({"a": words, "b": range(4)}).groupby("a")
    assert len(groups.sum()) == len(groups.indices) == len(groups.groups)
    return groups


def with_attrs(**attrs: str) -> pd.DataFrame:
    frame = pd.DataFrame({"a": [1]})
    frame.attrs.update(attrs)
    return frame


def union(kinds: list[int], number: int, text: str) -> pa.Array:
    """A union of integers and strings; what another kind hides is the same for all."""
    size = len(kinds)
    return pa.UnionArray.from_sparse(pa.array(kinds, pa.int8()), [pa.array([number] * size), pa.array([text] * size)])


def two_ints(kind: int) -> pa.Array:
    return pa.UnionArray.from_sparse(pa.array([kind], pa.int8()), [pa.array([1]), pa.array([1])])


def widened(matrix: Any) -> Any:
    matrix.indices, matrix.indptr = matrix.indices.astype("i8"), matrix.indptr.astype("i8")
    return matrix


def neighbours(asked: int) -> Any:
    points = np.arange(12.0).reshape(6, 2)
    model = KNeighborsClassifier(1, algorithm="kd_tree").fit(points, [0, 1] * 3)
    for _ in range(asked):
        model.predict(points)
    return model


def voting() -> Any:
    return VotingClassifier([("a", LogisticRegression())]).fit([[0.0], [1.0]] * 4, [0, 1] * 4)


def searched() -> Any:
    """A finished search: how long its fits took differs every time."""
    return GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=2).fit([[0.0], [1.0]] * 4, [0, 1] * 4)


def looked_at(value: object) -> object:
    """What gets a ``__dict__`` by being asked for it."""
    assert vars(value) == {}
    return value


EQUAL: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "dict order": (lambda: {"a": 1, "b": 2}, lambda: {"b": 2, "a": 1}),
    "dict order, mixed keys": (lambda: {1: "x", "b": 2}, lambda: {"b": 2, 1: "x"}),
    "set order": (lambda: {"a", "b", 3}, lambda: {3, "b", "a"}),
    "shared or copied": (lambda: [shared, shared], lambda: [[1, 2], [1, 2]]),
    "strings interned or not": (lambda: ["ab", "ab"], lambda: ["ab", "".join(["a", "b"])]),
    "range": (lambda: range(0, 5, 2), lambda: range(5)[::2]),
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
        lambda: pd.MultiIndex.from_product([["b", "a"], [2, 1]], names=["x", "y"])[[3, 0]],
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
    "coo order": (
        lambda: sparse.coo_array(([1.0, 2.0, 3.0], ([0, 1, 0], [1, 0, 1])), shape=(2, 2)),
        lambda: sparse.coo_array(([3.0, 1.0, 2.0], ([0, 0, 1], [1, 1, 0])), shape=(2, 2)),
    ),
    "estimator": (fitted, fitted),
    "estimator pickled": (fitted, lambda: pickle.loads(pickle.dumps(fitted()))),
    "generator state": (lambda: np.random.default_rng(3), lambda: np.random.Generator(np.random.PCG64(3))),
    "function": (lambda: eval("lambda x: x + 1"), lambda: eval("\n\nlambda x:    x+1")),
    "partial": (lambda: functools.partial(max, 1, default=2), lambda: functools.partial(max, 1, default=2)),
    "partial that was looked at": (lambda: functools.partial(max, 1), lambda: looked_at(functools.partial(max, 1))),
    "bytes buffer that was looked at": (lambda: io.BytesIO(b"a"), lambda: looked_at(io.BytesIO(b"a"))),
    "exception that was looked at": (lambda: ValueError("a", 1), lambda: looked_at(ValueError("a", 1))),
    "string buffer": (lambda: io.StringIO("a"), lambda: io.StringIO("a")),
    "defaultdict order": (
        lambda: collections.defaultdict(list, a=[1], b=[2]),
        lambda: collections.defaultdict(list, b=[2], a=[1]),
    ),
    "zip of equal lists": (lambda: zip([1], "a", strict=True), lambda: zip([1], "a", strict=True)),
    "counter order": (lambda: collections.Counter(a=1, b=2), lambda: collections.Counter(b=2, a=1)),
    "composed flag": (lambda: Way.LEFT | Way.RIGHT, lambda: Way.RIGHT | Way.LEFT),
    "enum alias": (lambda: Named.ONE, lambda: Named.UNO),
    "path spelled otherwise": (lambda: pathlib.Path("a/./b"), lambda: used_path("a//b")),
    "regex": (lambda: re.compile("a", re.I), lambda: re.compile("a", re.IGNORECASE)),
    "fraction": (lambda: fractions.Fraction(1, 2), lambda: fractions.Fraction(2, 4)),
    "keys of a dict": (lambda: {"a": 1, "b": 2}.keys(), lambda: {"b": 2, "a": 1}.keys()),
    "items of a dict": (lambda: {"a": 1, "b": 2}.items(), lambda: {"b": 2, "a": 1}.items()),
    "nested frozensets": (
        lambda: {frozenset({1, 2}), frozenset({"a", (1, 2)})},
        lambda: {frozenset({"a", (1, 2)}), frozenset({2, 1})},
    ),
    "state that leaves a cache out": (lambda: Stateful(1, "x"), lambda: Stateful(1, "y")),
    "read-only view of bytes": (lambda: memoryview(b"ab"), lambda: memoryview(bytearray(b"a.b."))[::2]),
    "int64 by another name": (
        lambda: np.zeros(2, "q"),
        lambda: np.zeros(2, "l" if np.dtype("l").itemsize == 8 else "i8"),
    ),
    "nested padding": (lambda: padded_twice(0), lambda: padded_twice(255)),
    "masked memory map": (lambda: np.ma.array(np.zeros(3, "u1")), lambda: np.ma.array(mapped_zeros())),
    "masked results of a search": (masked_results, masked_results),
    "masked objects": (
        lambda: np.ma.array(["a", object()], mask=[0, 1], dtype=object),
        lambda: np.ma.array(["a", 3], mask=[0, 1], dtype=object),
    ),
    "property that was cached": (lambda: Stateful(1, "x"), lambda: used_property(Stateful(1, "x"))),
    "network that was walked": (lambda: networkx.path_graph(3), lambda: walked(networkx.path_graph(3))),
    "nullable dtype that was asked": (lambda: asked_dtype(pd.Int8Dtype()), lambda: fresh_dtype(pd.Int8Dtype)),
    "arrow dtype that was asked": (
        lambda: asked_dtype(pd.ArrowDtype(pa.int64())),
        lambda: pd.ArrowDtype(pa.int64()),
    ),
    "index that was asked": (lambda: asked(pd.Index([3, 1, 2])), lambda: pd.Index([3, 1, 2])),
    "groups that were used": (lambda: used_groups(), lambda: pd.DataFrame({"a": words, "b": range(4)}).groupby("a")),
    "frame from a file": (
        lambda: pd.read_csv(io.StringIO("a,b\nx,1\ny,2\n")),
        lambda: pd.DataFrame({"a": ["x", "y"], "b": [1, 2]}),
    ),
    "time zone by any means": (
        lambda: pd.to_datetime(["2020-01-01"]).tz_localize("Europe/Berlin"),
        lambda: pd.to_datetime(["2020-01-01"]).tz_localize(zoneinfo.ZoneInfo("Europe/Berlin")),
    ),
    "arrow dictionary order": (
        lambda: pa.DictionaryArray.from_arrays(pa.array([0, 1, None], pa.int32()), ["a", "b"]),
        lambda: pa.DictionaryArray.from_arrays(pa.array([1, 0, None], pa.int32()), ["b", "a"]),
    ),
    "arrow under a null struct": (
        lambda: pa.StructArray.from_arrays([pa.array([1, 2])], ["a"], mask=pa.array([False, True])),
        lambda: pa.StructArray.from_arrays([pa.array([1, 9])], ["a"], mask=pa.array([False, True])),
    ),
    "arrow under a null list": (
        lambda: pa.FixedSizeListArray.from_arrays(pa.array([1, 2, 3, 4]), 2, mask=pa.array([False, True])),
        lambda: pa.FixedSizeListArray.from_arrays(pa.array([1, 2, 9, 9]), 2, mask=pa.array([False, True])),
    ),
    "arrow validity all set": (
        lambda: pa.array([1, 2]),
        lambda: pa.Array.from_buffers(pa.int64(), 2, [pa.py_buffer(b"\x03"), pa.array([1, 2]).buffers()[1]]),
    ),
    "arrow map chunks": (
        lambda: pa.chunked_array([[[("a", 1)]], [[("b", 2)], None]], MAP),
        lambda: pa.chunked_array([[[("a", 1)], [("b", 2)], None]], MAP),
    ),
    "arrow list views": (
        lambda: pa.array([[0], [1, 2], None], pa.list_view(pa.int64())).slice(1),
        lambda: pa.ListViewArray.from_arrays([1, 0], [2, 1], [9, 1, 2], mask=pa.array([False, True])),
    ),
    "arrow union chunks": (
        lambda: pa.chunked_array([union([0], 1, "-"), union([1], 9, "b")]),
        lambda: pa.chunked_array([union([0, 1], 1, "b")]),
    ),
    "arrow runs": (
        lambda: pa.RunEndEncodedArray.from_arrays([1, 2], ["a", "a"]),
        lambda: pa.RunEndEncodedArray.from_arrays([2], ["a"]),
    ),
    "arrow string views": (
        lambda: pa.array(["x" * 30, "a" * 20, "b"], pa.string_view()).slice(1),
        lambda: pa.array(["a" * 20, "b"], pa.string_view()),
    ),
    "polars categories": (
        lambda: pl.Series("a", ["zz", *words], dtype=pl.Categorical)[1:],
        lambda: pl.Series("a", words, dtype=pl.Categorical),
    ),
    "polars chunks": (
        lambda: pl.concat([pl.DataFrame({"a": [[1], [2, 3]]}), pl.DataFrame({"a": [[4]]})], rechunk=False),
        lambda: pl.DataFrame({"a": [[1], [2, 3], [4]]}),
    ),
    "polars query": (lambda: pl.LazyFrame({"a": [1]}).head(1), lambda: pl.LazyFrame({"a": [1]}).head(1)),
    "dia outside the matrix": (
        lambda: sparse.dia_array((np.array([[1.0, 2.0, 3.0]]), [1]), shape=(3, 3)),
        lambda: sparse.dia_array((np.array([[9.0, 2.0, 3.0]]), [1]), shape=(3, 3)),
    ),
    "sparse index width": (lambda: sparse.csr_array(np.eye(3)), lambda: widened(sparse.csr_array(np.eye(3)))),
    "search tree that was asked": (lambda: neighbours(asked=0), lambda: neighbours(asked=3)),
    "search by its clock": (searched, searched),
    "voting pickled": (voting, lambda: pickle.loads(pickle.dumps(voting()))),
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


# as sentences of words: so many that they are told together
ROWS = [["a", "b"], ["a", "a"], *(["w"] * (at % 5) for at in range(18))]
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
    "views of dicts": [{"a": 1}.keys(), {"b": 1}.keys(), {"a": 1}.items(), {"a": 2}.items(), {"a": 1}.values(), {"a": 2}.values(), {"a"}, {"a": 1}],
    "flags and enums": [Way.LEFT, Way.RIGHT, Way.LEFT | Way.RIGHT, Way(0), Named.ONE, Size.SMALL, 1],
    "containers": [collections.deque([1, 2]), collections.deque([2, 1]), collections.deque([1, 2], maxlen=2), collections.deque([1, 2], maxlen=3), collections.ChainMap({"a": 1}, {"b": 2}), collections.ChainMap({"b": 2}, {"a": 1}), collections.UserDict(a=1), types.SimpleNamespace(a=1), collections.defaultdict(lambda: 1, a=1), collections.defaultdict(lambda: 2, a=1)],
    "bytes": [b"ab", bytearray(b"ab"), memoryview(b"ab"), memoryview(b"ac"), array.array("b", b"ab"), array.array("B", b"ab"), array.array("i", [1]), array.array("f", [1]), struct.Struct("<I"), struct.Struct(">I")],
    "subclasses": [Words("a"), "a", Numbers([1]), [1], Marked(a=1), {"a": 1}, marked("x"), marked("y")],
    "slots": [Slots(1), Slots(2), slotted(), slotted(a=1), slotted(b=1), slotted(a=1, b=1)],
    "special decimals": [decimal.Decimal(text) for text in ("0", "-0", "NaN", "NaN1", "sNaN", "Infinity", "1E+2", "100")],
    "zones": [zoneinfo.ZoneInfo("UTC"), zoneinfo.ZoneInfo("Europe/Berlin"), datetime.UTC, datetime.timezone(datetime.timedelta(0), "X"), datetime.timezone(datetime.timedelta(hours=1))],
    "iterators half read": [iter([1, 2]), half_read([1, 2]), iter((1, 2)), enumerate([1, 2])],
    "nan payloads": [float("nan"), payload(1), np.array([float("nan")]), np.array([payload(1)]), pd.Series([float("nan")]), pd.Series([payload(1)])],
    "rows": [ROWS, [tuple(row) for row in ROWS], tuple(ROWS), [*ROWS[:-1], ["z"]], ROWS[:-1], [*ROWS, []], [["a"] * 3, ["b"], *ROWS[2:]], [*ROWS[:-1], tuple(ROWS[-1])], [[row] for row in ROWS], [[str(row)] for row in ROWS], [row * 200 for row in ROWS], [item for row in ROWS for item in row], [[]] * 20, [[]] * 21, [()] * 20],
    "rows of numbers": [[[1, 2]] * 20, [[1.0, 2.0]] * 20, [[1, 2.0]] * 20, [[True, 2]] * 20, [[2, 1]] * 20, [[1], [2, 1, 2], *[[1, 2]] * 18], [[1, None]] * 20, [[1, 0]] * 20, np.array([[1, 2]] * 20), [[b"1"]] * 20, [["1"]] * 20],
    "byte order": [np.array([1], "<i4"), np.array([1], ">i4"), np.array([16777216], "<i4"), np.dtype("<i4"), np.dtype(">i4")],
    "zero dimensions": [np.array(5), np.array([5]), np.int64(5), 5, np.array(None, dtype=object), np.array([None], dtype=object), None],
    "dates of numpy": [np.array(["NaT"], "M8[s]"), np.array(["NaT"], "M8[ns]"), np.array(["NaT"], "m8[s]"), np.array([1], "M8[2s]"), np.array([1], "M8[s]")],
    "under the mask": [masked([1, 2, 3]), masked([1, 99, 3]), masked_fields(1.0), masked_fields(9.0)],
    "masked arrays": [np.ma.array([1, 2], mask=[0, 1]), np.ma.array([1, 2], mask=[0, 1], fill_value=5), np.ma.array([1, 2], mask=[0, 1], hard_mask=True), np.ma.array([1, 2]), noted(np.ma.array([1, 2]), "a"), noted(np.ma.array([1, 2]), "b"), noted(np.arange(3).view(Measured), "m"), noted(np.arange(3).view(Measured), "k"), np.arange(3).view(Measured), np.arange(3), np.ma.masked, np.ma.array(0.0, mask=True)],
    "structured fields": [np.zeros(1, dtype=[(("t", "a"), "i4")]), np.zeros(1, dtype=[("a", "i4")]), np.zeros(1, dtype=[("a", [("b", "i4")])]), np.zeros(1, dtype=[("a", "i4", (1,))]), np.zeros(1, dtype=[("a", "i4")])[0]],
    "strings of numpy": [np.array(["a"], dtype=np.dtypes.StringDType()), np.array(["a"], dtype=np.dtypes.StringDType(na_object=None)), np.array(["a"]), np.array(["a"], "U2"), np.array([b"a"]), np.array(["a"], dtype=object)],
    "attributes of frames": [pd.DataFrame({"a": [1]}), with_attrs(u="m"), with_attrs(u="k"), pd.DataFrame({"a": [1]}).set_flags(allows_duplicate_labels=False)],
    "categories": [pd.Categorical(["a", "b"]), pd.Categorical(["a", "b"], categories=["b", "a"]), pd.Categorical(["a", "b"], categories=["a", "b", "c"]), pd.Categorical(["a", "b"], ordered=True), pd.Categorical(["a", None], categories=["a", "b"]), pd.Categorical([1, 2]), pd.Categorical([1.0, 2.0]), pd.CategoricalDtype(["a"]), pd.CategoricalDtype(["b"])],
    "null or nan": [pd.arrays.FloatingArray(np.array([1.0, np.nan]), np.array([False, False])), pd.array([1.0, None], dtype="Float64"), pd.array([1.0, 0.0], dtype="Float64"), np.array([1.0, np.nan])],
    "unused levels": [pd.MultiIndex.from_tuples([("a", 1)]), pd.MultiIndex.from_product([["a", "b"], [1]])[:1], pd.MultiIndex.from_product([["a"], [1, 2]])[:1]],
    "entries for one place": [sparse.coo_array(([1, 1], ([0, 0], [1, 1]))), sparse.coo_array(([2], ([0], [1]))), sparse.csr_array(([1, 1], [1, 1], [0, 2])), sparse.csr_array(([2], [1], [0, 1]))],
    "levels": [pd.MultiIndex.from_tuples([("a", 1)], names=["x", "y"]), pd.MultiIndex.from_tuples([("a", 1)], names=["x", "z"]), pd.MultiIndex.from_tuples([("a", 1.0)]), pd.MultiIndex.from_tuples([("a", 1)]), pd.Index([("a", 1)], tupleize_cols=False), pd.MultiIndex.from_arrays([[], []]), pd.MultiIndex.from_arrays([[], [], []])],
    "labels": [pd.DataFrame([[1]], columns=["0"]), pd.DataFrame([[1]], columns=[0]), pd.DataFrame([[1]], columns=[0.0]), pd.DataFrame([[1]], columns=pd.Index([0], dtype=object)), pd.Series([1], name="1"), pd.Series([1], name=1), pd.Series([1], name=("1",))],
    "periods and intervals": [pd.period_range("2020", periods=2, freq="W-MON"), pd.period_range("2020", periods=2, freq="W-SUN"), pd.arrays.IntervalArray.from_breaks([0, 1, 2]), pd.arrays.IntervalArray.from_breaks([0.0, 1, 2]), pd.arrays.IntervalArray.from_tuples([(0, 1), None]), pd.offsets.Day(1), pd.offsets.Day(2), pd.offsets.Hour(1), pd.offsets.MonthEnd()],
    "sparse of pandas": [pd.arrays.SparseArray([0, 1]), pd.arrays.SparseArray([0, 1], fill_value=1), pd.arrays.SparseArray([0.0, 1.0]), pd.arrays.SparseArray([0.0, 1.0], fill_value=0.0), pd.arrays.SparseArray([np.nan, 1.0])],
    "moving windows": [
        pd.DataFrame({"a": [1], "b": [2]}).rolling(2),
        pd.DataFrame({"a": [1], "b": [2]}).rolling(3),
        pd.DataFrame({"a": [1], "b": [3]}).rolling(2),
        pd.DataFrame({"a": [1], "b": [2]}).groupby("a").rolling(2),
        pd.DataFrame({"a": [1], "b": [2]}).groupby("b").rolling(2),
    ],
    "colour maps": [
        matplotlib.colors.ListedColormap(["r", "g"]),
        matplotlib.colors.ListedColormap(["r", "b"]),
        matplotlib.colors.LinearSegmentedColormap.from_list("a", ["r", "g"]),
        matplotlib.colors.LinearSegmentedColormap.from_list("a", ["r", "b"]),
        matplotlib.colormaps["jet"],
        matplotlib.colormaps["jet"].with_extremes(bad="r"),
    ],
    "groups": [pd.DataFrame({"a": [1], "b": [2]}).groupby("a"), pd.DataFrame({"a": [1], "b": [2]}).groupby("b"), pd.DataFrame({"a": [1], "b": [2]}).groupby("a")["b"], pd.DataFrame({"a": [1], "b": [3]}).groupby("a")],
    "ranges and slices": [range(3), range(1, 3), range(0, 3, 2), range(0, 4, 2), range(0), range(1, 1), range(0, 3, 9), slice(3), slice(0, 3), slice(None, 3, 1), [0, 1, 2]],
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
    "arrow, nested": [pa.array([[1, None], [2]]), pa.array([[1], [None, 2]]), pa.array([[1, None], None, [2]]), pa.array([[1, 0], [2]]), pa.array([[[1], [2]], [[3]]]), pa.array([[[1]], [[2], [3]]]), pa.array([{"a": None}], pa.struct([("a", pa.int64())])), pa.array([None], pa.struct([("a", pa.int64())])), pa.array([{"a": 0}], pa.struct([("a", pa.int64())])), pa.array([[("a", 1)]], MAP), pa.array([[("a", 2)]], MAP), pa.array([[1], [2]], pa.list_view(pa.int64())), pa.array([[1, 2], []], pa.list_view(pa.int64())), union([0, 1], 1, "b"), union([1, 0], 1, "b"), two_ints(0), two_ints(1), pa.RunEndEncodedArray.from_arrays([2], ["a"]), pa.RunEndEncodedArray.from_arrays([3], ["a"])],
    "arrow types": [pa.list_(pa.int64()), pa.list_(pa.field("x", pa.int64())), pa.struct([("a", pa.int64())]), pa.struct([pa.field("a", pa.int64(), nullable=False)]), pa.struct([pa.field("a", pa.int64(), metadata={"k": "v"})]), pa.struct([pa.field("a", pa.int64(), metadata={"k": "w"})]), pa.field("a", pa.int64()), pa.field("b", pa.int64()), pa.field("a", pa.int64(), metadata={"k": "v"}), pa.dictionary(pa.int8(), pa.string()), pa.uuid(), pa.binary(16), pa.scalar(1), pa.scalar(1, pa.int32())],
    "arrow tables": [pa.table({"a": [1]}), pa.table({"b": [1]}), pa.table({"a": [1]}, metadata={"k": "v"}), pa.table({"a": pa.array([1], pa.int32())}), pa.record_batch({"a": [1]}), pa.table({"a": [1, 1]}), pa.schema([("a", pa.int64())]), pa.schema([pa.field("a", pa.int64(), nullable=False)]), pa.int64(), pa.int32()],
    "polars": [pl.Series("a", [1, 2]), pl.Series("b", [1, 2]), pl.Series("a", [1.0, 2.0]), pl.Series("a", ["1", "2"]), pl.Series("a", ["1", "2"], dtype=pl.Categorical), pl.Series("a", [1, None]), pl.Series("a", [[1], [2]]), pl.DataFrame({"a": [1, 2]}), pl.DataFrame({"a": [1, 2], "b": [1, 2]}), pl.DataFrame()],
    "polars, nested": [pl.Series("a", ["a"], dtype=pl.Enum(["a", "b"])), pl.Series("a", ["a"], dtype=pl.Enum(["b", "a"])), pl.Series("a", [["a"]], dtype=pl.List(pl.Enum(["a", "b"]))), pl.Series("a", [["a"]], dtype=pl.List(pl.Enum(["a", "c"]))), pl.Series("a", [[1, 2], [3]]), pl.Series("a", [[1], [2, 3]]), pl.Series("a", [[1, 2], [None]]), pl.Series("a", [[1, 2], [3, 4]], dtype=pl.Array(pl.Int64, 2)), pl.Series("a", [{"x": 1}]), pl.Series("a", [{"y": 1}]), pl.Series("a", [1], dtype=pl.Int128), pl.Series("a", [2], dtype=pl.Int128), pl.Series("a", [[1]], dtype=pl.List(pl.Int128)), pl.Series("a", [{1}], dtype=pl.Object), pl.Series("a", [{2}], dtype=pl.Object), pl.Series("a", [decimal.Decimal("1.0")]), pl.Series("a", [decimal.Decimal("1.00")])],
    "polars, lazy": [pl.LazyFrame({"a": [1]}), pl.LazyFrame({"a": [2]}), pl.LazyFrame({"a": [1]}).head(1), pl.col("a") + 1, pl.col("a") + 2, pl.Schema({"a": pl.Int64}), pl.Schema({"a": pl.Int32}), pl.Int64, pl.List(pl.Int64), pl.List(pl.Int32)],
    "formats of scipy.sparse": [*(form(np.eye(3)) for form in FORMATS), *(form(2 * np.eye(3)) for form in FORMATS), *(form(np.eye(3, dtype="f4")) for form in FORMATS), *(form(np.eye(3, 4)) for form in FORMATS), sparse.coo_array(np.array([1, 0, 2])), sparse.coo_array(np.array([[1, 0, 2]]))],
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
        if isinstance(value, types.ModuleType | Measured):  # of which NumPy copies no attributes
            continue
        if getattr(getattr(value, "dtype", None), "kind", "") == "T" and np.lib.NumpyVersion(np.__version__) < "2.2.6":
            continue  # earlier ones crash when they copy their own strings deeply
        with suppress(TypeError):  # views of bytes and of dicts and the like cannot be copied
            assert digest(copy.deepcopy(value)) == digest(value), repr(value)


@pytest.mark.parametrize("values", UNEQUAL.values(), ids=UNEQUAL.keys())
def test_what_the_store_gives_back_has_the_digest_of_what_it_took(values: list[Any]) -> None:
    for value in values:
        with suppress(Unpicklable):
            assert digest(prepare(value).copy()) == digest(value), repr(value)


@pytest.mark.parametrize("make", [first for first, _ in EQUAL.values()], ids=EQUAL.keys())
def test_what_the_store_gives_back_has_the_digest_of_any_equal_value(make: Callable[[], Any]) -> None:
    with suppress(Unpicklable):
        assert digest(prepare(make()).copy()) == digest(make())


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
    "half an iterator": (lambda: [csv.reader(["a"])], "[0]", "iterator gives its items once"),
    "weak proxy": (lambda: weakref.proxy(numbers), "", "weak reference"),
    "styled table": (lambda: pd.DataFrame({"a": [1]}).style, "", "drawing"),
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


def test_a_rule_that_fails_refuses_the_value_in_words() -> None:
    class Broken(Opaque):
        pass

    register_digest(Broken, lambda value: [(".content", value.missing)])
    with pytest.raises(Undigestable, match=r"\['a'\].*Broken: .*no attribute 'missing'"):
        digest({"a": Broken(1, None)})


def test_a_rule_registered_by_name_is_found() -> None:
    class Named(Opaque):
        pass

    register_digest(f"{Named.__module__}.{Named.__qualname__}", lambda value: [(".content", "always")])
    assert digest(Named(1, None)) == digest(Named(2, threading.Lock()))


def test_a_partial_object_is_as_it_was_after_it_was_digested() -> None:
    inner = functools.partial(sorted, reverse=True)
    digest(inner)
    # Python takes one in another apart, unless the inner one has attributes
    assert functools.partial(inner, key=len).func is sorted
    setattr(inner, "note", "attributes count")  # noqa: B010  mypy knows none
    assert digest(inner) != digest(functools.partial(sorted, reverse=True))
