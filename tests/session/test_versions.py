"""Every run leaves a version: what it holds, and what differs between two."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from session_helpers import computed, declare_chain, define, slow

import helix_jupyter
from helix_jupyter import Session, State
from helix_jupyter.errors import NodeFailed, UnknownVersion
from helix_jupyter.view.render import as_html, as_text

Opener = Callable[..., Session]


def test_a_version_holds_what_the_run_was(session: Session) -> None:
    define(session.namespace, "import numpy as np\nC = 0.1\ndef fit(c): return np.float64(c)")
    session.declare(slow("model = fit(C)"), ["model"])
    session.declare("scores = {'accuracy': 0.5, 'loss': int(model * 10)}", ["scores"], metrics=True)
    before = time.time()
    version = session.run(message="first try")
    assert (version.id, version.parent, version.workflow) == (1, None, "main")
    assert version.message == "first try"
    assert before - 1 <= version.created <= time.time()
    assert version.seconds > 0.02
    assert version.metrics == {"accuracy": 0.5, "loss": 1.0}
    assert version.status == "done"
    assert "numpy" in version.packages
    assert "python" in version.packages
    assert version.targets == ("scores",)
    record = version.nodes["model"]
    assert record.code.endswith("model = fit(C)")
    assert record.state is State.COMPUTE
    assert record.reason == "never run before"
    assert record.bytes > 0
    assert record.seconds >= 0.02
    assert set(record.captures) >= {"C", "fit"}
    assert version.nodes["scores"].inputs == {"model": "model"}


def test_versions_are_read_back_equal_by_another_session(opened: Opener) -> None:
    first = opened()
    declare_chain(first)
    first.run(message="one")
    first.declare("doubled = total * 4", ["doubled"])
    made = first.run(message="two")
    first.close()
    second = opened()
    assert [version.message for version in second.versions] == ["one", "two"]
    assert second.version(2) == made
    assert second.version() == made


def test_versions_go_on_after_a_restart(opened: Opener) -> None:
    for number in range(1, 4):
        session = opened()
        declare_chain(session)
        version = session.run()
        assert (version.id, version.parent) == (number, number - 1 or None)
        session.close()


def test_an_unknown_version_names_those_that_exist(session: Session) -> None:
    with pytest.raises(UnknownVersion, match="Nothing has run yet"):
        session.version(1)
    with pytest.raises(UnknownVersion, match=r"There is no version yet\. Nothing has run yet"):
        session.version()
    session.declare("value = 1", ["value"])
    session.run()
    with pytest.raises(UnknownVersion, match="from 1 to 1"):
        session.diff(1, 7)


def test_two_metric_nodes_of_one_name_are_told_apart(session: Session) -> None:
    session.declare("train = {'accuracy': 0.9}", ["train"], metrics=True)
    session.declare("test = {'accuracy': 0.8, 'f1': 0.5}", ["test"], metrics=True)
    assert session.run().metrics == {"train.accuracy": 0.9, "test.accuracy": 0.8, "f1": 0.5}


def test_metrics_are_there_when_their_node_is_loaded(opened: Opener) -> None:
    for _ in range(2):
        session = opened()
        session.declare(slow("scores = {'accuracy': 0.9}"), ["scores"], metrics=True)
        session.declare("unrelated = scores['accuracy']", ["unrelated"])
        assert session.run().metrics == {"accuracy": 0.9}
        session.close()


def test_numbers_of_numpy_are_metrics(session: Session) -> None:
    session.declare("import numpy as np\nscores = {'a': np.float32(0.5), 'n': np.int64(3)}", ["scores"], metrics=True)
    assert session.run().metrics == {"a": 0.5, "n": 3.0}


@pytest.mark.parametrize("value", ["'5'", "[1, 2]", "{'a': 'text'}", "None"])
def test_what_is_no_metric_is_named_and_the_run_succeeds(session: Session, told: list[str], value: str) -> None:
    session.declare(f"scores = {value}", ["scores"], metrics=True)
    version = session.run()
    assert version.status == "done"
    assert version.metrics == {}
    if value != "None":
        assert any("'scores'" in line for line in told)


def test_diff_names_what_was_edited_added_removed_and_affected(session: Session) -> None:
    declare_chain(session)
    session.declare("old = 1", ["old"])
    session.run()
    session.remove("old")
    session.declare("new = 2", ["new"])
    session.declare(slow("total = max(rows)"), ["total"])
    session.run()
    diff = session.diff()
    changes = {node: str(change.change) for node, change in diff.nodes.items() if str(change.change) != "same"}
    assert changes == {"total": "edited", "doubled": "affected", "old": "removed", "new": "added"}


def test_diff_shows_changed_literals_as_parameters_and_metric_deltas(session: Session) -> None:
    session.declare("model = dict(C=0.1, penalty='l2')", ["model"])
    session.declare("scores = {'accuracy': model['C']}", ["scores"], metrics=True)
    session.run()
    session.declare("model = dict(C=1.0, penalty='l2')", ["model"])
    session.run()
    diff = session.diff(1, 2)
    (parameter,) = diff.parameters
    assert (parameter.node, parameter.label, parameter.before, parameter.after) == ("model", "C", "0.1", "1.0")
    metric = diff.metrics["accuracy"]
    assert (metric.before, metric.after) == (0.1, 1.0)
    assert "accuracy" in as_text(diff)


def test_mlflow_10477_only_differences_are_shown(session: Session) -> None:
    def declare(changed: int) -> None:
        arguments = ", ".join(f"p{number}={changed if number == 58 else number}" for number in range(117))
        session.declare(f"parameters = dict({arguments})", ["parameters"])

    declare(58)
    session.run()
    declare(-1)
    session.run()
    (parameter,) = session.diff().parameters
    assert (parameter.label, parameter.before, parameter.after) == ("p58", "58", "-1")


def test_diff_of_a_version_with_itself_is_empty(session: Session) -> None:
    declare_chain(session)
    session.run()
    for diff in (session.diff(1, 1), session.diff()):
        assert (dict(diff.nodes), diff.parameters, dict(diff.metrics)) == ({}, (), {})


def test_diff_sees_a_changed_constant_of_the_notebook(session: Session) -> None:
    session.namespace["C"] = 0.1
    session.declare("model = C * 2", ["model"])
    session.run()
    session.namespace["C"] = 1.0
    session.run()
    assert "C" in as_text(session.diff())


def test_seconds_of_a_full_run_are_known_when_everything_is_loaded(session: Session) -> None:
    declare_chain(session)
    session.run()
    version = session.run()
    assert version.full_seconds >= 0.06
    assert version.nodes["rows"].compute_seconds >= 0.02


def test_a_trace_names_everything_that_made_a_value(session: Session, folder: object) -> None:
    define(session.namespace, "K = 3\ndef helper(x): return x * K")
    session.declare("rows = [1, 2]", ["rows"])
    session.declare("total = helper(sum(rows))", ["total"], seed=7)
    session.run()
    text = str(session.trace("total"))
    for name in ("helper", "K", "rows", "seed"):
        assert name in text


def test_everything_shows_as_text_and_html(session: Session) -> None:
    card = session.declare("value = 1", ["value"])
    version = session.run()
    shown = [
        card,
        session.status(),
        session.why("value"),
        session.dag(),
        session.versions,
        session.diff(),
        session.trace("value"),
        session.config(),
        session.gc(dry_run=True),
    ]
    assert version.id == 1
    for answer in shown:
        assert str(answer).strip()
    assert "\n" not in str(card).strip()


def test_the_package_names_its_version() -> None:
    assert helix_jupyter.__version__


def test_a_run_of_nothing_is_a_version_too(session: Session) -> None:
    version = session.run()
    assert version.states == {}
    assert version.status == "done"


def test_a_failed_run_is_a_version(session: Session) -> None:
    session.declare("rows = [1]", ["rows"])
    session.declare("total = 1 / 0", ["total"])
    with pytest.raises(NodeFailed) as failure:
        session.run(message="oops")
    (version,) = session.versions
    assert failure.value.version == version.id == 1
    assert version.status == "failed"
    assert version.message == "oops"
    assert "ZeroDivisionError" in version.error
    assert "ZeroDivisionError" in version.nodes["total"].error
    session.declare("total = 1", ["total"])
    assert session.run().parent == 1
    assert "total" in as_text(session.diff())


def test_status_tells_fresh_from_stale(session: Session) -> None:
    declare_chain(session)
    assert [row.fresh for row in session.status()] == [False, False, False]
    session.run()
    assert [row.fresh for row in session.status()] == [True, True, True]
    session.declare("total = max(rows)", ["total"])
    assert {row.node: row.fresh for row in session.status()} == {"rows": True, "total": False, "doubled": False}


def test_a_card_says_what_a_run_would_do(session: Session) -> None:
    card = session.declare(slow("rows = [1]"), ["rows"])
    assert (card.node, card.outputs, card.inputs, card.change) == ("rows", ("rows",), (), "new")
    assert card.state is State.COMPUTE
    session.run()
    assert session.declare(slow("rows = [1]"), ["rows"]).state is State.LOAD
    card = session.declare(slow("rows = [2]"), ["rows"])
    assert card.state is State.COMPUTE
    assert "code" in card.change or "2" in card.change
    card = session.declare("total = sum(rows)", ["total"])
    assert card.inputs == ("rows",)


def test_a_long_history_stays_readable(session: Session) -> None:
    for number in range(30):
        session.declare(f"value = {number}", ["value"])
        session.run(message=f"try {number}")
    assert len(session.versions) == 30
    assert session.versions[0].nodes["value"].code == "value = 0"
    assert computed(session.versions[-1]) == ["value"]


def test_a_node_that_shows_something_else_is_told_apart_by_what_it_shows(session: Session) -> None:
    """A drawing's value is None in every version; what differs is the picture."""
    session.declare("rows = [1, 2]", ["rows"])
    session.declare("print(sum(rows))", ["shown"])
    session.run()
    session.declare("rows = [1, 5]", ["rows"])
    session.run()
    session.declare("print(sum(rows) + 0)", ["shown"])
    session.run()
    changed, refactored = session.diff(1, 2).nodes["shown"], session.diff(2, 3).nodes["shown"]
    assert (changed.outputs, changed.shows) == ({"shown": False}, True)
    assert (refactored.outputs, refactored.shows) == ({"shown": False}, False)
    assert "what it shows differs" in as_html(session.diff(1, 2))
    assert "its value is the same" in as_html(session.diff(2, 3))


def test_a_node_that_did_not_run_in_one_of_two_versions_was_not_edited(
    session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    Path("rows.txt").write_text("1")
    session.declare("a = 1", ["a"])
    session.declare("import json\nb = a + int(open('rows.txt').read())", ["b"])
    session.run("a")
    session.run()
    assert not session.diff().nodes


def test_packages_of_inputs_that_nobody_knew_yet_are_no_edit(session: Session) -> None:
    session.declare("a = 1", ["a"])
    session.declare("import numpy as np\nrows = np.arange(3)", ["rows"])
    session.declare("total = rows.sum()", ["total"])
    session.declare("half = total / 2", ["half"])
    session.run("a")
    session.run()
    assert not session.diff().nodes
    assert not session.diff(2, 1).nodes


def test_a_metric_that_a_version_does_not_have_is_not_its_best(session: Session) -> None:
    session.declare("scores = {}", ["scores"], metrics=True)
    session.run()
    session.declare("scores = {'a': 1}", ["scores"], metrics=True)
    session.run()
    session.declare("scores = {'accuracy': 0.5}", ["scores"], metrics=True)
    session.run()
    assert "*" not in as_text(session.diff(1, 2, 3)).splitlines()[-1]
