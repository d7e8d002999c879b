"""The notebook's names: what a plain cell sees before it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from session_helpers import define, slow

from helix_jupyter import Session
from helix_jupyter.errors import UnknownName


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


# names that the notebook and the nodes give two meanings

REPLACED = "the notebook's own value of 'row' is replaced by the node's when it has run"


def test_a_value_that_a_node_will_replace_is_told_on_its_card(session: Session, told: list[str]) -> None:
    session.namespace["row"] = 3
    card = session.declare(slow("row = [1]"), ["row"])
    assert card.note == REPLACED
    assert str(card).endswith(f" | {REPLACED}")
    assert session.namespace["row"] == 3
    session.run()
    assert session.namespace["row"] == [1]
    assert told == []  # the card has said it
    assert session.declare(slow("row = [2]"), ["row"]).note == ""


def test_a_value_that_a_run_replaces_is_told(session: Session, told: list[str]) -> None:
    session.declare(slow("row = [1]"), ["row"])
    session.declare("more = len(row)", ["more"])
    session.run()
    session.namespace["row"] = [1]  # an equal value is no loss
    session.run()
    assert told == []
    session.namespace["row"] = 3
    session.run(["more"])
    assert session.namespace["more"] == 1
    session.run(["row"])
    assert session.namespace["row"] == [1]
    assert told == ["the notebook's own value of 'row' was replaced by that of node 'row'"]


def test_what_nobody_asked_for_replaces_nothing(session: Session) -> None:
    """A plain cell reads a cheap node's value, which is made again; the name above is the user's by now."""
    session.config(policy="none", memory="0")
    session.declare("row = [1]", ["row"])
    session.declare("more = len(row)", ["more"])
    session.run()
    session.namespace.pop("more")
    session.namespace["row"] = 3
    assert session.prepare_names(["more", "row"]) == ()
    assert (session.namespace["more"], session.namespace["row"]) == (1, 3)


def test_a_decorated_function_gives_way_to_its_value_without_a_word(session: Session, told: list[str]) -> None:
    space = session.namespace
    space["session"] = session
    for number in (1, 2):
        define(space, f"@session.node\ndef row():\n    return [{number}]")
        assert callable(space["row"])
        session.run()
        assert space["row"] == [number]
    assert told == []


def test_what_a_user_replaced_is_not_kept_alive(session: Session) -> None:
    import weakref

    class Large(list[int]):
        pass

    session.namespace["row"] = Large()
    gone = weakref.ref(session.namespace["row"])
    session.declare(slow("row = [1]"), ["row"])
    session.run()
    assert gone() is None


@pytest.mark.parametrize("value", [None, 3])
def test_a_node_is_read_by_its_outputs(session: Session, value: Any) -> None:
    session.declare("x, y = 1, 2", ["x", "y"], name="rows")
    if value is not None:
        session.namespace["rows"] = value
        card = session.declare("n = rows + 1", ["n"])
        assert card.note == "it reads the notebook's own 'rows': node 'rows' gives x, y"
        session.run()
        assert session["n"] == 4
        return
    session.declare("n = rows + 1", ["n"])
    with pytest.raises(
        UnknownName, match=r"'rows', which nothing defines\. The node of this name gives x, y: read that"
    ):
        session.run()


def test_of_a_name_that_no_cell_has_made_yet_it_is_said_to_run_that_cell(session: Session) -> None:
    session.declare("n = time.time()", ["n"])
    with pytest.raises(UnknownName, match="Run the cell that defines it"):
        session.run()


def test_the_head_of_the_wave_is_named(session: Session) -> None:
    for node, code in {"a": "a = 1", "b": "b = a + 1", "c": "c = b + 1"}.items():
        session.declare(code, [node])
    session.run()
    session.declare("a = 5", ["a"])
    reasons = session.plan().reasons
    assert reasons["a"] == "line 1 changed: a=1 -> a=5"
    assert reasons["b"] == "its input `a` will be made anew"
    assert reasons["c"] == "its input `b` will be made anew, because of `a`"


def test_a_node_that_waits_says_nothing_of_the_types_it_does_not_know_yet(session: Session) -> None:
    session.declare("import numpy as np\na = np.arange(3)", ["a"])
    session.declare("b = a.sum()", ["b"])
    session.run()
    session.declare("import numpy as np\na = np.arange(4)", ["a"])
    assert session.why("b").reasons == (
        "its input `a` will be made anew",
        "`a`: line 2 changed: a = np.arange(3) -> a = np.arange(4)",
    )


def test_a_run_brings_the_values_that_the_cell_around_it_reads(opened: Callable[..., Session]) -> None:
    for _ in range(2):
        session = opened()
        session.declare("import time\ntime.sleep(0.1)\nrows = ['node']", ["rows"])
        session.declare(slow("total = len(rows)"), ["total"])
        session.never_store("rows")
        session.pin("total")
        session.prepare_names(["rows"])
        states = session.run().states
        assert session.namespace["rows"] == ["node"]
        session.close()
    assert {node: state.value for node, state in states.items()} == {"rows": "compute", "total": "load"}


def test_a_node_that_only_shows_something_is_reused_only_if_that_can_be_shown(
    opened: Callable[..., Session], capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        session = opened()
        session.declare(slow("print('kept')"), name="one")
        session.declare(slow("print('not kept')"), name="other")
        session.pin("one")
        session.never_store("other")
        capsys.readouterr()
        states = session.run().states
        assert capsys.readouterr().out.split("\n")[:2] == ["kept", "not kept"]
        session.close()
    # both have the value None, which is stored
    assert {node: state.value for node, state in states.items()} == {"one": "load", "other": "compute"}


def test_once_shows_nothing_twice(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    session.declare("print('one')", name="one")
    session.run()
    session.declare("print('other')", name="other")
    capsys.readouterr()
    session.run(once=True)
    assert capsys.readouterr().out == "other\n"
    session.run(once=True)
    assert capsys.readouterr().out == ""
    session.run()
    assert capsys.readouterr().out == "one\nother\n"
