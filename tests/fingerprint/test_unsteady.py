"""Cells on the left, what in them gives something else each time on the right."""

from __future__ import annotations

import datetime
import os
import random
import secrets
import time
import uuid
from typing import Any

import pandas as pd
import pytest

from helix_jupyter.fingerprint.unsteady import find_unsteady

CASES = [
    pytest.param("x = uuid.uuid4()", ["randomness uuid.uuid4 in line 1"], id="uuid4"),
    pytest.param("\nx = secrets.token_hex(3)", ["randomness secrets.token_hex in line 2"], id="secrets"),
    pytest.param("x = os.urandom(3)", ["randomness os.urandom in line 1"], id="urandom"),
    pytest.param("x = random.SystemRandom().random()", ["randomness random.SystemRandom in line 1"], id="SystemRandom"),
    pytest.param("from uuid import uuid4 as new\nx = new()", ["randomness uuid.uuid4 in line 2"], id="another name"),
    pytest.param("x = uuid.uuid5(uuid.NAMESPACE_DNS, 'a')", [], id="uuid5"),
    pytest.param("x = random.random()", [], id="seeded"),
    pytest.param("x = datetime.datetime.now()", ["date datetime.now in line 1"], id="now"),
    pytest.param("x = datetime.date.today()", ["date date.today in line 1"], id="today"),
    pytest.param("x = pd.Timestamp.today()", ["date Timestamp.today in line 1"], id="pandas"),
    pytest.param("from datetime import datetime as d\nx = d.now()", ["date datetime.now in line 2"], id="imported"),
    pytest.param("x = datetime.datetime(2020, 1, 1)", [], id="a given date"),
    pytest.param("time.sleep(0)\nx = time.time()", ["clock time.time in line 2"], id="behind another"),
    pytest.param("x = time.time()", ["clock time.time in line 1"], id="time"),
    pytest.param("x = time.strftime('%Y')", ["clock time.strftime in line 1"], id="strftime"),
    pytest.param("x = time.monotonic(); time.sleep(0)", ["stopwatch time.monotonic in line 1"], id="durations"),
    pytest.param("x = stamp()", ["date datetime.now in `again`"], id="helper"),
    pytest.param("x = Maker.make()", ["randomness uuid.uuid4 in `Maker.make`"], id="static method"),
    pytest.param("x = Maker().fresh()", ["randomness uuid.uuid4 in `Maker.make`"], id="class"),
    pytest.param("def f():\n    return uuid.uuid4()\nx = 1", ["randomness uuid.uuid4 in line 2"], id="nested"),
    pytest.param("x = frame.now()", [], id="a value's own method"),
    pytest.param(
        "x = uuid.uuid4(), secrets.token_hex(), time.time()",
        ["clock time.time in line 1", "randomness secrets.token_hex in line 1"],
        id="one of each kind",
    ),
]


def stamp() -> Any:
    return again()


def again() -> Any:
    return datetime.datetime.now() if stamp else stamp()


class Maker:
    @staticmethod
    def make() -> Any:
        return uuid.uuid4()

    def fresh(self) -> Any:
        return self.make()


@pytest.mark.parametrize(("cell", "expected"), CASES)
def test_unsteady_functions_are_found(cell: str, expected: list[str]) -> None:
    modules = {one.__name__: one for one in (datetime, os, random, secrets, time, uuid)}
    namespace: dict[str, Any] = {**modules, "pd": pd, "Maker": Maker, "stamp": stamp, "frame": Now()}
    code = compile(cell, "<cell>", "exec")
    exec(code, namespace)
    assert [f"{one.kind} {one.name} {one.where}" for one in find_unsteady([code], namespace)] == expected


class Now:
    def now(self) -> int:
        return 1
