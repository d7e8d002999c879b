"""A node that raises, or is interrupted, leaves a version and a session that goes on."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from session_helpers import computed, declare_chain, define, ran, slow

from helix_jupyter import Session
from helix_jupyter.errors import CellSyntaxError, NodeFailed

Opener = Callable[..., Session]


def test_a_failure_names_the_node_and_the_line(session: Session) -> None:
    session.declare("a = 1\nb = 0\nvalue = a / b", ["value"])
    with pytest.raises(NodeFailed) as failure:
        session.run()
    assert str(failure.value) == "Node 'value' failed at line 3: ZeroDivisionError: division by zero"
    assert failure.value.line == 3
    assert isinstance(failure.value.__cause__, ZeroDivisionError)


def test_the_traceback_shows_the_cells_own_line(session: Session) -> None:
    for denominator in ("(2 - 2)", "(3 - 3)"):
        session.declare(f"a = 1\nvalue = a / {denominator}", ["value"])
        with pytest.raises(NodeFailed) as failure:
            session.run()
        text = "".join(traceback.format_exception(failure.value))
        assert f"value = a / {denominator}" in text


def test_a_failure_inside_a_helper_points_into_the_cell(session: Session) -> None:
    define(session.namespace, "def helper(x):\n    return 1 / x")
    session.declare("x = 0\nvalue = helper(x)", ["value"])
    with pytest.raises(NodeFailed) as failure:
        session.run()
    assert failure.value.line == 2


def test_what_was_done_before_a_failure_is_loaded_later(session: Session) -> None:
    declare_chain(session)
    session.declare(slow("doubled = total / 0"), ["doubled"])
    with pytest.raises(NodeFailed):
        session.run()
    assert ran(session.version()) == {"rows": "compute", "total": "compute", "doubled": "compute"}
    session.declare(slow("doubled = total * 2"), ["doubled"])
    assert computed(session.run()) == ["doubled"]
    assert session["doubled"] == 12


def test_what_was_done_before_a_failure_is_loaded_after_a_restart(opened: Opener) -> None:
    first = opened()
    declare_chain(first)
    first.declare(slow("doubled = total / 0"), ["doubled"])
    with pytest.raises(NodeFailed):
        first.run()
    first.close()
    second = opened()
    declare_chain(second)
    assert computed(second.run()) == ["doubled"]


def test_nodes_after_the_failure_are_not_reached(session: Session) -> None:
    session.declare("a = 1 / 0", ["a"])
    session.declare("b = a + 1", ["b"])
    with pytest.raises(NodeFailed):
        session.run()
    version = session.version()
    assert ran(version) == {"a": "compute", "b": "prune"}
    assert "failed" in version.nodes["b"].reason


def test_a_failed_node_runs_again_unedited(session: Session) -> None:
    session.namespace["state"] = {}
    define(
        session.namespace,
        "import os\ndef flaky():\n    if not os.environ.get('HELIX_TEST_OK'): raise OSError('no')\n    return 1",
    )
    session.declare("value = flaky()", ["value"])
    for _ in range(2):
        with pytest.raises(NodeFailed):
            session.run()
    assert "failed last time" in " ".join(session.why("value").reasons)


@pytest.mark.parametrize("raised", ["ValueError", "KeyboardInterrupt"])
def test_nodes_whose_turn_has_never_come_have_never_run(opened: Opener, raised: str) -> None:
    session = opened()
    session.declare("a = 1", ["a"])
    session.declare(f"raise {raised}\nb = a", ["b"])
    session.declare("old = a + 2", ["old"])
    session.declare("after = b", ["after"])
    session.declare("other = 7", ["other"])
    session.run(["old"])
    session.declare("old = a + 3", ["old"])
    for _ in range(2):
        with pytest.raises((NodeFailed, KeyboardInterrupt)):
            session.run(["b", "after", "other", "old"])
    expected = {
        "b": "it failed last time at line 1: ValueError" if raised == "ValueError" else "it was interrupted last time",
        "after": "never run before",
        "other": "never run before",
        "old": "line 1 changed: old = a + 2 -> old = a + 3",
    }
    plan = session.plan(["after", "other", "old"])
    assert {node: plan.reasons[node] for node in expected} == expected
    assert session.why("other").reasons == ("never run before",)
    session.declare("other = 8", ["other"])
    assert session.plan(["other"]).reasons["other"] == "never run before"


def test_a_node_that_failed_is_no_new_one_where_its_turn_did_not_come(opened: Opener) -> None:
    session = opened()
    session.declare("a = 1", ["a"])
    session.declare("b = a / 0", ["b"])
    with pytest.raises(NodeFailed):
        session.run()
    session.declare("a = 1 / 0", ["a"])
    with pytest.raises(NodeFailed):
        session.run()
    another_kernel = opened()
    another_kernel.adopt(session.version())
    for reader in (session, another_kernel):
        reader.declare("a = 2", ["a"])
        assert reader.plan().reasons["b"] == "its input `a` will be made anew"


def test_a_failure_takes_the_stale_name_away_and_keeps_the_others(session: Session) -> None:
    session.declare("a = 1", ["a"])
    session.declare("b = 2", ["b"])
    session.run()
    session.declare("b = 1 / 0", ["b"])
    with pytest.raises(NodeFailed):
        session.run()
    assert session.namespace["a"] == 1
    assert "b" not in session.namespace


@pytest.mark.parametrize("raised", ["SystemExit(3)", "exit(3)", "GeneratorExit()"])
def test_a_node_that_tries_to_leave(session: Session, raised: str) -> None:
    session.namespace["exit"] = sys.exit
    session.declare("a = 1", ["a"])
    statement = raised if raised.startswith("exit") else f"raise {raised}"
    session.declare(f"{statement}\nb = a", ["b"])
    with pytest.raises(BaseException):  # noqa: B017, PT011  # which one is the node's own choice
        session.run()
    session.declare("b = a", ["b"])
    assert session.run().status == "done"
    assert len(session.versions) == 2
    assert session.versions[0].status == "failed"


def test_an_exception_that_cannot_be_shown(session: Session) -> None:
    session.declare("class Odd(Exception):\n    def __str__(self): raise ValueError('odd')\nraise Odd()", ["value"])
    with pytest.raises(NodeFailed) as failure:
        session.run()
    assert "Odd" in str(failure.value)
    assert session.version().status == "failed"


def test_an_exception_group(session: Session) -> None:
    session.declare("raise ExceptionGroup('many', [ValueError('a'), KeyError('b')])", ["value"])
    with pytest.raises(NodeFailed, match="ExceptionGroup: many"):
        session.run()


def test_a_recursion_error(session: Session) -> None:
    session.declare("def f(x): return f(x + 1)\nvalue = f(0)", ["value"])
    with pytest.raises(NodeFailed, match="RecursionError"):
        session.run()
    session.remove("value")
    session.declare("other = 1", ["other"])
    assert session.run().status == "done"


def test_a_warning_turned_into_an_error_stays_inside(session: Session) -> None:
    session.declare("import warnings\nwarnings.simplefilter('error')\nvalue = 1", ["value"])
    session.run()
    assert session["value"] == 1


def test_an_interrupt_leaves_a_version_and_a_usable_session(session: Session) -> None:
    session.declare(slow("a = 1"), ["a"])
    session.declare("raise KeyboardInterrupt", ["b"])
    session.declare("c = 3", ["c"])
    with pytest.raises(KeyboardInterrupt):
        session.run(["a", "b", "c"])
    version = session.version()
    assert version.status == "interrupted"
    assert version.states["a"].value == "compute"
    assert {node: record.outcome for node, record in version.nodes.items()} == {
        "a": "compute", "b": "interrupted", "c": "prune",
    }  # fmt: skip
    assert session.plan(["b"]).reasons["b"] == "it was interrupted last time"
    session.declare("b = a", ["b"])
    assert session.run().status == "done"
    assert "a" not in computed(session.version())


INTERRUPTED = """
import _thread, sys, threading
import helix_jupyter
session = helix_jupyter.Session(policy="all")
session.declare("import time; time.sleep(0.02); a = 1", ["a"])
session.declare(CELL, ["b"])
def interrupt():
    while "started" not in shown: pass
shown = []
class Out:
    def write(self, text):
        if "now" in text:
            threading.Timer(0.1, signal_self).start()
        return sys.__stdout__.write(text)
    def flush(self): pass
def signal_self():
    import os, signal
    if os.name == "posix":
        os.kill(os.getpid(), signal.SIGINT)
    else:
        _thread.interrupt_main()
sys.stdout = Out()
try:
    session.run()
except KeyboardInterrupt:
    print("interrupted")
print(session.version().status, {node: str(state) for node, state in session.version().states.items()})
session.declare("b = a + 1", ["b"])
version = session.run()
print(version.status, session["b"], [node for node, state in version.states.items() if str(state) == "compute"])
session.close()
print(helix_jupyter.Session().store.verify())
"""


@pytest.mark.parametrize(
    "cell",
    [
        "import time; print('now', flush=True); time.sleep(60); b = a",
        "print('now')\nwhile True: pass\nb = a",
        "import asyncio; print('now'); await asyncio.sleep(60); b = a",
    ],
    ids=["asleep", "busy", "awaiting"],
)
def test_a_signal_interrupts_a_node(python: Callable[..., subprocess.Popen[str]], cell: str) -> None:
    process = python(textwrap.dedent(INTERRUPTED).replace("CELL", repr(cell)))
    out, err = process.communicate(timeout=30)
    lines = out.strip().splitlines()
    assert lines[1] == "interrupted", out + err
    assert lines[2] == "interrupted {'a': 'compute', 'b': 'compute'}"
    assert lines[3] == "done 2 ['b']"
    assert lines[4] == "[]"


def test_a_signal_interrupts_worker_processes(python: Callable[..., subprocess.Popen[str]]) -> None:
    script = """
        import os, pathlib, signal, threading, time
        import helix_jupyter

        def interrupt():
            while not (pathlib.Path("a.begun").exists() and pathlib.Path("b.begun").exists()):
                time.sleep(0.05)
            os.kill(os.getpid(), signal.SIGINT)

        if __name__ == "__main__":
            session = helix_jupyter.Session(policy="all")
            for name in ("a", "b"):
                begin = f"import pathlib, time; pathlib.Path('{name}.begun').touch(); "
                session.declare(begin + f"time.sleep(120); {name} = 1", [name])
            threading.Thread(target=interrupt, daemon=True).start()
            try:
                session.run(jobs=2)
            except KeyboardInterrupt:
                print("interrupted", session.version().status)
            session.declare("a = 1", ["a"])
            session.declare("b = 2", ["b"])
            print(session.run(jobs=2).status, session["a"] + session["b"])
            session.close()
    """
    out, err = python(textwrap.dedent(script)).communicate(timeout=110)
    assert out.splitlines() == ["interrupted interrupted", "done 3"], err


def test_a_process_that_is_killed_leaves_a_sound_store(
    python: Callable[..., subprocess.Popen[str]], opened: Opener, folder: Path
) -> None:
    script = """
        import helix_jupyter, time
        session = helix_jupyter.Session(policy="all")
        for number in range(50):
            code = f"import time; time.sleep(0.02); part{number} = bytes([{number}]) * 1_000_000"
            session.declare(code, [f"part{number}"])
        print("running", flush=True)
        session.run()
    """
    process = python(textwrap.dedent(script))
    assert process.stdout is not None
    process.stdout.readline()
    deadline = time.monotonic() + 30
    while len(list((folder / ".helix" / "objects").glob("*/*"))) < 15 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.wait()
    session = opened()
    for number in range(50):
        session.declare(
            f"import time; time.sleep(0.02); part{number} = bytes([{number}]) * 1_000_000", [f"part{number}"]
        )
    version = session.run()
    assert len(computed(version)) < 50, version.nodes["part0"].reason
    assert all(session[f"part{number}"] == bytes([number]) * 1_000_000 for number in range(50))


def test_a_syntax_error_ends_in_one_stop(session: Session) -> None:
    with pytest.raises(CellSyntaxError, match=r"forgot a comma\. The node was not declared\.$"):
        session.declare("a = [1 2]", ["a"])
