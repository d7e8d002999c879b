from __future__ import annotations

import dataclasses
import functools
import pickle
import threading
from typing import Any

import numpy as np
import pandas as pd
import pytest

from helix_jupyter.errors import Unpicklable
from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.store.pickling import prepare

LOCK = threading.Lock()


class Plain:
    def __init__(self, **attributes: object) -> None:
        self.__dict__.update(attributes)


class Slotted:
    __slots__ = ("callback", "name")

    def __init__(self, callback: object) -> None:
        self.name, self.callback = "slotted", callback


@dataclasses.dataclass
class Model:
    weights: list[float]
    guard: object


class OwnState:
    def __init__(self) -> None:
        self.kept, self.dropped = LOCK, LOCK

    def __getstate__(self) -> dict[str, object]:
        return {"kept": self.kept}


class Refusing:
    def __getstate__(self) -> dict[str, object]:
        raise ValueError("not today\nsecond line")


def cyclic() -> dict[str, Any]:
    value: dict[str, Any] = {"first": 1}
    value["self"] = value
    value["inner"] = [value, Plain(lock=LOCK)]
    return value


def closing_over(lock: object) -> Any:
    return lambda: lock


def nested(depth: int) -> Any:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "path", "reason"),
    [
        pytest.param({"m": {"lock": LOCK}}, "['m']['lock']", "_thread.lock", id="dicts"),
        pytest.param([1, (2, LOCK)], "[1][1]", "_thread.lock", id="sequences"),
        pytest.param({"s": {1, LOCK}}, f"['s']{{{LOCK!r}}}", "_thread.lock", id="set"),
        pytest.param({LOCK: 1}, f".keys()[{LOCK!r}]", "_thread.lock", id="key"),
        pytest.param(Plain(model=Plain(callback=LOCK)), ".model.callback", "_thread.lock", id="attributes"),
        pytest.param(Model([1.0], LOCK), ".guard", "_thread.lock", id="dataclass"),
        pytest.param({"s": Slotted(LOCK)}, "['s'].callback", "_thread.lock", id="slots"),
        pytest.param([OwnState()], "[0].kept", "_thread.lock", id="getstate"),
        pytest.param([Refusing()], "[0]", "not today", id="getstate raises"),
        pytest.param(Plain(f=closing_over(LOCK)), ".f.__closure__['lock']", "_thread.lock", id="closure"),
        pytest.param(functools.partial(print, LOCK), ".args[0]", "_thread.lock", id="partial"),
        pytest.param(np.array([1, LOCK], dtype=object), "[1]", "_thread.lock", id="object array"),
        pytest.param(pd.DataFrame({"a": [1, 2], "b": [LOCK, 3]}), "['b'][0]", "_thread.lock", id="frame"),
        pytest.param((number for number in range(3)), "", "generator", id="the value itself"),
        pytest.param(nested(100_000), "", "too deeply", id="too deep"),
    ],
)
def test_the_culprit_is_named(value: object, path: str, reason: str) -> None:
    with pytest.raises(Unpicklable) as caught:
        prepare(value)
    assert caught.value.path == path
    assert reason in caught.value.reason
    assert "\n" not in str(caught.value)


def test_a_cycle_does_not_hide_the_culprit() -> None:
    with pytest.raises(Unpicklable) as caught:
        prepare(cyclic())
    assert caught.value.path.endswith("['inner'][1].lock")


def test_large_arrays_are_handed_out_and_not_copied() -> None:
    value = np.zeros(100_000)
    prepared = prepare({"a": value})
    assert [buffer.nbytes for buffer in prepared.buffers] == [value.nbytes]
    assert len(prepared.stream) < 500
    assert prepared.bytes == len(prepared.stream) + value.nbytes
    value[0] = 7
    assert prepared.copy()["a"][0] == 7


def test_a_copy_shares_nothing() -> None:
    frame = pd.DataFrame({"a": np.arange(10_000), "b": np.arange(10_000) / 3})
    copy = prepare(frame).copy()
    pd.testing.assert_frame_equal(copy, frame)
    copy.loc[:, "a"] = -1
    assert frame["a"].iloc[-1] == 9_999


def test_functions_of_a_notebook_are_pickled_by_value() -> None:
    assert prepare(closing_over(5)).copy()() == 5


@pytest.mark.parametrize("kind", ["str", "int64[pyarrow]"])
def test_columns_of_several_chunks_are_handed_out_chunk_by_chunk(kind: str) -> None:
    part = pd.Series(range(1000)).astype(kind)
    column = pd.concat([part, part * 2], ignore_index=True)
    made = prepare(column)
    assert len(made.buffers) >= 2  # copied together it would be one
    loaded = pickle.loads(made.stream, buffers=[bytearray(buffer) for buffer in made.buffers])
    pd.testing.assert_series_equal(loaded, column)
    assert digest(loaded) == digest(column)
    pd.testing.assert_series_equal(
        loaded.str.len() if kind == "str" else loaded + 1, column.str.len() if kind == "str" else column + 1
    )


def test_a_column_of_slices_takes_no_more_than_it_shows() -> None:
    column = pd.Series(range(100_000)).astype("str")
    few = pd.concat([column[:10], column[-10:]])
    made = prepare(few)
    assert made.bytes < 20_000
    pd.testing.assert_series_equal(made.copy(), few)
