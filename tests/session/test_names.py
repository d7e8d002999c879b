"""The notebook's names: what a plain cell sees before it runs."""

from __future__ import annotations

from collections.abc import Callable

from session_helpers import slow

from helix_jupyter import Session


def test_a_value_too_cheap_to_store_is_there_after_a_restart(opened: Callable[..., Session]) -> None:
    first = opened(policy="adaptive")
    first.declare("cheap = 1 + 1", ["cheap"])
    first.run()
    first.close()
    second = opened()
    second.declare("cheap = 1 + 1", ["cheap"])
    assert second.prepare_names(["cheap"]) == ()
    assert second.namespace["cheap"] == 2
    assert len(second.versions) == 1


def test_an_edited_value_is_not_computed_unasked_however_cheap(session: Session) -> None:
    session.declare("cheap = 1 + 1", ["cheap"])
    session.run()
    session.declare("cheap = 1 + 2", ["cheap"])
    [line] = session.prepare_names(["cheap"])
    assert line.startswith("'cheap' is not up to date: %helix run cheap computes it (1 node")
    assert "cheap" not in session.namespace


def test_what_stood_under_a_name_before_its_node_is_not_meant_any_more(session: Session) -> None:
    session.namespace["rows"] = ["old"]
    session.declare(slow("rows = ['node']"), ["rows"])
    session.declare("total = len(rows)", ["total"])
    session.run()
    session.namespace["rows"] = ["old again"]
    session.prepare_names(["rows"])
    assert session.namespace["rows"] == ["old again"]  # given after the node's: the user's own
    session.run()
    assert session.namespace["rows"] == ["node"]


def test_a_name_from_before_is_replaced_when_its_node_is_stored(opened: Callable[..., Session]) -> None:
    first = opened(policy="adaptive")
    first.declare(slow("rows = ['node']"), ["rows"])
    first.run()
    first.close()
    second = opened()
    second.namespace["rows"] = ["old"]
    second.declare(slow("rows = ['node']"), ["rows"])
    second.prepare_names(["rows"])
    assert second.namespace["rows"] == ["node"]


def test_the_head_of_the_wave_is_named(session: Session) -> None:
    for node, code in {"a": "a = 1", "b": "b = a + 1", "c": "c = b + 1"}.items():
        session.declare(code, [node])
    session.run()
    session.declare("a = 5", ["a"])
    reasons = session.plan().reasons
    assert reasons["a"] == "line 1 changed: a=1 -> a=5"
    assert reasons["b"] == "its input `a` will be made anew"
    assert reasons["c"] == "its input `b` will be made anew, since `a` will"


def test_a_node_that_waits_says_nothing_of_the_types_it_does_not_know_yet(session: Session) -> None:
    session.declare("import numpy as np\na = np.arange(3)", ["a"])
    session.declare("b = a.sum()", ["b"])
    session.run()
    session.declare("import numpy as np\na = np.arange(4)", ["a"])
    assert session.why("b").reasons == ("its input `a` will be made anew",)
