"""What is said of versions afterwards, which way metrics are better, and what deleting a version does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from session_helpers import computed, declare_chain, define, ran, slow

from helix_jupyter import Session, Version
from helix_jupyter.errors import UnknownOption, UnknownVersion, VersionInUse
from helix_jupyter.version.diff import Change
from helix_jupyter.view.documents import versions_document
from helix_jupyter.view.render import as_html, as_text

Opener = Callable[..., Session]


def several(session: Session, count: int) -> None:
    for number in range(1, count + 1):
        session.declare(slow(f"rows = {number}"), ["rows"])
        session.run(message=f"try {number}")


def test_versions_are_renamed_tagged_and_noted(session: Session) -> None:
    several(session, 2)
    changed = session.annotate(1, message="the first", tags=["base", "paper"], note="before the move")
    assert (changed.message, changed.tags, changed.note) == ("the first", ("base", "paper"), "before the move")
    assert session.version(1) == changed
    assert session.versions[0].tags == ("base", "paper")
    assert session.versions[0].nodes["rows"].source == slow("rows = 1")
    assert "[base] [paper] (before the move)" in as_text(session.versions)
    assert "before the move" in as_html(session.versions)


def test_what_is_not_said_stays(session: Session) -> None:
    several(session, 1)
    session.annotate(tags="base", note="why")
    session.annotate(tags="base")
    session.annotate(message="other")
    with pytest.raises(UnknownOption, match="no tag 'nothing'"):
        session.annotate(untag="nothing", message="lost")
    version = session.version(1)
    assert (version.message, version.tags, version.note) == ("other", ("base",), "why")
    version = session.annotate(untag=["base"], note="")
    assert (version.tags, version.note) == ((), "")


def test_notes_outlive_the_session_and_reach_other_kernels(opened: Opener) -> None:
    first, second = opened(), opened()
    several(first, 2)
    assert second.versions[0].message == "try 1"
    second.annotate(1, tags="base", message="renamed")
    assert first.versions[0].tags == ("base",)
    assert first.versions[0].message == "renamed"
    assert opened().version(1).tags == ("base",)


def test_an_unknown_version_cannot_be_noted(session: Session) -> None:
    several(session, 1)
    with pytest.raises(UnknownVersion):
        session.annotate(7, note="x")


def test_children_of_a_deleted_version_move_up(session: Session) -> None:
    several(session, 3)
    session.checkout(2)
    session.declare(slow("rows = 40"), ["rows"])
    session.run()
    assert [version.parent for version in session.versions] == [None, 1, 2, 2]
    session.delete_versions(2)
    assert [(version.id, version.parent) for version in session.versions] == [(1, None), (3, 1), (4, 1)]
    session.delete_versions(1, 3)
    assert [(version.id, version.parent) for version in session.versions] == [(4, None)]
    assert session.diff().nodes == {}


def test_numbers_of_deleted_versions_do_not_come_again(session: Session) -> None:
    several(session, 3)
    session.checkout(1)
    session.delete_versions(2, 3)
    session.declare(slow("rows = 9"), ["rows"])
    assert session.run().id == 4


def test_the_current_version_cannot_be_deleted(session: Session) -> None:
    several(session, 2)
    with pytest.raises(VersionInUse):
        session.delete_versions(1, 2)
    with pytest.raises(UnknownVersion):
        session.delete_versions(1, 8)
    assert [version.id for version in session.versions] == [1, 2]


def test_values_of_a_deleted_version_stay_until_gc(session: Session) -> None:
    several(session, 2)
    session.flush()
    digest = session.version(1).nodes["rows"].outputs[0].digest
    session.delete_versions(1)
    assert session.store.has([digest])
    session.gc()
    assert not session.store.has([digest])
    assert session.store.has([session.version(2).nodes["rows"].outputs[0].digest])


def test_a_result_of_a_deleted_version_may_still_be_reused(session: Session) -> None:
    several(session, 2)
    session.delete_versions(1)
    session.declare(slow("rows = 1"), ["rows"])
    assert ran(session.run()) == {"rows": "load"}


def test_gc_moves_children_up_as_well(session: Session) -> None:
    several(session, 4)
    session.gc(keep_last=2)
    assert [(version.id, version.parent) for version in session.versions] == [(3, None), (4, 3)]


def test_another_kernel_sees_the_new_parents(opened: Opener) -> None:
    first, second = opened(), opened()
    several(first, 3)
    assert [version.parent for version in second.versions] == [None, 1, 2]
    first.delete_versions(2)
    assert [version.parent for version in second.versions] == [None, 1]
    declare_chain(second)
    assert second.run().parent is None  # it was opened before there was any version


def test_metrics_go_the_way_that_is_declared(session: Session) -> None:
    code = "scores = {{'surprise': {}, 'gain': {}, 'accuracy': 0.5, 'plain': {}}}"
    session.declare(code.format(2.0, 1.0, 1.0), ["scores"], metrics=True, lower=["surprise", "gain"])
    first = session.run()
    assert dict(first.directions) == {"surprise": "lower", "gain": "lower"}
    session.declare(code.format(1.0, 3.0, 2.0), ["scores"], metrics=True, lower="surprise", higher="plain")
    session.run()
    metrics = session.diff(1, 2).metrics
    assert metrics["surprise"].better is True
    assert metrics["plain"].better is True
    # the later version no longer says it of gain, the earlier one did
    assert metrics["gain"].better is False
    assert versions_document(session.versions)["metrics"] == [
        {"name": "surprise", "direction": "lower"},
        {"name": "gain", "direction": "lower"},
        {"name": "accuracy", "direction": "higher"},
        {"name": "plain", "direction": "higher"},
    ]


def test_saying_a_direction_computes_nothing_and_is_no_edit(session: Session) -> None:
    session.declare(slow("scores = {'surprise': 2.0}"), ["scores"], metrics=True)
    session.run()
    session.declare(slow("scores = {'surprise': 2.0}"), ["scores"], metrics=True, lower="surprise")
    version = session.run()
    assert ran(version) == {"scores": "load"}
    assert session.diff(1, 2).all_nodes["scores"].change is Change.SAME
    session.checkout(2)
    assert session.declarations["scores"].lower == ("surprise",)


def test_a_function_declares_directions_as_well(session: Session) -> None:
    @session.node(metrics=True, higher="spread")
    def scores():  # type: ignore[no-untyped-def]
        return {"spread": 2.0}

    assert dict(session.run().directions) == {"spread": "higher"}


def test_a_direction_of_no_metric_is_told_with_the_nearest_name(session: Session, told: list[str]) -> None:
    given = "scores = {'spread': 1.0, 'regret': 2.0}"
    session.declare(given, ["scores"], metrics=True, lower=["sprad", "regret"], higher="zz")
    session.declare("other = {'spread': 3.0}", ["other"], metrics=True, lower="other.spread")
    session.declare("plain = 1", ["plain"], lower="plain")
    session.declare("nothing = None", ["nothing"], metrics=True, lower="spread")
    assert session.run().directions["regret"] == "lower"
    assert told == [
        "Node 'scores': --lower sprad is none of its metrics. Did you mean 'spread'?",
        "Node 'scores': --higher zz is none of its metrics. It gives spread, regret.",
        "Node 'plain': --lower plain tells nothing without --metrics.",
    ]


def test_a_number_is_a_metric_of_its_own_name(session: Session, told: list[str]) -> None:
    session.declare("accuracy = 0.5", ["accuracy"], metrics=True)
    session.declare("low, high, text = np.float32(2), 3, 'so'", ["low", "high", "text"], metrics=True)
    define(session.namespace, "import numpy as np")
    assert session.run().metrics == {"accuracy": 0.5, "low": 2.0, "high": 3.0}
    assert told == ["Node 'low': text is no number; left out."]
    session.declare("accuracy = 0.75", ["accuracy"], metrics=True)
    session.run()
    assert session.diff().metrics["accuracy"].better is True


def test_metrics_that_are_neither_numbers_nor_have_names_say_what_to_write(session: Session, told: list[str]) -> None:
    session.declare("folds = [0.5, 0.75]", ["folds"], metrics=True)
    assert session.run().metrics == {}
    assert told == [
        "Node 'folds' is declared with --metrics, but 'folds' is a list: "
        "make it a number, or numbers by name such as {'folds': 0.5}."
    ]


def test_metrics_whose_values_are_gone_are_those_of_their_own_node(opened: Opener) -> None:
    def run(targets: list[str] | None, right: str) -> Version:
        session = opened(policy="none")
        session.declare("left = {'spread': 1.0, 'a': 2.0}", ["left"], metrics=True)
        session.declare(right, ["right"], metrics=True)
        session.declare("other = 4", ["other"])
        version = session.run(targets)
        session.close()
        return version

    first = run(None, "right = {'spread': 3.0, 'b': 4.0}")
    assert first.metrics == {"left.spread": 1.0, "a": 2.0, "right.spread": 3.0, "b": 4.0}
    again = run(["other"], "right = {'spread': 3.0, 'b': 4.0}")
    assert (computed(again), again.metrics) == (["other"], first.metrics)
    edited = run(["other", "right"], "right = {'c': 5.0}")
    assert computed(edited) == ["right", "other"]
    assert edited.metrics == {"spread": 1.0, "a": 2.0, "c": 5.0}


def test_metrics_of_two_nodes_that_share_a_name(session: Session) -> None:
    session.declare("left = {'spread': 1.0}", ["left"], metrics=True, lower="spread")
    session.declare("right = {'spread': 2.0}", ["right"], metrics=True, higher="spread")
    assert dict(session.run().directions) == {"left.spread": "lower", "right.spread": "higher"}


def test_collecting_keeps_the_current_version_and_those_that_somebody_spoke_of(session: Session) -> None:
    several(session, 5)
    session.annotate(2, tags="paper")
    session.annotate(3, note="look again")
    session.checkout(1)
    assert session.gc(dry_run=True, keep_last=1).versions == {"main": (4,)}
    session.gc(keep_last=1)
    assert [version.id for version in session.versions] == [1, 2, 3, 5]
    assert session.diff().before.id == 1
    session["rows"]
