"""``why`` names the element of a captured value that changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from session_helpers import computed, define, slow

from helix_jupyter import Session

Opener = Callable[..., Session]

DEFINED = """
import collections, dataclasses, datetime, enum
@dataclasses.dataclass
class Config:
    lr: float
    layers: list
@dataclasses.dataclass(slots=True)
class Slots:
    lr: float
Point = collections.namedtuple('Point', 'x y')
class Mode(enum.Enum):
    SLOW = 1
    FAST = 2
class Odd(dict):
    def __reduce_ex__(self, protocol):
        return Odd, (), None, None, iter(dict.items(self))
    def items(self):
        raise ValueError
    __iter__ = keys = items
day = datetime.date(2026, 1, 1)
"""
TABLE = pd.DataFrame({"x": [1, 2, 3], "y": ["a", "b", "c"], "w": [4, 5, 6]})
LONG = {f"key{number}": number for number in range(100)}

CHANGES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "entry": ("{'lr': 0.1, 'n': 2}", "{'lr': 0.2, 'n': 2}", ("`B['lr']` changed: 0.1 -> 0.2",)),
    "entry of a long dict": ("LONG", "{**LONG, 'key7': -7}", ("`B['key7']` changed: 7 -> -7",)),
    "new entry": ("LONG", "LONG | {'more': [1]}", ("`B['more']` is new: [1]",)),
    "no entry": ("{'a': 1, 'b': 2}", "{'b': 2}", ("`B['a']` went (it was 1)",)),
    "several keys": ("{'a': 1}", "dict.fromkeys('abcdef', 1)", ("`B` has 5 more keys: 'b', 'c', 'd' and 2 more",)),
    "order of keys": ("{'a': 1, 'b': 2}", "{'b': 2, 'a': 1}", ("`B` has its keys in another order",)),
    "item": ("[1, 2]", "[1, 2, 3]", ("`B` has one more item: 3",)),
    "first item of a long list": ("list(range(99))", "list(range(1, 99))", ("`B` has one item less: 0",)),
    "several items": ("[1]", "[1, 2, 3]", ("`B` has 2 more items: 2, 3",)),
    "item in the middle": ("(1, 2, 3)", "(1, '2', 3)", ("`B[1]` changed: 2 -> '2'",)),
    "other items": ("[1, 2, 3, 4]", "[1, 5, 4]", ("`B` changed from item [1] on, and has 3 items instead of 4",)),
    "another type": ("(1, 2)", "[1, 2]", ("`B` changed: (1, 2) -> [1, 2]",)),
    "set": ("{1, 2}", "{2, 3}", ("`B` has one more item: 3", "`B` has one item less: 1")),
    "nested": ("{'a': [{'b': 1}] * 9}", "{'a': [{'b': 1}] * 8 + [{'b': 2}]}", ("`B['a'][8]['b']` changed: 1 -> 2",)),
    "text": ("'-' * 90 + 'a'", "'-' * 90 + 'b'", (f"`B` changed: ...{'-' * 30}a' -> ...{'-' * 30}b'",)),
    "dataclass": ("Config(0.1, [1])", "Config(0.2, [1])", ("attribute `B.lr` changed: 0.1 -> 0.2",)),
    "list of a dataclass": (
        "Config(0.1, list(range(50)))",
        "Config(0.1, list(range(51)))",
        ("attribute `B.layers` has one more item: 50",),
    ),
    "slots": ("Slots(0.1)", "Slots(0.2)", ("`B.lr` changed: 0.1 -> 0.2",)),
    "named tuple": ("Point(1, 2)", "Point(1, 3)", ("`B.y` changed: 2 -> 3",)),
    "enum": ("{'mode': Mode.SLOW}", "{'mode': Mode.FAST}", ("`B['mode']` changed: Mode.SLOW -> Mode.FAST",)),
    "date": ("day", "day.replace(day=2)", ("`B` changed: datetime.date(2026, 1, 1) -> datetime.date(2026, 1, 2)",)),
    "time": (
        "pd.Timestamp('2026-01-01')",
        "pd.Timestamp('2026-01-02')",
        ("`B` changed: Timestamp('2026-01-01 00:00:00') -> Timestamp('2026-01-02 00:00:00')",),
    ),
    "value of a column": (
        "TABLE",
        "TABLE.assign(x=[1, 2, 4])",
        ("`B`: column `x` changed in 1 of 3 rows, at [2]: 3 -> 4",),
    ),
    "words of a column": (
        "TABLE",
        "TABLE.assign(y=['a', 'd', 'e'])",
        ("`B`: column `y` changed in 2 of 3 rows, the first at [1]: 'b' -> 'd'",),
    ),
    "type of a column": ("TABLE", "TABLE.astype({'x': float})", ("`B`: column `x` changed from int64 to float64",)),
    "new column": ("TABLE", "TABLE.assign(z=1)", ("`B` has one more column: `z`",)),
    "no column": ("TABLE", "TABLE[['x', 'y']]", ("`B` no longer has the column `w`",)),
    "order of columns": ("TABLE", "TABLE[['y', 'x', 'w']]", ("`B` has its columns in another order",)),
    "rows": ("TABLE", "TABLE.iloc[:2]", ("`B` has 2 rows instead of 3",)),
    "index": ("TABLE", "TABLE.set_axis([7, 8, 9])", ("`B`: its index changed",)),
    "table in a dict": ("{'t': TABLE}", "{'t': TABLE.assign(z=1)}", ("`B['t']` has one more column: `z`",)),
    "polars": (
        "pl.DataFrame({'x': [1, 2]})",
        "pl.DataFrame({'x': [1, 3]})",
        ("`B`: column `x` changed in 1 of 2 rows, at [1]: 2 -> 3",),
    ),
    "array": (
        "np.arange(6).reshape(2, 3)",
        "np.array([[0, 1, 2], [3, 9, 9]])",
        ("`B` changed in 2 of 6 elements, the first at [1, 1]: 4 -> 9",),
    ),
    "shape": ("np.arange(5)", "np.arange(6)", ("`B` changed its shape: (5,) -> (6,)",)),
    "dtype": ("np.arange(5.0)", "np.arange(5)", ("`B` changed from float64 to int64",)),
    "many": (
        "list(range(200))",
        "[-number for number in range(200)]",
        (*(f"`B[{n}]` changed: {n} -> -{n}" for n in range(1, 6)), "`B` changed in 194 more places"),
    ),
    "what raises when asked": ("Odd(a=1)", "Odd(a=2)", ("`B` changed",)),
}


@pytest.fixture
def session(opened: Opener) -> Session:
    session = opened()
    session.namespace.update(TABLE=TABLE, LONG=LONG, np=np, pd=pd, pl=pl)
    define(session.namespace, DEFINED)
    return session


def evaluated(session: Session, code: str) -> Any:
    return eval(code, session.namespace)


@pytest.mark.parametrize(("before", "after", "reasons"), CHANGES.values(), ids=CHANGES)
def test_the_element_that_changed_is_named(session: Session, before: str, after: str, reasons: tuple[str, ...]) -> None:
    session.namespace["B"] = evaluated(session, before)
    session.declare(slow("value = id(B)"), ["value"])
    session.run()
    session.namespace["B"] = evaluated(session, after)
    assert session.why("value").reasons == reasons
    assert computed(session.run()) == ["value"]
    session.namespace["B"] = evaluated(session, after)
    assert computed(session.run()) == []


def test_after_a_restart_and_runs_that_left_the_node_alone(opened: Opener) -> None:
    session = opened()
    session.namespace["B"] = LONG
    session.declare(slow("value = len(B)"), ["value"])
    session.declare(slow("other = 1"), ["other"])
    session.run()
    session.namespace["B"] = LONG | {"key3": "three"}
    session.run(["other"])
    session.close()
    session = opened()
    session.namespace["B"] = LONG | {"key3": "three"}
    session.declare(slow("value = len(B)"), ["value"])
    session.declare(slow("other = 1"), ["other"])
    assert session.why("value").reasons == ("`B['key3']` changed: 3 -> 'three'",)


def test_what_is_no_longer_stored_is_told_as_changed(session: Session) -> None:
    session.namespace["B"] = np.arange(50_000)
    session.declare(slow("value = B.sum()"), ["value"])
    session.run()
    session.flush()
    captured = session.version().captures["B"].digest
    session.store.evict([captured], "by hand")
    session.namespace["B"] = np.arange(50_001)
    assert session.why("value").reasons == ("`B` changed",)


def test_a_plan_reads_no_value_for_its_reason(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    session.namespace["B"] = TABLE
    session.declare(slow("value = len(B)"), ["value"])
    session.run()
    session.flush()
    session.namespace["B"] = TABLE.iloc[:1]
    with monkeypatch.context() as patch:
        patch.setattr(type(session.store), "load", None)
        assert session.plan().reasons["value"] == "`B` changed"
    assert session.why("value").reasons == ("`B` has 1 rows instead of 3",)


def test_a_difference_of_versions_names_the_element_of_what_is_recorded_as_text(session: Session) -> None:
    session.declare(slow("value = len(B)"), ["value"])
    for value in (LONG, LONG | {"key5": "five"}):
        session.namespace["B"] = value
        session.run()
    assert session.diff(1, 2).nodes["value"].reasons == ("`B['key5']` changed: 5 -> 'five'",)
