"""What a cell is as a node: its value, what it shows, temporaries, await, any Python."""

from __future__ import annotations

import gc
import io
import textwrap
from collections.abc import Callable

import pytest
from session_helpers import computed, slow

from helix_jupyter import Session
from helix_jupyter.errors import MissingOutput, NodeFailed

Opener = Callable[..., Session]


def test_temporaries_do_not_leak(session: Session) -> None:
    session.declare("helper = 2\nfor i in range(3): pass\nvalue = helper * i", ["value"])
    session.run()
    assert session.namespace["value"] == 4
    assert not {"helper", "i"} & set(session.namespace)


def test_a_temporary_does_not_touch_the_notebooks_own_name(session: Session) -> None:
    session.namespace["helper"] = "mine"
    session.declare("helper = 2\nvalue = helper * 2", ["value"])
    session.run()
    assert session.namespace["helper"] == "mine"
    assert session["value"] == 4


def test_the_last_expression_is_the_value(session: Session) -> None:
    session.declare("x = 20\nx + 1", ["answer"])
    session.declare("more = answer + 1", ["more"])
    session.run()
    assert session["answer"] == 21
    assert session["more"] == 22


def test_an_output_that_is_assigned_wins_over_the_last_expression(session: Session) -> None:
    session.declare("answer = 1\nanswer + 1", ["answer"])
    session.run()
    assert session["answer"] == 1


def test_a_display_only_node_shows_again_when_it_is_reused(opened: Opener, capsys: pytest.CaptureFixture[str]) -> None:
    def declared() -> Session:
        session = opened()
        session.declare(slow("print('seen', 41 + 1)"), ["report"])
        return session

    first = declared()
    first.run()
    assert capsys.readouterr().out == "seen 42\n"
    assert computed(first.run()) == []
    assert capsys.readouterr().out == "seen 42\n"
    first.close()
    second = declared()
    assert computed(second.run()) == []
    assert capsys.readouterr().out == "seen 42\n"


def test_what_a_node_prints_on_both_streams_is_replayed_in_its_place(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    session.declare("import sys\nprint('one')\nprint('two', file=sys.stderr)\nvalue = 1", ["value"])
    session.run()
    first = capsys.readouterr()
    session.run()
    assert capsys.readouterr() == first
    assert first == ("one\n", "two\n")


def test_a_warning_is_replayed(answer: Callable[..., str]) -> None:
    script = """
        import helix_jupyter, sys
        session = helix_jupyter.Session(policy="all")
        session.declare("import warnings\\nwarnings.warn('careful')\\nvalue = 1", ["value"])
        sys.stderr = sys.stdout
        session.run()
        print("again")
        session.run()
    """
    first, again = answer(textwrap.dedent(script)).split("again")
    assert "UserWarning: careful" in first
    assert "UserWarning: careful" in again


def test_a_pruned_node_shows_nothing(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    session.declare(slow("print('upstream')\nvalue = 1"), ["value"])
    session.declare("result = value + 1", ["result"])
    session.run()
    capsys.readouterr()
    session.run()
    assert capsys.readouterr().out == ""


def test_a_cell_may_await(session: Session) -> None:
    session.declare("import asyncio\nawait asyncio.sleep(0)\nvalue = await asyncio.sleep(0, 5)", ["value"])
    session.run()
    assert session["value"] == 5


def test_a_cell_may_await_while_a_loop_runs(session: Session) -> None:
    import asyncio

    session.declare("import asyncio\nvalue = await asyncio.sleep(0, 5)", ["value"])

    async def notebook() -> None:
        session.run()

    asyncio.run(notebook())
    assert session["value"] == 5


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("def square(x): return x * x\nvalue = [square(i) for i in range(3)]", [0, 1, 4]),
        ("import math\ndef area(r): return math.floor(r)\nvalue = area(2.5)", 2),
        ("class Point:\n    size = 2\n    def double(self): return self.size * 2\nvalue = Point().double()", 4),
        ("k = 2\nvalue = (lambda x: x * k)(3)", 6),
        ("value = {a: b for a, b in zip('xy', (1, 2))}", {"x": 1, "y": 2}),
        ("import os.path as path\nvalue = path.basename('a/b')", "b"),
        ("from math import *\nvalue = floor(2.5)", 2),
        ("try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    value = type(error).__name__", "ZeroDivisionError"),
        ("if (n := 3) > 2:\n    value = n", 3),
        ("global value\nvalue = 3", 3),
        ("first, *value = 1, 2, 3", [2, 3]),
        ("value: int = 3", 3),
        ("value = 1\nvalue += 2", 3),
        ("exec('hidden = 3')\nvalue = 3", 3),
        ("match 3:\n    case value: pass", 3),
        ("import math as value\nvalue = 3", 3),
        ("def value(x): return x\nvalue = value(3)", 3),
    ],
)
def test_any_python_cell(session: Session, code: str, value: object) -> None:
    session.declare(code, ["value"])
    session.run()
    assert session["value"] == value


def test_a_function_as_a_value_is_stored_and_works_after_a_restart(opened: Opener) -> None:
    cells = [
        (slow("k = 3\ndef triple(x): return x * k"), ["triple"]),
        (slow("nine = triple(3)"), ["nine"]),
    ]
    for _ in range(2):
        session = opened()
        for cell in cells:
            session.declare(*cell)
        session.run()
        assert session["nine"] == 9
        assert session["triple"](2) == 6
        session.close()


def test_a_class_made_by_a_node_is_usable_by_others(session: Session) -> None:
    session.declare("class Model:\n    def __init__(self, c): self.c = c", ["Model"])
    session.declare("model = Model(3)", ["model"])
    session.declare("c = model.c", ["c"])
    session.run()
    assert session["c"] == 3
    session.declare("c = model.c + 1", ["c"])
    assert computed(session.run()) == ["c"]


def test_an_output_that_is_not_assigned_is_named(session: Session) -> None:
    session.declare("modle = 1", ["model", "other"], name="fit")
    with pytest.raises(NodeFailed) as failure:
        session.run()
    assert isinstance(failure.value.__cause__, MissingOutput)
    assert str(failure.value) == "Node 'fit' did not assign its output 'model'. Did you mean 'modle'?"


def test_an_output_whose_line_did_not_run_is_not_suggested_for_itself(session: Session) -> None:
    session.declare("if False:\n    value = 1", ["value"])
    with pytest.raises(NodeFailed) as failure:
        session.run()
    assert "The line that assigns it did not run" in str(failure.value.__cause__)
    assert "Did you mean" not in str(failure.value)


def test_a_node_that_closes_its_stream_closes_nobody_elses(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stream(io.StringIO):
        flushed = 0

        def flush(self) -> None:
            self.flushed += 1

    stream = Stream()
    session.declare("import sys\nprint('before')\nsys.stdout.close()\nprint('behind')\nx = 1", ["x"])
    with monkeypatch.context() as patched:
        patched.setattr("sys.stdout", stream)
        session.run()
        gc.collect()
    assert "before\nbehind\n" in stream.getvalue()
    assert not stream.closed
    assert stream.flushed == 0
