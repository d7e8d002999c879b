"""Independent nodes in worker processes: the same values, the same keys."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from session_helpers import computed, declare_chain, define

from helix_jupyter import Session
from helix_jupyter.errors import NodeFailed

Opener = Callable[..., Session]


def test_two_jobs_give_the_same_keys_and_values_as_one(opened: Opener) -> None:
    def declared(store: str) -> Session:
        session = opened(store=store)
        define(session.namespace, "import numpy as np\nK = 3\ndef helper(x):\n    return x * K")
        session.declare("import random\nrows = [helper(1), random.random()]", ["rows"])
        session.declare("noise = np.random.rand(3)", ["noise"])
        session.declare("total = sum(rows) + noise.sum()", ["total"])
        session.declare("rows.append(1)", ["rows"], update=True)
        session.declare("late = len(rows)", ["late"])
        return session

    one, two = declared("one"), declared("two")
    alone, together = one.run(), two.run(jobs=2)
    assert {node: record.key for node, record in alone.nodes.items()} == {
        node: record.key for node, record in together.nodes.items()
    }
    assert one["total"] == two["total"]
    assert (two["late"], two["rows"][-1]) == (3, 1)
    assert computed(two.run(jobs=2)) == []
    assert computed(two.run()) == []


def test_independent_nodes_run_in_other_processes(session: Session) -> None:
    session.declare("import os\na = os.getpid()", ["a"])
    session.declare("import os\nb = os.getpid()", ["b"])
    session.run(jobs=2)
    assert os.getpid() not in (session["a"], session["b"])


def test_what_workers_print_is_shown_and_replayed(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    session.declare("print('hello')\na = 1", ["a"])
    session.run(jobs=2)
    assert capsys.readouterr().out == "hello\n"
    session.run(jobs=2)
    assert capsys.readouterr().out == "hello\n"


def test_a_failure_in_a_worker_names_node_and_line(session: Session) -> None:
    session.declare("a = 1\nb = a / 0", ["b"])
    session.declare("c = 1", ["c"])
    with pytest.raises(NodeFailed, match="Node 'b' failed at line 2: ZeroDivisionError") as failure:
        session.run(jobs=2)
    assert isinstance(failure.value.__cause__, ZeroDivisionError)
    session.declare("b = 2", ["b"])
    assert session.run(jobs=2).status == "done"


def test_an_error_that_cannot_travel_is_still_the_nodes_own(session: Session) -> None:
    session.declare(
        "class Odd(Exception):\n    def __init__(self, a, b): super().__init__(f'{a}{b}')\nraise Odd(1, 2)", ["a"]
    )
    with pytest.raises(NodeFailed, match="Odd: 12"):
        session.run(jobs=2)


def test_a_result_that_cannot_travel_is_made_here(session: Session, told: list[str]) -> None:
    session.declare("import threading\nlock = threading.Lock()", ["lock"])
    session.declare("free = lock.acquire(blocking=False)", ["free"])
    assert session.run(jobs=2).status == "done"
    assert session["free"] is True
    assert any("lock" in line and "travel" in line for line in told)


def test_a_worker_that_dies_fails_its_node_and_nothing_else(session: Session) -> None:
    session.declare("import os\nos._exit(1)\na = 1", ["a"])
    with pytest.raises(NodeFailed, match="'a'"):
        session.run(jobs=2)
    session.declare("a = 1", ["a"])
    assert session.run(jobs=2).status == "done"
    assert session["a"] == 1


def test_files_that_workers_read_are_inputs(session: Session, folder: os.PathLike[str]) -> None:
    path = os.path.join(folder, "data.txt")
    for text in ("1", "22"):
        with open(path, "w") as file:
            file.write(text)
        session.declare(f"value = open({path!r}).read()", ["value"])
        assert computed(session.run(jobs=2)) == ["value"]
        assert session["value"] == text
    assert computed(session.run(jobs=2)) == []


def test_a_changed_input_in_a_worker_changes_nothing_here(session: Session) -> None:
    session.declare("x = [1]", ["x"])
    session.declare("x.append(2)\nculprit = len(x)", ["culprit"])
    session.declare("witness = list(x)", ["witness"])
    session.run(jobs=2)
    assert session["witness"] == [1]
    assert session["x"] == [1]


def test_early_cut_off_works_with_jobs(session: Session) -> None:
    declare_chain(session)
    session.run(jobs=2)
    declare_chain(session, "rows = list((1, 2, 3))")
    assert computed(session.run(jobs=2)) == ["rows"]


def test_jobs_may_come_from_the_settings(session: Session) -> None:
    session.config(jobs=2)
    session.declare("import os\na = os.getpid()", ["a"])
    session.run()
    assert session["a"] != os.getpid()


def test_helpers_that_read_nodes_work_in_workers(session: Session) -> None:
    define(session.namespace, "def scaled():\n    return base * 10")
    session.declare("base = 2", ["base"])
    session.declare("value = scaled()", ["value"])
    session.run(jobs=2)
    assert session["value"] == 20


def test_a_wide_graph_runs_with_jobs(session: Session) -> None:
    for number in range(12):
        session.declare(f"part{number} = {number}", [f"part{number}"])
    session.declare(f"total = {' + '.join(f'part{number}' for number in range(12))}", ["total"])
    session.run(jobs=2)
    assert session["total"] == 66
