"""Files and variables that a local module reads while it is imported."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from session_helpers import computed, slow

from helix_jupyter import Session
from helix_jupyter.execute.processes import Processes

Desk = Callable[[int], None]
TEXT = """
import json, os
CONFIG = json.load(open(os.path.join(os.path.dirname(__file__), "c.json")))
MODE = os.environ.get("HELIX_TEST_MODE", "")
"""
NODES = {"a": "import reading\na = reading.CONFIG['x']", "b": "import reading\nb = reading.CONFIG['x'] * 10"}
TOLD = (
    "c.json is no longer what reading read when it was imported; the kernel still has what it was then. "
    "importlib.reload or a restart takes it up."
)


@pytest.fixture
def write(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Writes the configuration that the module ``reading`` reads, with a time of its own."""
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    (folder / "reading.py").write_text(TEXT)
    moment = 1_700_000_000

    def put(x: int) -> None:
        nonlocal moment
        moment += 1
        (folder / "c.json").write_text(f'{{"x": {x}}}')
        os.utime(folder / "c.json", (moment, moment))

    put(1)
    yield put
    sys.modules.pop("reading", None)
    Processes(2).stop()


def start(opened: Callable[..., Session]) -> Session:
    sys.modules.pop("reading", None)
    session = opened()
    for name, code in NODES.items():
        session.declare(slow(code), [name])
    return session


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_node_that_imports_the_module_knows_its_file(
    opened: Callable[..., Session], write: Desk, jobs: int
) -> None:
    session = start(opened)
    session.run(jobs=jobs)
    session.close()
    session = start(opened)
    assert computed(session.run(jobs=jobs)) == []
    session.close()
    write(2)
    session = start(opened)
    assert computed(session.run(jobs=jobs)) == ["a", "b"]
    assert (session["a"], session["b"]) == (2, 20)
    session.close()
    write(1)
    assert computed(start(opened).run(jobs=jobs)) == [], "that was computed before"


def test_an_edit_counts_once_the_module_is_loaded_anew(
    opened: Callable[..., Session], write: Desk, told: list[str]
) -> None:
    session = start(opened)
    session.run()
    write(2)
    assert computed(session.run()) == []
    assert told == [TOLD]
    assert computed(session.run(force=["a"])) == ["a"]
    assert session["a"] == 1
    importlib.reload(sys.modules["reading"])
    told.clear()
    assert computed(session.run()) == ["a", "b"]
    assert (session["a"], session["b"]) == (2, 20)
    assert told == []
    session.close()
    assert computed(start(opened).run()) == [], "the old value was not recorded under the new file"


def test_a_variable_that_a_module_reads_counts_so_too(
    opened: Callable[..., Session], write: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HELIX_TEST_MODE", "first")
    session = start(opened)
    session.declare(slow("import reading\nmode = reading.MODE"), ["mode"])
    session.run(["mode"])
    session.close()
    monkeypatch.setenv("HELIX_TEST_MODE", "second")
    session = start(opened)
    session.declare(slow("import reading\nmode = reading.MODE"), ["mode"])
    assert computed(session.run(["mode"])) == ["mode"]
    assert session["mode"] == "second"


@pytest.mark.parametrize("writes_first", [True, False])
def test_a_file_that_a_node_writes_and_a_module_reads_is_told(
    opened: Callable[..., Session], write: Desk, folder: Path, told: list[str], writes_first: bool
) -> None:
    sys.modules.pop("reading", None)
    session = opened()
    writer = slow(f"with open({str(folder / 'c.json')!r}, 'w') as out: _ = out.write('{{\"x\": 7}}')\nw = 1")
    for name, code in [("w", writer), ("a", slow(NODES["a"]))][:: 1 if writes_first else -1]:
        session.declare(code, [name])
    assert sorted(computed(session.run())) == ["a", "w"]
    (line,) = [line for line in told if "c.json" in line and "nothing says" in line]
    assert line.startswith("Node 'a' imports reading, which reads ")
    assert "node 'w' writes that" in line
