"""What the notebook sees of nodes: values bound by runs, taken away when stale, found by plain cells."""

from __future__ import annotations

from collections.abc import Callable

from session_helpers import computed, declare_chain, ran, slow

from helix_jupyter import Session

Opener = Callable[..., Session]
TAKEN_BACK = (
    "what a plain cell changed in 'rows' is taken back: put --update on the cell to make it part of the workflow"
)


def test_a_name_nothing_reads_any_more_frees_the_old_binding(session: Session) -> None:
    session.declare("a, b = 1, 2", ["a", "b"], name="pair")
    session.run()
    session.declare("a = 1", ["a"], name="pair")
    session.run()
    assert "b" not in session.namespace


def test_a_stale_value_loses_its_binding(session: Session) -> None:
    declare_chain(session)
    session.run()
    session.declare("rows = [5]", ["rows"])
    assert "doubled" not in session.namespace


def test_a_run_of_one_target_unbinds_what_is_stale(session: Session) -> None:
    session.declare("rows = [k]", ["rows"])
    session.declare("one = rows[0] + 1", ["one"])
    session.declare("two = rows[0] + 2", ["two"])
    session.namespace["k"] = 1
    session.run()
    assert (session.namespace["one"], session.namespace["two"]) == (2, 3)
    session.namespace["k"] = 10
    session.run(["one"])
    assert session.namespace["one"] == 11
    assert "two" not in session.namespace


def test_a_name_the_user_rebinds_is_theirs_until_the_next_run(session: Session) -> None:
    declare_chain(session)
    session.run()
    session.namespace["doubled"] = "mine"
    session.declare("total = 100", ["total"])
    assert session.namespace["doubled"] == "mine"
    session.run()
    assert session.namespace["doubled"] == 200


def test_a_rebound_name_never_reaches_a_node(session: Session) -> None:
    declare_chain(session)
    session.run()
    session.get("total")
    session.namespace["total"] = 1_000
    session.declare(slow("doubled = total * 3"), ["doubled"])
    session.run()
    assert session["doubled"] == 18


def test_removal_takes_the_node_and_its_binding(session: Session) -> None:
    declare_chain(session)
    session.run()
    session.remove("doubled")
    assert "doubled" not in session.declarations
    assert "doubled" not in session.namespace
    assert ran(session.run()) == {"rows": "prune", "total": "load"}


def test_what_rests_on_a_removed_node_loses_its_binding(session: Session) -> None:
    declare_chain(session)
    session.run()
    session.remove("rows")
    assert "doubled" not in session.namespace


def test_the_session_gives_values_by_name(session: Session) -> None:
    declare_chain(session)
    assert session["total"] == 6
    assert session.get("rows", "doubled") == ([1, 2, 3], 12)


def test_a_plain_cell_finds_current_values(session: Session) -> None:
    declare_chain(session)
    session.run()
    session.namespace.pop("rows", None)
    assert session.prepare_names(["rows", "print"]) == ()
    assert session.namespace["rows"] == [1, 2, 3]


def test_what_was_asked_for_once_is_no_target_of_later_runs(session: Session) -> None:
    declare_chain(session)
    assert session["total"] == 6
    session.declare(slow("rows = [4, 5, 6]"), ["rows"])
    session.remove("doubled")
    session.remove("total")
    assert computed(session.run()) == ["rows"]


def test_a_cell_may_remove_what_it_reads_and_run(session: Session) -> None:
    declare_chain(session)
    session.run()
    session.prepare_names(["doubled"])
    session.remove("doubled")
    assert session.run().status == "done"


def test_a_plain_cell_is_told_what_a_missing_value_takes(session: Session) -> None:
    declare_chain(session)
    (line,) = session.prepare_names(["total"])
    assert "'total'" in line
    assert "%helix run total" in line
    assert "total" not in session.namespace


def test_a_run_takes_back_what_a_plain_cell_changed_in_place(session: Session, told: list[str]) -> None:
    """The node is no target and its value is only stored by then: nothing bound it anew."""
    session.declare(slow("rows = [1, 2]"), ["rows"])
    session.declare(slow("total = sum(rows)"), ["total"])
    session.run()
    session.namespace["rows"].append(3)
    assert computed(session.run()) == []
    session.prepare_names(["rows"])
    assert session.namespace["rows"] == [1, 2]
    session.namespace["rows"].append(3)
    session.run()
    assert told == [TAKEN_BACK, TAKEN_BACK]
    session.namespace["rows"] = [7]
    session.run()
    assert session.namespace["rows"] == [1, 2]
    assert told[2:] == ["the notebook's own value of 'rows' was replaced by that of node 'rows'"]


def test_a_value_of_the_users_own_stays_where_the_nodes_is_nowhere(session: Session, told: list[str]) -> None:
    session.config(policy="none", memory="0")
    session.declare(slow("rows = [1, 2]"), ["rows"])
    session.declare("total = sum(rows)", ["total"])
    session.run()
    session.namespace["rows"] = [7]
    session.pin("total")
    session.run()
    told.clear()
    session.namespace["rows"] = [7]
    assert computed(session.run()) == []
    assert session.namespace["rows"] == [7]
    assert told == ["'rows' is the notebook's own value still: that of node 'rows' is not stored"]
