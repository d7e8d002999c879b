"""``run --audit``: reused nodes are computed again and compared; a difference is told with what it may come from."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from session_helpers import computed, declare_chain, define, ran, slow

from helix_jupyter import Session
from helix_jupyter.errors import NodeFailed, UnknownOption
from helix_jupyter.version.types import Version
from helix_jupyter.view.render import as_html, as_text

Opener = Callable[..., Session]

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the system tells its state in files")
HIDDEN = [
    pytest.param("import os\nv = dict(os.environ)['HIDDEN']", "the environment variables (line 4)", id="environment"),
    pytest.param("v = helper()", "the environment variables (in helper())", id="environment in a helper"),
    pytest.param("import time\nv = time.time()", "the clock (line 4)", id="clock"),
    pytest.param("import datetime\nv = datetime.datetime.now()", "the clock (line 4)", id="date"),
    pytest.param("v = open('/proc/uptime').read()", "the machine's state (/proc/uptime)", id="machine", marks=LINUX),
    pytest.param("v = open('/proc/self/stat').read()", "the state of the process (/proc", id="process", marks=LINUX),
    pytest.param("v = open('/dev/urandom', 'rb').read(8)", "unseeded randomness (/dev/urandom)", id="dev", marks=LINUX),
    pytest.param("import os\nv = os.times()", "the clock (line 4)", id="times", marks=LINUX),
    pytest.param("import uuid\nv = uuid.uuid4().hex", "unseeded randomness (line 4)", id="uuid"),
    pytest.param("import numpy\nv = numpy.random.default_rng().random()", "", id="generator"),
    pytest.param("import random\nv = random.Random().random()", "", id="own generator"),
    pytest.param("v = numpy.HIDDEN", "the state of a package, `numpy.HIDDEN`", id="package"),
    pytest.param("v = next(counter)", "", id="captured counter"),
    pytest.param("import sys\nv = sys.modules['numpy'].HIDDEN", "nothing was seen that it may come from", id="unseen"),
]


def audited(version: Version) -> dict[str, str]:
    assert version.audit is not None
    return {row.node: row.outcome for row in version.audit.rows}


@pytest.mark.parametrize(("code", "cause"), HIDDEN)
def test_a_difference_names_what_it_may_come_from(
    session: Session, told: list[str], monkeypatch: pytest.MonkeyPatch, code: str, cause: str
) -> None:
    define(session.namespace, "import itertools, numpy\ncounter = itertools.count()")
    define(session.namespace, "import os\ndef helper():\n    return dict(os.environ)['HIDDEN']")
    numpy = session.namespace["numpy"]
    monkeypatch.setenv("HIDDEN", "one")
    monkeypatch.setattr(numpy, "HIDDEN", 1, raising=False)
    session.declare(slow(code), ["v"])
    session.run()
    monkeypatch.setenv("HIDDEN", "another")
    monkeypatch.setattr(numpy, "HIDDEN", 2)
    version = session.run(audit=1)
    if not cause:  # seeded, or put back after each node, so there is no difference
        assert audited(version) == {"v": "same"}
        return
    assert audited(version) == {"v": "different"}
    assert cause in version.audit.rows[0].detail  # type: ignore[union-attr]
    (line,) = [line for line in told if line.startswith("Audit")]
    assert "'v'" in line
    assert cause in line
    assert "--volatile" in line


def test_what_is_deterministic_comes_out_the_same(session: Session, told: list[str]) -> None:
    session.declare(slow("import random, numpy\nx = random.random() + numpy.random.rand()"), ["x"])
    session.declare(slow("import pandas\ny = pandas.DataFrame({'v': [x]})"), ["y"])
    session.declare(slow("print('shown')\nz = float(y['v'].sum())"), ["z"])
    session.run()
    version = session.run(audit=1)
    assert audited(version) == {"x": "same", "y": "same", "z": "same"}
    assert computed(version) == ["x", "y", "z"]
    assert version.nodes["x"].reason == "audit: computed again, to compare"
    assert told == []


def test_the_new_value_counts_and_its_descendants_are_planned_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("numpy.HIDDEN", 1, raising=False)
    session.declare(slow("import numpy\nx = numpy.HIDDEN"), ["x"])
    session.declare(slow("y = x + 1"), ["y"])
    session.declare(slow("z = y > 0"), ["z"])
    session.declare(slow("w = z"), ["w"])
    session.run()
    monkeypatch.setattr("numpy.HIDDEN", 5)
    version = session.run(audit=1)
    assert audited(version) == {"x": "different", "y": "not compared", "z": "not compared", "w": "same"}
    assert session.get("x", "y", "z") == (5, 6, True)
    assert computed(session.run()) == []


def test_an_equal_value_again_stops_the_wave(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the drawn node is computed, and what rests on another value of it."""
    monkeypatch.setattr("numpy.HIDDEN", 1, raising=False)
    session.declare(slow("import numpy\nx = numpy.HIDDEN"), ["x"])
    session.declare(slow("y = x > 0"), ["y"])
    session.declare(slow("z = not y"), ["z"])
    session.run()
    monkeypatch.setattr("numpy.HIDDEN", 2)
    seed = next(seed for seed in range(100) if audited(session.run(audit=0.1, audit_seed=seed)).keys() == {"x"})
    monkeypatch.setattr("numpy.HIDDEN", 3)
    assert computed(session.run(audit=0.1, audit_seed=seed)) == ["x", "y"]


def test_the_draw_is_recorded_and_can_be_repeated(opened: Opener) -> None:
    session = opened()
    for number in range(8):
        session.declare(slow(f"n{number} = {number}"), [f"n{number}"])
    session.run()
    first = session.run(audit="25%")
    assert first.audit is not None
    assert len(first.audit.rows) == 2
    assert computed(first) == [row.node for row in first.audit.rows]
    assert computed(session.run(audit=0.25, audit_seed=first.audit.seed)) == computed(first)
    session.close()
    assert opened().version(first.id).audit == first.audit


def test_at_least_one_is_drawn_and_only_of_what_is_reused_for_the_targets(session: Session) -> None:
    declare_chain(session)
    session.declare(slow("apart = 1"), ["apart"])
    session.run()
    session.declare(slow("doubled = total * 3"), ["doubled"])
    version = session.run(["doubled"], audit=0.001)
    assert len(audited(version)) == 1
    assert audited(version).keys() <= {"rows", "total"}
    assert ran(version)["apart"] == "prune"


def test_nothing_reused_is_told(session: Session) -> None:
    session.declare("x = 1", ["x"])
    version = session.run(audit=0.5)
    assert audited(version) == {}
    assert "nothing was reused" in as_text(version)


def test_what_has_no_digest_cannot_be_compared(session: Session) -> None:
    session.declare(slow("import threading\nlock = threading.Lock()"), ["lock"])
    session.declare(slow("import threading\na, b = threading.Lock(), 1"), ["a", "b"], name="pair")
    session.run()
    version = session.run(audit=1)
    assert audited(version) == {"lock": "not compared", "pair": "same"}
    assert [row.detail for row in version.audit.rows] == ["lock has no digest", "a has no digest"]  # type: ignore[union-attr]


def test_only_the_output_that_differs_is_named(session: Session) -> None:
    session.declare(slow("import uuid\na, b = 1, uuid.uuid4().hex"), ["a", "b"], name="pair")
    session.run()
    (row,) = session.run(audit=1).audit.rows  # type: ignore[union-attr]
    assert row.detail == "b differs; it may come from unseeded randomness (line 4)"


def test_a_wrongly_accepted_edit_is_found(session: Session) -> None:
    session.declare(slow("x = 1"), ["x"])
    session.run()
    session.declare(slow("x = 2"), ["x"])
    session.accept("x")
    (row,) = session.run(audit=1).audit.rows  # type: ignore[union-attr]
    assert (row.outcome, row.detail) == ("different", "its edit was accepted as giving the same value")
    assert session["x"] == 2
    # what was said of it holds no longer, and the earlier code has its own value
    assert not session.run().nodes["x"].accepted
    session.declare(slow("x = 1"), ["x"])
    assert session.run().states["x"].value == "load"
    assert session["x"] == 1


def test_an_accepted_node_that_is_computed_after_all_keeps_its_value_to_itself(session: Session) -> None:
    session.declare(slow("x = 1"), ["x"])
    session.run()
    session.declare(slow("x = 2"), ["x"])
    session.accept("x")
    session.run(force=["x"])
    assert session["x"] == 2
    session.declare(slow("x = 1"), ["x"])
    session.run()
    assert session["x"] == 1


def test_a_node_that_fails_now_is_not_compared(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numpy.HIDDEN", 1, raising=False)
    session.declare(slow("import numpy\nx = numpy.HIDDEN"), ["x"])
    session.run()
    monkeypatch.delattr("numpy.HIDDEN")
    with pytest.raises(NodeFailed):
        session.run(audit=1)
    assert audited(session.version()) == {"x": "not compared"}
    assert session["x"] == 1


def test_an_audit_in_worker_processes(session: Session) -> None:
    session.declare(slow("import uuid\nx = uuid.uuid4().hex"), ["x"])
    session.declare(slow("y = 1"), ["y"])
    session.run()
    version = session.run(audit=1, jobs=2)
    assert audited(version) == {"x": "different", "y": "same"}
    assert "unseeded randomness (line 4)" in version.audit.rows[0].detail  # type: ignore[union-attr]


@pytest.mark.parametrize("share", [0, -0.1, 1.1, "0", "101%", "half", "", math.nan, True, None, "nan%"])
def test_bad_shares_are_refused_and_nothing_runs(session: Session, share: object) -> None:
    session.declare("x = 1", ["x"])
    if share is None:
        assert session.run(audit=None).audit is None
        return
    with pytest.raises(UnknownOption, match=r"0\.1 or 10%"):
        session.run(audit=share)  # type: ignore[arg-type]
    assert len(session.versions) == 0


def test_the_audit_is_shown_in_one_line(session: Session, folder: Path) -> None:
    session.declare(slow("import uuid\nx = '<b>' + uuid.uuid4().hex"), ["x"])
    session.declare(slow("y = 1"), ["y"])
    session.run()
    version = session.run(audit=1, audit_seed=7)
    told = "audit of 100% (seed 7): 1 same, 1 different: x (x differs; it may come from unseeded randomness (line 4))"
    assert f"  {told}" in as_text(version).splitlines()
    assert told in as_html(version)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no date to run")
def test_of_a_program_it_is_told_that_it_ran_and_not_how_it_was_found(session: Session) -> None:
    code = "import subprocess\nv = subprocess.run(['date', '+%N'], capture_output=True).stdout"
    session.declare(slow(code), ["v"])
    session.run()
    (row,) = session.run(audit=1).audit.rows  # type: ignore[union-attr]
    assert row.detail == "v differs; it may come from another process (line 4)"


def test_who_reads_all_environment_variables_is_not_told_of_each(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIDDEN", "one")
    session.declare(slow("import os\nv = dict(os.environ)['HIDDEN']"), ["v"])
    session.run()
    monkeypatch.setenv("HIDDEN", "two")
    (row,) = session.run(audit=1).audit.rows  # type: ignore[union-attr]
    assert row.detail == "v differs; it may come from the environment variables (line 4)"


@pytest.mark.skipif(sys.platform == "win32", reason="variables are text there")
def test_a_variable_that_is_asked_for_as_bytes_is_told_by_its_name(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIDDEN", "one")
    session.declare(slow("import os\nv = os.environb[b'HIDDEN']"), ["v"])
    session.run()
    (row,) = session.run(audit=1).audit.rows  # type: ignore[union-attr]
    assert row.detail == "it consults the environment variable `HIDDEN` (line 4)"
    monkeypatch.setenv("HIDDEN", "two")
    assert session.why("v").reasons == ("environment variable HIDDEN changed",)


def test_what_nodes_show_is_compared_too(session: Session, told: list[str]) -> None:
    session.declare("import time\nprint('at', time.time_ns())", ["shown"])
    session.declare("import time\nprint(time.time_ns())\nvalue = 3", ["value"])
    session.declare("print('as ever', 1)", ["steady"])
    session.run()
    version = session.run(audit=1)
    assert audited(version) == {"shown": "different", "value": "same", "steady": "same"}
    assert "shown (what it shows differs; it may come from the clock (line 2))" in as_text(version)
    assert "value (what it shows differs)" in as_text(version)
    assert [line for line in told if "'shown' showed something else" in line]
    diff = session.diff(1, 2)
    assert set(diff.shown) == {"shown", "value"}
    assert "what shown, value show differs" in as_text(diff)
    assert "show differs" in as_html(diff)
