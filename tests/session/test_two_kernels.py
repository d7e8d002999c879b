"""Two processes on one store at the same moment: both work."""

from __future__ import annotations

import subprocess
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path

from session_helpers import computed, declare_chain, slow

from helix_jupyter import Session, State

Opener = Callable[..., Session]

KERNEL = """
import sys
import helix_jupyter
session = helix_jupyter.Session(policy="all", workflow=sys.argv[1])
for number in range(15):
    session.declare(f"import time; time.sleep(0.01); part{number} = bytes([{number}]) * 50_000", [f"part{number}"])
session.declare("total = sum(len(part) for part in (" + ", ".join(f"part{n}" for n in range(15)) + "))", ["total"])
print("ready", flush=True)
sys.stdin.readline()
for edit in range(4):
    session.declare(f"import time; time.sleep(0.01); part3 = bytes([{edit}]) * 50_000", ["part3"])
    assert session.run().status == "done"
    assert session["total"] == 750_000
    assert session["part3"] == bytes([edit]) * 50_000
print([version.id for version in session.versions if version.message == ""], session.store.problem)
session.close()
"""


def test_two_processes_with_the_same_nodes(python: Callable[..., subprocess.Popen[str]], opened: Opener) -> None:
    kernels = [python(KERNEL, "main"), python(KERNEL, "main"), python(KERNEL, "other")]
    for kernel in kernels:
        assert kernel.stdout is not None
        assert kernel.stdin is not None
        assert kernel.stdout.readline() == "ready\n"
    for kernel in kernels:
        assert kernel.stdin is not None
        kernel.stdin.write("go\n")
        kernel.stdin.flush()
    for kernel in kernels:
        out, err = kernel.communicate(timeout=60)
        assert kernel.returncode == 0, err
        assert "None" in out
    for workflow, runs in (("main", 8), ("other", 4)):
        versions = opened(workflow=workflow).versions
        assert [version.id for version in versions] == list(range(1, len(versions) + 1))
        # what another kernel is still writing may have to be computed when it is asked for, in a version of its own
        assert [version.message for version in versions if not version.message.startswith("get")] == [""] * runs


def test_dvc_10465_killing_one_lets_the_other_finish(
    python: Callable[..., subprocess.Popen[str]], opened: Opener
) -> None:
    kernels = [python(KERNEL, "main"), python(KERNEL, "main")]
    for kernel in kernels:
        assert kernel.stdout is not None
        assert kernel.stdin is not None
        kernel.stdout.readline()
        kernel.stdin.write("go\n")
        kernel.stdin.flush()
    kernels[0].kill()
    out, err = kernels[1].communicate(timeout=60)
    assert kernels[1].returncode == 0, out + err
    assert opened().store.problem is None


def test_what_another_session_computed_is_loaded_without_a_restart(opened: Opener) -> None:
    one, two = opened(), opened()
    declare_chain(one)
    declare_chain(two)
    one.run()
    one.flush()
    assert computed(two.run()) == []
    assert two["doubled"] == 12


def test_what_was_looked_for_in_vain_is_found_once_another_session_has_computed_it(opened: Opener) -> None:
    one, two = opened(), opened()
    declare_chain(one)
    declare_chain(two)
    for _ in range(2):
        assert State.LOAD not in two.plan().states.values()
    one.run()
    one.flush()
    assert State.COMPUTE not in two.plan().states.values()


def test_what_another_session_evicts_is_computed_again(opened: Opener) -> None:
    one, two = opened(), opened(memory="1kB")
    for session in (one, two):
        session.declare(slow("big = bytes(100_000)"), ["big"])
    two.run()
    two.flush()
    one.forget("big")
    assert computed(two.run()) == ["big"]


def test_versions_of_both_sessions_are_listed(opened: Opener) -> None:
    one, two = opened(), opened()
    declare_chain(one)
    declare_chain(two)
    assert one.run(message="one").id == 1
    assert two.run(message="two").id == 2
    assert one.run(message="three").id == 3
    assert [version.message for version in two.versions] == ["one", "two", "three"]
    assert two.diff(1, 3).nodes == {}


def test_gc_in_one_session_leaves_the_other_working(opened: Opener) -> None:
    one, two = opened(), opened()
    declare_chain(one)
    one.run()
    declare_chain(two)
    two.run()
    one.declare("rows = [9]", ["rows"])
    one.run()
    one.gc(keep_last=1)
    assert two.run().status == "done"
    assert two["doubled"] == 12


def test_a_reader_of_a_file_that_changes_under_both(python: Callable[..., subprocess.Popen[str]]) -> None:
    script = """
        import os
        import helix_jupyter
        session = helix_jupyter.Session(policy="all")
        session.declare("value = open('data.txt').read()", ["value"])
        for text in ("one", "two", "three"):
            own = f"data{os.getpid()}.tmp"
            with open(own, "w") as file:
                file.write(text)
            os.replace(own, "data.txt")
            session.run()
            assert session["value"] in ("one", "two", "three")
        print(session.store.problem)
    """
    kernels = [python(textwrap.dedent(script)) for _ in range(2)]
    for kernel in kernels:
        out, err = kernel.communicate(timeout=60)
        assert out.strip() == "None", err


def test_what_another_session_computed_from_other_contents_of_a_file_is_loaded(opened: Opener, folder: Path) -> None:
    data = folder / "data.txt"
    one, two = opened(), opened()
    for session in (one, two):
        session.declare(slow(f"text = open({str(data)!r}).read()"), ["text"])
    data.write_text("before")
    assert computed(one.run()) == ["text"]
    data.write_text("after")
    assert computed(two.run()) == ["text"]
    two.flush()
    assert computed(one.run()) == []
    assert one["text"] == "after"


def test_what_one_session_is_writing_another_of_the_same_process_does_not_compute(opened: Opener) -> None:
    first, second = opened(), opened()
    declare_chain(first)
    declare_chain(second)
    until = threading.Event()
    first.store.writer.submit(until.wait)
    try:
        assert computed(first.run()) == ["rows", "total", "doubled"]
        assert first.store.awaited()
        assert set(second.plan().states.values()) <= {State.LOAD, State.PRUNE}
    finally:
        until.set()
    assert computed(second.run()) == []
    assert second["doubled"] == 12
