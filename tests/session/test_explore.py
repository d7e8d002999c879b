"""What-ifs of a session: they change nothing, come true when they are applied, and can be taken back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from session_helpers import computed, declare_chain, ran, slow

from helix_jupyter import Session, State
from helix_jupyter.errors import ConfigError, HelixError, UnknownNode, UnknownOption
from helix_jupyter.session.explore_pane import explore_pane
from helix_jupyter.view.packing import pack

Opener = Callable[..., Session]
NODES = ("rows", "total", "doubled", "shown", "other")


def declare_all(session: Session, rows: str = "rows = list(range(3000))") -> None:
    declare_chain(session, rows)
    session.declare(slow("shown = [total] * 2000"), ["shown"])
    session.declare(slow("other = list(range(9000))"), ["other"])


def state_of(session: Session) -> tuple[Any, ...]:
    """All that a what-if must leave alone."""
    store = session.store
    tables = ("artifacts", "results", "versions", "pins", "never_stored", "evictions", "workflows", "aliases")
    rows = tuple(tuple(store._database.rows(f"SELECT * FROM {table}")) for table in tables)
    return (rows, session.settings.all(), dict(session.declarations), session._bench.memory.identities, store.budget)


nodes = st.lists(st.sampled_from(NODES), max_size=2, unique=True)
questions = st.fixed_dictionaries(
    {},
    optional={
        "targets": nodes,
        "force": nodes,
        "pin": nodes,
        "drop": nodes,
        "budget": st.sampled_from([0, 5_000, 30_000, "1GB"]),
        "policy": st.sampled_from(["adaptive", "helix", "all", "none"]),
    },
)
EXAMPLES = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@EXAMPLES
@given(question=questions, edited=st.booleans(), restarted=st.booleans())
def test_a_what_if_changes_nothing_and_comes_true_when_it_is_applied(
    tmp_path_factory: pytest.TempPathFactory, question: dict[str, Any], edited: bool, restarted: bool
) -> None:
    folder = tmp_path_factory.mktemp("project")
    session = Session(".helix", folder=folder, policy="all")
    declare_all(session)
    session.run()
    session.flush()
    if restarted:
        session.close()
        session = Session(".helix", folder=folder, policy="all")
        declare_all(session)
    if edited:
        declare_all(session, "rows = list(range(3001))")
    with session:
        before = state_of(session)
        assert session.explore().explored.plan == session.plan()
        answer = session.explore(**question)
        assert answer.actual.plan == session.plan()
        assert state_of(session) == before
        if answer.problem:
            with pytest.raises(HelixError):
                session.apply(answer)
            assert state_of(session) == before
            return
        applied = session.apply(answer)
        # what is deleted is told in the past tense by then
        foreseen = replace(answer.explored.plan, reasons={})
        assert replace(session.plan(**applied.run), reasons={}) == foreseen
        if applied.targets is None or applied.targets:
            version = session.run(**applied.run)
            assert ran(version) == {node: str(state) for node, state in answer.explored.plan.states.items()}
        session.flush()
        assert session.store.used_bytes <= session.store.budget
        session.undo()
        assert session.settings.all() == before[1]
        assert list(session.declarations) == list(before[2])
        assert session.store.pins("main") == set()
        assert session.store.budget == before[4]
        assert session.run().status == "done"


def test_a_lower_budget_names_what_goes_and_the_plan_shows_it(opened: Opener) -> None:
    session = opened(memory="1")
    declare_all(session)
    session.run()
    session.flush()
    answer = session.explore(["shown"], budget=0)
    assert {gone.node for gone in answer.explored.gone_before} == set(NODES)
    assert answer.explored.plan.states["shown"] is State.COMPUTE
    applied = session.apply(answer)
    assert set(applied.lost) == set(NODES)
    assert session.store.used_bytes == 0
    assert set(session.undo()) == set(NODES)  # memory had no room for them
    assert session.store.budget > 0


def test_a_node_whose_picture_is_gone_is_computed_in_a_what_if_too(opened: Opener) -> None:
    session = opened(memory="1kB")
    session.declare(slow("print('shown ' * 200)\n7"), ["picture"], name="picture")
    console = session.run().nodes["picture"].console
    session.flush()
    assert session.explore().explored.plan.states["picture"] is State.LOAD
    session.store.evict([console], "evicted for other (budget)")
    answer = session.explore().explored.plan
    assert answer.states["picture"] is State.COMPUTE
    assert answer == session.plan()


def test_undoing_brings_values_back_that_memory_holds(session: Session) -> None:
    declare_all(session)
    session.run()
    session.flush()
    session.apply(session.explore(budget=0))
    assert session.store.used_bytes == 0
    assert session.undo() == ()
    session.flush()
    assert {fact.node for fact in session.store.artifacts().values()} == set(NODES)


def test_what_cannot_be_taken_back_is_told_of_earlier_versions_too(opened: Opener) -> None:
    session = opened(memory="1")
    declare_all(session)
    session.run()
    declare_all(session, "rows = [1, 2]")
    session.run()
    session.flush()
    applied = session.apply(session.explore(budget=0))
    earlier = [one.node for one in applied.gone if not one.current]
    assert "rows" in earlier
    for_good = applied.gone_for_good(session.undo())
    assert sum(one.bytes for one in for_good) == sum(one.bytes for one in applied.gone)
    assert [one.node for one in applied.gone_for_good(())] == earlier


def test_what_a_widget_of_two_hundred_nodes_adds_to_a_saved_notebook(session: Session) -> None:
    for number in range(200):
        reads = [f"step_{place}" for place in sorted({number - 1, number - 4}) if place >= 0]
        session.declare(f"step_{number} = {' + '.join(reads) or '1'} + {number}", [f"step_{number}"])
    session.run()
    session.declare("step_60 = 7", ["step_60"])
    pane = explore_pane(session, session.explore(pin=["step_3"]).what_if)
    carried = pack(pane.document)
    assert len(json.dumps(carried)) < 130_000 < 0.6 * len(json.dumps(pane.document))


def test_dropping_takes_dependants_along_and_undo_puts_them_in_their_places(session: Session) -> None:
    declare_all(session)
    session.run()
    places = list(session.declarations)
    answer = session.explore(drop=["total"])
    assert answer.dropped == ("total", "doubled", "shown")
    session.apply(answer)
    assert list(session.graph.order) == ["rows", "other"]
    assert "total" not in session.namespace
    session.undo()
    assert list(session.declarations) == places
    assert computed(session.run()) == []
    assert session["doubled"] == 2 * sum(range(3000))


def test_pins_and_never_are_applied_and_taken_back(session: Session) -> None:
    declare_all(session)
    session.never_store("other")
    session.pin("rows")
    session.run()
    answer = session.explore(pin=["other"], never=["rows"], unpin=["total"])
    assert (answer.explored.pinned, answer.explored.never) == ({"other"}, {"rows"})
    applied = session.apply(answer)
    session.flush()
    assert session.store.pins("main") == {"other"}
    assert session.store.never_stored("main") == {"rows"}
    assert {fact.node for fact in session.store.artifacts().values()} == set(NODES) - {"rows"}
    session.undo(applied)
    assert session.store.pins("main") == {"rows"}
    assert session.store.never_stored("main") == {"other"}


def test_forced_nodes_and_targets_are_what_the_next_run_is_given(session: Session) -> None:
    declare_all(session)
    session.run()
    applied = session.apply(session.explore("doubled", force=["total"]))
    assert applied.run == {"targets": ("doubled",), "force": ("total",)}
    assert computed(session.run(**applied.run)) == ["total"]


def test_an_answer_that_is_out_of_date_is_not_applied(session: Session) -> None:
    declare_all(session)
    session.run()
    answer = session.explore(pin=["rows"])
    declare_all(session, "rows = [1]")
    with pytest.raises(HelixError, match="Explore again"):
        session.apply(answer)
    assert session.store.pins("main") == set()


def test_one_look_answers_many_questions(session: Session) -> None:
    declare_all(session)
    session.run()
    look = session.explorer()
    for question in ({"budget": 0}, {"policy": "helix"}, {"drop": ["rows"]}, {}):
        assert session.explore(**question, explorer=look) == session.explore(**question)


@pytest.mark.parametrize(
    ("question", "error", "words"),
    [
        ({"pin": ["totl"]}, UnknownNode, "Did you mean 'total'"),
        ({"drop": ["nothing like it"]}, UnknownNode, "Declared"),
        ({"budget": "much"}, ConfigError, "is no size"),
        ({"policy": "greedy"}, ConfigError, "say one of"),
        ({"pin": ["rows"], "never": ["rows"]}, UnknownOption, "both pin and never"),
    ],
    ids=["misspelt", "unknown", "budget", "policy", "contradiction"],
)
def test_what_does_not_fit_is_one_line(session: Session, question: dict[str, Any], error: type, words: str) -> None:
    declare_all(session)
    with pytest.raises(error, match=words) as problem:
        session.explore(**question)
    assert "\n" not in str(problem.value)


def test_nothing_to_undo_is_said(session: Session) -> None:
    with pytest.raises(HelixError, match="nothing to take back"):
        session.undo()


def test_an_empty_workflow_can_be_explored(session: Session, folder: Path) -> None:
    answer = session.explore(budget="1GB")
    assert answer.explored.plan == session.plan()
    assert answer.curve == ()


def test_a_pin_that_is_applied_is_held_to_the_new_budget(opened: Opener) -> None:
    session = opened(policy="none")
    declare_all(session)
    session.run()
    answer = session.explore(pin=["other"], budget=5)
    applied = session.apply(answer)
    session.flush()
    assert session.store.used_bytes == answer.explored.used == 0
    session.undo(applied)
    session.apply(session.explore(pin=["other"]))
    session.flush()
    assert {fact.node for fact in session.store.artifacts().values()} == {"other"}
