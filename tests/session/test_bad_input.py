"""Bad input: a clear error of one line first, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from session_helpers import computed, declare_chain

from helix_jupyter import Session, State
from helix_jupyter.errors import (
    CellSyntaxError,
    CycleError,
    HelixError,
    NodeFailed,
    UnknownName,
    UnknownNode,
    UnknownOption,
)

Opener = Callable[..., Session]


@pytest.mark.parametrize(
    ("code", "line"),
    [("x = (", 1), ("y = 1\nx = = 2", 2), ("if True:\nx = 1", 2), ("return 1", 1), ("x = 1\n\tx = 2", 2), ("'", 1)],
)
def test_a_syntax_error_names_its_line_and_declares_nothing(session: Session, code: str, line: int) -> None:
    declare_chain(session)
    with pytest.raises(CellSyntaxError) as problem:
        session.declare(code, ["x"])
    assert problem.value.line == line
    assert isinstance(problem.value, SyntaxError)
    assert "\n" not in str(problem.value)
    assert list(session.declarations) == ["rows", "total", "doubled"]


def test_a_syntax_error_in_an_edit_keeps_the_node_as_it_was(session: Session) -> None:
    declare_chain(session)
    session.run()
    with pytest.raises(CellSyntaxError):
        session.declare("rows = [", ["rows"])
    assert computed(session.run()) == []


@pytest.mark.parametrize(
    ("code", "missing", "hint"),
    [
        ("value = totl + 1", "totl", "total"),
        ("value = pandsa.DataFrame()", "pandsa", None),
        ("value = prnit(total)", "prnit", None),
        ("value = [totl for _ in range(3)]", "totl", "total"),
        ("value = (lambda: 1)() + helpr(2)", "helpr", "helper"),
    ],
)
def test_a_name_that_nothing_defines(session: Session, code: str, missing: str, hint: str | None) -> None:
    declare_chain(session)
    session.namespace["helper"] = len
    session.declare(code, ["value"])
    with pytest.raises(UnknownName) as problem:
        session.run()
    assert problem.value.missing == missing
    assert "'value'" in str(problem.value)
    assert "\n" not in str(problem.value)
    if hint:
        assert f"Did you mean '{hint}'" in str(problem.value)
    assert len(session.versions) == 0


def test_a_temporary_of_a_node_is_no_output_and_the_message_says_so(session: Session) -> None:
    session.declare("train = [1, 2]\nsplit = 0", name="split")
    session.declare("model = len(train)", ["model"])
    with pytest.raises(UnknownName, match=r"Node 'split' assigns it and keeps it to itself: name it on that cell"):
        session.run()


def test_a_missing_name_elsewhere_does_not_stop_other_targets(session: Session) -> None:
    declare_chain(session)
    session.declare("broken = nothing", ["broken"])
    assert session.run(["doubled"]).status == "done"
    reasons = {row.node: row.reason for row in session.status().rows}
    assert reasons["broken"] == "it reads `nothing`, which nothing defines"
    assert session.why("doubled").state is State.LOAD


def test_a_name_that_is_only_perhaps_read_may_be_missing(session: Session) -> None:
    session.declare("try:\n    value = undefined_thing\nexcept NameError:\n    value = 1", ["value"])
    session.run()
    assert session["value"] == 1


def test_a_cycle_is_named_and_the_graph_keeps_its_last_good_state(session: Session) -> None:
    declare_chain(session)
    session.run()
    with pytest.raises(CycleError) as problem:
        session.declare("rows = [doubled]", ["rows"])
    message = str(problem.value)
    for name in ("rows", "total", "doubled", " -> "):
        assert name in message
    assert "\n" not in message
    assert computed(session.run()) == []
    assert session["doubled"] == 12


@pytest.mark.parametrize("given_before", [False, True])
def test_a_cycle_through_a_helper_is_named(given_before: bool, session: Session) -> None:
    from session_helpers import define

    define(session.namespace, "def helper():\n    return b")
    if given_before:
        session.namespace["b"] = 1
    session.declare("a = helper()", ["a"])
    with pytest.raises(CycleError, match=r"Cycle: (a -> b -> a|b -> a -> b)"):
        session.declare("b = a", ["b"])
    assert list(session.declarations) == ["a"]
    session.declare("b = 3", ["b"])
    session.run()
    assert session["a"] == 3


def test_a_helper_that_comes_to_close_a_cycle(session: Session) -> None:
    from session_helpers import define

    define(session.namespace, "def helper():\n    return 1")
    session.declare("a = helper()", ["a"])
    session.declare("b = a", ["b"])
    session.run()
    define(session.namespace, "def helper():\n    return b")
    with pytest.raises(CycleError):
        session.run()
    define(session.namespace, "def helper():\n    return 2")
    session.run()
    assert session["b"] == 2


@pytest.mark.parametrize("verb", ["run", "plan"])
def test_an_unknown_target_gives_the_nearest(session: Session, verb: str) -> None:
    declare_chain(session)
    with pytest.raises(UnknownNode, match="Did you mean 'total'") as problem:
        getattr(session, verb)(["totals"])
    assert isinstance(problem.value, KeyError)
    assert "\n" not in str(problem.value)


def test_an_unknown_name_by_index(session: Session) -> None:
    declare_chain(session)
    with pytest.raises(KeyError, match="totals"):
        session["totals"]


@pytest.mark.parametrize(
    "outputs",
    [[], ["1x"], ["a b"], ["class"], [""], ["a.b"], ["x", "x"]],
    ids=["none", "digit", "space", "keyword", "empty", "dot", "twice"],
)
def test_outputs_must_be_names(session: Session, outputs: list[str]) -> None:
    with pytest.raises(HelixError) as problem:
        session.declare("x = 1", outputs)
    assert "\n" not in str(problem.value)
    assert list(session.declarations) == []


def test_an_unknown_option_of_a_declaration(session: Session) -> None:
    with pytest.raises(TypeError):
        session.declare("x = 1", ["x"], watched=["a"])  # type: ignore[call-arg]

    def x():  # type: ignore[no-untyped-def]
        return 1

    with pytest.raises((UnknownOption, TypeError)) as problem:
        session.node(x, watched=["a"])
    assert "watched" in str(problem.value)


@pytest.mark.parametrize("code", ["", "# nothing", "\n\n", "pass"])
def test_an_empty_cell(session: Session, code: str) -> None:
    session.declare(code, ["value"])
    session.run()
    assert session["value"] is None


@pytest.mark.parametrize("jobs", [0, -1, "many"])
def test_jobs_that_make_no_sense(session: Session, jobs: object) -> None:
    session.declare("value = 1", ["value"])
    with pytest.raises(HelixError):
        session.run(jobs=jobs)  # type: ignore[arg-type]


def test_a_file_in_place_of_the_config(opened: Opener, folder) -> None:  # type: ignore[no-untyped-def]
    (folder / ".helix").mkdir()
    (folder / ".helix" / "config.toml").write_text("budget = [")
    with pytest.raises(HelixError, match=r"config\.toml") as problem:
        opened()
    assert "\n" not in str(problem.value)


def test_an_error_with_a_long_message_gives_one_line_first(session: Session) -> None:
    session.declare("raise ValueError('first\\nsecond')", ["value"])
    with pytest.raises(NodeFailed) as failure:
        session.run()
    assert str(failure.value).endswith("ValueError: first")


def test_names_that_are_builtins_may_be_outputs(session: Session) -> None:
    session.declare("input = 3", ["input"])
    session.declare("value = input + 1", ["value"])
    session.run()
    assert session["value"] == 4


def test_a_target_given_twice_counts_once(session: Session) -> None:
    declare_chain(session)
    assert session.run(["total", "total"]).targets == ("total",)


def test_a_closed_session_may_be_closed_again(opened: Opener) -> None:
    session = opened()
    session.declare("value = 1", ["value"])
    session.run()
    session.close()
    session.close()


def test_a_session_is_a_context(opened: Opener) -> None:
    with opened() as session:
        session.declare("value = 1", ["value"])
        session.run()
    with opened() as session:
        assert len(session.versions) == 1
