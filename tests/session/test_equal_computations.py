"""Nodes that compute the same under other names: computed once, and kept apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from session_helpers import computed, define, ran, slow

from helix_jupyter import Session
from helix_jupyter.execute.console import Console

Opener = Callable[..., Session]

SAME = [
    pytest.param("a = sum(range(1000))", "b = sum(range(1000))", id="output"),
    pytest.param("t = list(range(9))\na = t[::-1]", "u = list(range(9))\nb = u[::-1]", id="temporary"),
    pytest.param("a = [x * 2 for x in range(9)]", "b = [x * 2 for x in range(9)]", id="comprehension"),
    pytest.param("a = 0\nfor i in range(9):\n    a += i", "b = 0\nfor k in range(9):\n    b += k", id="loop"),
    pytest.param("import math\na = math.sqrt(7)  # root", "import math\nb = math.sqrt( 7 )", id="import and layout"),
    pytest.param("a = open('a.csv').read()", "b = open('a.csv').read()", id="file"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
@pytest.mark.parametrize("policy", ["all", "none"])
def test_equal_nodes_are_computed_once(opened: Opener, folder: Path, one: str, other: str, policy: str) -> None:
    Path(folder, "a.csv").write_text("1")
    session = opened(policy=policy)
    code = one.replace("'a.csv'", repr(str(folder / "a.csv"))), other.replace("'a.csv'", repr(str(folder / "a.csv")))
    session.declare(slow(code[0]), ["a"])
    session.declare(slow(code[1]), ["b"])
    session.declare("both = (a, b)", ["both"])
    version = session.run()
    assert ran(version) == {"a": "compute", "b": "load", "both": "compute"}
    assert session["a"] == session["b"]
    assert session["both"] == (session["a"], session["b"])
    assert computed(session.run()) == []


OTHER = [
    pytest.param("a = sum(range(1000))", "b = sum(range(1001))", id="constant"),
    pytest.param("import random\na = random.random()", "import random\nb = random.random()", id="Python's random"),
    pytest.param("import numpy as np\na = np.random.rand()", "import numpy as np\nb = np.random.rand()", id="NumPy's"),
    pytest.param(
        "import numpy as np\na = np.random.default_rng().random()",
        "import numpy as np\nb = np.random.default_rng().random()",
        id="unseeded generator",
    ),
    pytest.param(
        "import random\na = random.Random(random.getstate()[1][0]).random()",
        "import random\nb = random.Random(random.getstate()[1][0]).random()",
        id="reads the state",
    ),
    pytest.param("import time\na = time.perf_counter()", "import time\nb = time.perf_counter()", id="stopwatch"),
    pytest.param("import uuid\na = uuid.uuid4().hex", "import uuid\nb = uuid.uuid4().hex", id="uuid"),
    pytest.param("def a(): return 1", "def b(): return 1", id="function knows its name"),
    pytest.param("t = 2\na = lambda: t", "u = 2\nb = lambda: u", id="function reads a name"),
    pytest.param("a = 1\na = sorted(locals())[-1]", "b = 1\nb = sorted(locals())[-1]", id="asks for names"),
    pytest.param("a = 3\nx = f'{a=}'", "b = 3\ny = f'{b=}'", id="names in text"),
    pytest.param("a = open('f', 'a').write('.')", "b = open('f', 'a').write('.')", id="writes"),
]


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_nodes_that_may_differ_are_computed_each(
    session: Session, monkeypatch: pytest.MonkeyPatch, folder: Path, one: str, other: str
) -> None:
    monkeypatch.chdir(folder)
    outputs = ("x", "y") if "x = " in one else ("a", "b")
    session.declare(slow(one), [outputs[0]])
    session.declare(slow(other), [outputs[1]])
    assert len(computed(session.run())) == 2


def test_helpers_that_measure_time_are_called_by_each(session: Session) -> None:
    define(session.namespace, "import time\ndef now(): return time.perf_counter()")
    session.declare(slow("begin = now()"), ["begin"])
    session.declare(slow("end = now()"), ["end"])
    assert computed(session.run()) == ["begin", "end"]
    assert computed(session.run()) == []


def test_why_it_is_not_computed(session: Session) -> None:
    session.declare(slow("a = sum(range(99))"), ["a"])
    session.run()
    session.declare(slow("b = sum(range(99))"), ["b"])
    assert session.plan(["b"]).reasons["b"].startswith("computes what `a` gave; that value is")


def test_a_chain_of_equal_nodes(session: Session) -> None:
    for name in ("left", "right"):
        session.declare(slow(f"{name}_rows = [3, 1, 2]"), [f"{name}_rows"])
        session.declare(slow(f"{name}_sorted = sorted({name}_rows)"), [f"{name}_sorted"])
        session.declare(slow(f"{name} = {name}_sorted[-1]"), [name])
    assert computed(session.run()) == ["left_rows", "left_sorted", "left"]
    assert session.get("left", "right") == (3, 3)


def test_several_outputs_are_told_apart(session: Session) -> None:
    session.declare(slow("low, high = 1, 2"), ["low", "high"], name="first")
    session.declare(slow("small, large = 1, 2"), ["large", "small"], name="second")
    session.declare(slow("large2, small2 = 1, 2"), ["large2", "small2"], name="third")
    assert computed(session.run()) == ["first"]
    assert session.get("low", "high", "small", "large", "large2", "small2") == (1, 2, 1, 2, 1, 2)


def test_what_it_showed_is_shown_again(opened: Opener, capsys: pytest.CaptureFixture[str]) -> None:
    session = opened(console=Console())
    session.declare(slow("print('rows: 3')\na = 3"), ["a"])
    session.declare(slow("print('rows: 3')\nb = 3"), ["b"])
    assert computed(session.run()) == ["a"]
    assert capsys.readouterr().out.count("rows: 3") == 2


@pytest.mark.parametrize("policy", ["all", "none"])
def test_a_change_of_one_name_does_not_show_in_the_other(opened: Opener, policy: str) -> None:
    session = opened(policy=policy)
    session.declare(slow("a = [1]"), ["a"])
    session.declare(slow("b = [1]"), ["b"])
    for _ in range(2):
        session.run()
        assert session.namespace["a"] is not session.namespace["b"]
    session.namespace["a"].append(2)
    assert session.namespace["b"] == [1]
    assert session.get("a", "b") == ([1], [1])


def test_a_node_that_no_run_needed_gets_its_own_value_when_it_is_read(opened: Opener) -> None:
    """Its value is at hand, since an equal one was loaded; a copy would be made for nobody."""

    def declared() -> Session:
        session = opened(policy="all")
        session.declare(slow("a = [1]"), ["a"])
        session.declare("b = [1][:]", ["b"])
        session.declare("size = len(b)", ["size"])
        return session

    first = declared()
    first.run()
    assert first.namespace["b"] == [1]
    first.close()
    session = declared()
    session.run(["a"])
    assert session.namespace["a"] == [1]
    assert "b" not in session.namespace
    session.prepare_names(["b"])
    assert session["b"] is session.namespace["b"]
    session.namespace["a"].append(2)
    assert session.namespace["b"] == [1]


def test_a_node_that_changes_one_of_two_equal_inputs(session: Session, told: list[str]) -> None:
    session.declare(slow("a = [1]"), ["a"])
    session.declare(slow("b = [1]"), ["b"])
    session.declare("a.append(2)\nn = len(b)", ["n"])
    session.declare("m = (len(a), len(b))", ["m"])
    session.run()
    assert session["n"] == 1
    assert session["m"] == (1, 1)
    (line,) = [line for line in told if "changed its input" in line]
    assert "'a'" in line


def test_across_runs_restarts_and_workflows(opened: Opener) -> None:
    first = opened()
    first.declare(slow("a = sum(range(99))"), ["a"])
    first.run()
    first.close()
    second = opened(workflow="another")
    second.declare(slow("b = sum(range(99))"), ["b"])
    assert ran(second.run()) == {"b": "load"}
    assert second["b"] == 4851


def test_a_file_that_changed_meanwhile_is_read(session: Session, folder: Path) -> None:
    file = folder / "data.csv"
    file.write_text("1")
    session.declare(slow(f"a = open({str(file)!r}).read()"), ["a"])
    session.run()
    file.write_text("22")
    session.declare(slow(f"b = open({str(file)!r}).read()"), ["b"])
    assert computed(session.run(["b"])) == ["b"]
    assert session["b"] == "22"


def test_two_workers_do_not_compute_the_same_at_the_same_time(session: Session) -> None:
    session.declare(slow("a = sum(range(99))"), ["a"])
    session.declare(slow("b = sum(range(99))"), ["b"])
    assert computed(session.run(jobs=2)) == ["a"]
    assert session.get("a", "b") == (4851, 4851)


def test_a_forced_node_is_computed(session: Session) -> None:
    session.declare(slow("a = sum(range(99))"), ["a"])
    session.declare(slow("b = sum(range(99))"), ["b"])
    session.run()
    assert computed(session.run(force=["b"])) == ["b"]


def test_an_update_is_no_equal_node(session: Session) -> None:
    session.declare("x = [0]", ["x"])
    session.declare("y = [0]", ["y"])
    session.declare(slow("x += [1]"), ["x"], update=True)
    session.declare(slow("y += [1]"), ["y"], update=True)
    session.run()
    assert session.get("x", "y") == ([0, 1], [0, 1])
    session["x"].append(5)
    assert session["y"] == [0, 1]


def test_nodes_that_reach_polars_are_not_shared_and_others_are(opened: Opener) -> None:
    import polars  # noqa: F401 (that it is loaded must not matter)

    session = opened()
    for name in ("left", "right"):
        session.declare(f"import polars as pl\n{name} = pl.Series(range(1000)).sample(5).to_list()", [name])
    for name in ("one", "other"):
        session.declare(f"{name} = sum(range(1000))", [name])
    assert computed(session.run()) == ["left", "right", "one"]
    assert session["left"] != session["right"]
