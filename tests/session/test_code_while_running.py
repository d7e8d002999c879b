"""Local modules that are edited while a run lasts, or that worker processes hold in memory."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from session_helpers import computed, define, slow

from helix_jupyter import Session, State
from helix_jupyter.execute.processes import Processes

Write = Callable[[str], None]


@pytest.fixture
def write(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Writes a module beside the notebook; every time with a time of its own, some while ago."""
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    moment = 1_700_000_000

    def put(text: str) -> None:
        nonlocal moment
        moment += 1
        (folder / "moving.py").write_text(text)
        os.utime(folder / "moving.py", (moment, moment))

    yield put
    sys.modules.pop("moving", None)
    Processes(2).stop()  # the next test has another module of that name


def test_an_edit_before_a_later_node_imports_it_counts_for_that_node(
    session: Session, folder: Path, write: Write
) -> None:
    write("def go(): return 1")
    session.declare(f"open({str(folder / 'moving.py')!r}, 'w').write('def go(): return 2')\nearlier = 1", ["earlier"])
    session.declare(slow("earlier\nimport moving\nvalue = moving.go()"), ["value"])
    session.run()
    assert session["value"] == 2
    sys.modules.pop("moving")
    write("def go(): return 1")
    assert session.plan().states["value"] is State.COMPUTE, "what the later text gave is not the earlier one's"


def test_an_edit_before_the_import_within_a_node_is_never_recorded(
    session: Session, folder: Path, write: Write, told: list[str]
) -> None:
    write("def go(): return 1")
    edit = f"open({str(folder / 'moving.py')!r}, 'w').write('def go(): return 2')"
    session.declare(slow(f"{edit}\nimport moving\nvalue = moving.go()"), ["value"])
    assert session.run().nodes["value"].state is State.COMPUTE
    assert told == ["Node 'value' imported moving.py while it changed: its result is not reused."]
    sys.modules.pop("moving")
    write("def go(): return 1")
    assert session.plan().states["value"] is State.COMPUTE


@pytest.mark.parametrize("is_loaded", [False, True])
def test_workers_run_what_the_notebook_would(session: Session, write: Write, is_loaded: bool) -> None:
    write("def go(): return 1")
    if is_loaded:
        define(session.namespace, "import moving")
    for name in ("a", "b"):
        session.declare(f"import moving\n{name} = moving.go()", [name])
    session.run(jobs=2)
    assert (session["a"], session["b"]) == (1, 1)
    write("def go(): return 2")
    expected = 1 if is_loaded else 2
    version = session.run(jobs=2, force=["a", "b"])
    assert (session["a"], session["b"]) == (expected, expected)
    assert computed(version) == ["a", "b"]


def test_workers_run_captured_helpers_as_they_lie_in_memory(session: Session, write: Write) -> None:
    write("def go(): return 1")
    define(session.namespace, "import moving\nfrom moving import go")
    session.declare("a = go()", ["a"])
    session.declare("b = moving.go()", ["b"])
    session.run(jobs=2)
    write("def go(): return 2")
    session.run(jobs=2, force=["a", "b"])
    assert (session["a"], session["b"]) == (1, 1)


def test_modules_chosen_at_run_time_are_seen_in_workers(session: Session, write: Write) -> None:
    write("def go(): return 1")
    for name in ("a", "b"):
        session.declare(f"import importlib\n{name} = importlib.import_module('x.moving'[2:]).go()", [name])
    session.run(jobs=2)
    assert computed(session.run(jobs=2)) == []
    write("def go(): return 2")
    assert computed(session.run(jobs=2)) == ["a", "b"]
    assert (session["a"], session["b"]) == (2, 2)


def test_workers_look_for_modules_where_the_notebook_does(session: Session, write: Write, folder: Path) -> None:
    write("def go(): return 1")
    session.declare("import moving\na = moving.go()", ["a"])
    session.run(jobs=2)
    (folder / "later").mkdir()
    (folder / "later" / "moved_in.py").write_text("def go(): return 3")
    sys.path.insert(0, str(folder / "later"))
    session.declare("import moved_in\nb = moved_in.go()", ["b"])
    session.run(jobs=2)
    assert session["b"] == 3
