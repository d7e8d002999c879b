"""What holds of the digests of all values: across processes, of equal copies, of single changes."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as numpy_strategies
from scipy import sparse

from helix_jupyter.fingerprint.digest import Walk, _by_rule, digest
from helix_jupyter.store.pickling import prepare

HERE = Path(__file__).parent


def process_under(hash_seed: str) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(HERE.parents[1]), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": path}
    command = [sys.executable, str(HERE / "digest_worker.py")]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_digests_are_the_same_in_every_process() -> None:
    processes = [process_under("1"), process_under("2")]
    told = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0, 0], told
    first, second = (out.split() for out, _ in told)
    assert first == second
    assert len(first) > 60
    assert len(set(first)) == len(first)


scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=5), st.binary(max_size=5)
)
keys = st.one_of(st.text(max_size=3), st.integers(), st.booleans(), st.none())
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=20),
        st.tuples(inner, inner),
        st.dictionaries(keys, inner, max_size=20),
        st.sets(st.one_of(st.integers(), st.text(max_size=3)), max_size=20),
    ),
    max_leaves=40,
)


def spelled(value: Any) -> Any:
    """A form of which equality knows types, as digests do."""
    if isinstance(value, list | tuple):
        return type(value).__name__, [spelled(item) for item in value]
    if isinstance(value, set):
        return "set", sorted(map(repr, map(spelled, value)))
    if isinstance(value, dict):
        return "dict", sorted(repr((spelled(key), spelled(item))) for key, item in value.items())
    return type(value).__name__, repr(value)


@given(values)
def test_equal_copies_have_equal_digests(value: Any) -> None:
    assert digest(copy.deepcopy(value)) == digest(value)
    assert digest(pickle.loads(pickle.dumps(value))) == digest(value)


@given(values, values)
def test_digests_are_equal_exactly_where_values_are(one: Any, other: Any) -> None:
    assert (digest(one) == digest(other)) == (spelled(one) == spelled(other))


@given(st.lists(scalars, min_size=1, max_size=60), st.data())
def test_any_single_change_in_a_list_changes_the_digest(items: list[Any], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(items) - 1))
    item = data.draw(scalars)
    assume(spelled(item) != spelled(items[place]))
    assert digest([*items[:place], item, *items[place + 1 :]]) != digest(items)


@given(st.permutations(list("abcdefghijklmnopqrst")), st.integers(0, 20))
def test_the_order_of_insertion_never_counts(order: list[str], count: int) -> None:
    chosen = sorted(order)[:count]
    shuffled = [letter for letter in order if letter in chosen]
    assert digest({letter: ord(letter) for letter in shuffled}) == digest({letter: ord(letter) for letter in chosen})
    assert digest(set(shuffled)) == digest(set(chosen))


shapes = numpy_strategies.array_shapes(max_dims=3, max_side=4)
arrays = st.one_of(
    numpy_strategies.arrays(st.sampled_from(["i1", "i8", "f4", "f8", "?", "U2", "S2", "M8[s]", "c16"]), shapes),
    numpy_strategies.arrays("O", shapes, elements=scalars),
)


@settings(max_examples=60)
@given(arrays)
def test_layout_of_an_array_never_counts(array: Any) -> None:
    expected = digest(array)
    assert digest(np.asfortranarray(array)) == expected
    assert digest(array[::-1][::-1]) == expected
    assert digest(np.moveaxis(np.moveaxis(array, 0, -1).copy(), -1, 0)) == expected


@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=40), st.data())
def test_any_single_change_in_an_array_changes_the_digest(items: list[float], data: st.DataObject) -> None:
    array = np.array(items)
    bits = array.copy()
    byte = data.draw(st.integers(0, bits.nbytes - 1))
    bits.view(np.uint8)[byte] ^= 1 << data.draw(st.integers(0, 7))
    assert digest(bits) != digest(array)


columns = st.lists(st.one_of(st.none(), st.text(max_size=4)), min_size=1, max_size=30)


@settings(max_examples=60)
@given(columns, st.data())
def test_chunks_and_offsets_of_arrow_never_count(items: list[str | None], data: st.DataObject) -> None:
    whole = pa.chunked_array([pa.array(items, pa.string())])
    cut = data.draw(st.integers(0, len(items)))
    apart = pa.chunked_array([pa.array(items[:cut], pa.string()), pa.array(["x", *items[cut:]], pa.string()).slice(1)])
    assert digest(apart) == digest(whole)


@settings(max_examples=60)
@given(columns, st.data())
def test_any_single_change_in_a_frame_changes_the_digest(items: list[str | None], data: st.DataObject) -> None:
    frame = pd.DataFrame({"a": pd.Series(items, dtype="str"), "b": range(len(items))})
    place = data.draw(st.integers(0, len(items) - 1))
    item = data.draw(st.one_of(st.none(), st.text(max_size=4)))
    assume(item != items[place])
    changed = frame.copy()
    changed.loc[place, "a"] = item
    assert digest(changed) != digest(frame)
    assert digest(frame.iloc[::-1].iloc[::-1]) == digest(frame)


cells: dict[str, Any] = {
    "i8": st.integers(-5, 5),
    "f8": st.floats(width=32),
    "bool": st.booleans(),
    "str": st.one_of(st.none(), st.text(max_size=3)),
    "object": st.one_of(st.none(), st.integers(), st.text(max_size=3)),
    "Int64": st.one_of(st.none(), st.integers(-5, 5)),
    "string[pyarrow]": st.one_of(st.none(), st.text(max_size=3)),
    "int64[pyarrow]": st.one_of(st.none(), st.integers(-5, 5)),
    "category": st.sampled_from("abc"),
    "Sparse[int]": st.integers(0, 2),
    "M8[us, Europe/Berlin]": st.sampled_from(list(pd.date_range("2020", periods=3, tz="Europe/Berlin"))),
}


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    length = draw(st.integers(1, 8))
    kinds = draw(st.lists(st.sampled_from(list(cells)), min_size=1, max_size=4))
    columns = [pd.Series(draw(st.lists(cells[kind], min_size=length, max_size=length)), dtype=kind) for kind in kinds]
    return pd.DataFrame({f"c{index}": column for index, column in enumerate(columns)})


@settings(max_examples=60)
@given(frames(), st.data())
def test_how_a_frame_was_put_together_never_counts(frame: pd.DataFrame, data: st.DataObject) -> None:
    expected = digest(frame)
    cut = data.draw(st.integers(1, len(frame)))
    assert digest(pd.concat([frame[:cut], frame[cut:]])) == expected
    order = data.draw(st.permutations(list(frame.columns)))
    assert digest(frame[order][list(frame.columns)]) == expected
    rows = data.draw(st.permutations(range(len(frame))))
    assert digest(frame.iloc[rows].sort_index()) == expected
    assert digest(prepare(frame).copy()) == expected


@settings(max_examples=60)
@given(frames(), frames())
def test_frames_of_one_digest_are_the_same_frame(one: pd.DataFrame, other: pd.DataFrame) -> None:
    if digest(one) == digest(other):
        pd.testing.assert_frame_equal(one, other, check_exact=True)
    else:
        assert repr(one.to_dict("list")) != repr(other.to_dict("list")) or list(one.dtypes) != list(other.dtypes)


structs = st.fixed_dictionaries({"x": st.one_of(st.none(), st.text(max_size=2))})
nested = st.lists(st.one_of(st.none(), st.lists(st.one_of(st.none(), structs), max_size=3)), min_size=1, max_size=8)


@settings(max_examples=60)
@given(nested, nested, st.data())
def test_nested_columns_are_equal_exactly_where_their_items_are(one: Any, other: Any, data: st.DataObject) -> None:
    kind = pa.list_(pa.struct([("x", pa.string())]))
    whole = pa.chunked_array([pa.array(one, kind)])
    cut = data.draw(st.integers(0, len(one)))
    pieces = [pa.array(one[:cut], kind), pa.array([None, [{"x": "y"}], *one[cut:]], kind).slice(2)]
    assert digest(pa.chunked_array(pieces)) == digest(whole)
    assert (digest(pa.chunked_array([pa.array(other, kind)])) == digest(whole)) == (one == other)
    assert digest(pl.Series("a", pa.chunked_array(pieces))) == digest(pl.Series("a", whole))


words = st.lists(st.sampled_from(["", "a", "b", "\x1f", 1, 1.0, True, None]), max_size=3)


@settings(max_examples=100)
@given(st.lists(words, min_size=14, max_size=18), st.lists(words, min_size=14, max_size=18), st.booleans())
def test_rows_are_equal_exactly_where_their_items_are(one: list[Any], other: list[Any], near: bool) -> None:
    if near:  # the same items, cut into rows at other places
        other = [*one[:-2], one[-2] + one[-1][:1], one[-1][1:]]
    equal = list(map(typed, one)) == list(map(typed, other))
    assert (digest(one) == digest(other)) == equal
    shared = {repr(typed(row)): row for row in one}
    assert digest([shared[repr(typed(row))] for row in one]) == digest(one), "which rows are one object does not count"


def typed(row: list[Any]) -> list[tuple[type, Any]]:
    """Items with their types, for 1 == 1.0 == True."""
    return [(type(item), item) for item in row]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 3)), min_size=1, max_size=8), st.data())
def test_the_order_of_sparse_entries_never_counts(entries: list[tuple[int, int, int]], data: st.DataObject) -> None:
    def made(chosen: list[tuple[int, int, int]]) -> Any:
        rows, columns, items = zip(*chosen, strict=True)
        return sparse.coo_array((items, (rows, columns)), shape=(4, 4))

    mixed = made(data.draw(st.permutations(entries)))
    assert digest(mixed) == digest(made(entries))
    for form in ("csr", "csc", "lil", "dok"):
        assert digest(mixed.asformat(form)) == digest(made(entries).asformat(form))


@settings(max_examples=60)
@given(st.lists(st.text(max_size=3), min_size=1, max_size=6), st.data())
def test_text_changed_in_place_is_told_from_what_it_was(items: list[str], data: st.DataObject) -> None:
    frame = pd.DataFrame({"text": pd.Series(items, dtype="str"), "kind": pd.Categorical(items)})
    before = digest(frame)
    assert digest(frame) == before
    at = data.draw(st.integers(0, len(items) - 1))
    frame["text"].array[at] = items[at] + "!"
    assert digest(frame) != before
    frame["text"].array[at] = items[at]
    assert digest(frame) == before
    turned = frame.assign(kind=frame["kind"].cat.reorder_categories(frame["kind"].cat.categories[::-1]))
    assert (digest(turned) == before) == (frame["kind"].cat.categories.size < 2)


@given(st.lists(arrays, min_size=1, max_size=4), st.data())
def test_an_array_is_told_alike_whatever_was_told_before_it(values: list[Any], data: st.DataObject) -> None:
    # what stands round the elements is kept from array to array of one dtype and shape
    values += [data.draw(st.sampled_from(values)).copy() for _ in range(2)]
    walk = Walk()
    assert [walk.tell(value) for value in values] == [Walk().tell(value) for value in values]
    assert all(walk.tell(value) == _by_rule(Walk(), value) for value in values)
