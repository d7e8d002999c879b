"""``@session.node``: the same nodes, keys included, as cells."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable

import pytest
from session_helpers import computed, define, slow

from helix_jupyter import Session
from helix_jupyter.errors import HelixError, NodeFailed, UnknownOption

Opener = Callable[..., Session]

FACTOR = 3


def triple(x: int) -> int:
    return x * FACTOR


def test_pylance_6889_a_function_and_a_cell_have_one_key(opened: Opener) -> None:
    cells = opened()
    cells.declare("rows = [1, 2]", ["rows"])
    cells.declare("first = rows[0]\ntotal = sum(rows) + first", ["total"])
    functions = opened(store="other")

    @functions.node
    def rows():  # type: ignore[no-untyped-def]
        return [1, 2]

    @functions.node
    def total(rows):  # type: ignore[no-untyped-def]
        first = rows[0]
        return sum(rows) + first

    left, right = cells.run(), functions.run()
    assert {node: record.key for node, record in left.nodes.items()} == {
        node: record.key for node, record in right.nodes.items()
    }


def test_the_decorated_function_stays_usable(session: Session) -> None:
    @session.node
    def total(rows):  # type: ignore[no-untyped-def]
        return sum(rows)

    assert total([1, 2]) == 3


def test_options_of_the_decorator(session: Session) -> None:
    @session.node(metrics=True, seed=4)
    def scores():  # type: ignore[no-untyped-def]
        return {"a": 0.5}

    @session.node(outputs=["low", "high"], name="ends")
    def split(scores):  # type: ignore[no-untyped-def]
        return scores["a"], 1.0

    version = session.run()
    assert version.metrics == {"a": 0.5}
    assert session.get("low", "high") == (0.5, 1.0)
    assert session.declarations["scores"].seed == 4


def test_globals_of_the_function_are_captured(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    @session.node
    def value():  # type: ignore[no-untyped-def]
        return triple(2)

    session.run()
    assert session["value"] == 6


def test_closures_are_captured(session: Session) -> None:
    for offset, expected in ((10, ["value"]), (10, []), (20, ["value"])):

        @session.node
        def value():  # type: ignore[no-untyped-def]
            return offset + 1  # noqa: B023

        assert computed(session.run()) == expected
        assert session["value"] == offset + 1


def test_a_closure_never_takes_the_place_of_the_notebooks_own_name(session: Session) -> None:
    session.namespace["offset"] = [1]
    offset = [2]
    with pytest.raises(HelixError, match="'offset'"):

        @session.node
        def value():  # type: ignore[no-untyped-def]
            return offset

    assert session.namespace["offset"] == [1]


@pytest.mark.parametrize("early", [True, False])
def test_a_function_with_several_returns(session: Session, early: bool) -> None:
    session.namespace["flag"] = early

    @session.node
    def value(flag):  # type: ignore[no-untyped-def]
        if flag:
            return "early"
        return "late"

    session.run()
    assert session["value"] == ("early" if early else "late")


def test_a_function_without_return_gives_none(session: Session) -> None:
    @session.node
    def nothing():  # type: ignore[no-untyped-def]
        pass

    session.run()
    assert session["nothing"] is None


def test_defaults_are_kept(session: Session) -> None:
    @session.node
    def value(c=0.5):  # type: ignore[no-untyped-def]
        return c * 2

    session.run()
    assert session["value"] == 1.0


def test_a_docstring_is_no_value(session: Session) -> None:
    @session.node
    def value():  # type: ignore[no-untyped-def]
        """Five."""
        return 5

    session.run()
    assert session["value"] == 5


def test_an_inner_function_with_returns(session: Session) -> None:
    @session.node
    def value():  # type: ignore[no-untyped-def]
        def inner(x):  # type: ignore[no-untyped-def]
            return x + 1

        return inner(1)

    session.run()
    assert session["value"] == 2


def test_a_parameter_that_the_body_assigns(session: Session) -> None:
    session.declare("rows = [1]", ["rows"])

    @session.node
    def longer(rows):  # type: ignore[no-untyped-def]
        rows = [*rows, 2]
        return rows  # noqa: RET504  # the name is the point

    session.run()
    assert session["longer"] == [1, 2]
    assert session["rows"] == [1]


def test_a_generator_function_is_no_plain_value(session: Session) -> None:
    @session.node
    def numbers():  # type: ignore[no-untyped-def]
        yield 1
        yield 2

    session.run()
    assert list(session["numbers"]) == [1, 2]


def test_arguments_without_names_are_refused(session: Session) -> None:
    with pytest.raises(UnknownOption, match="args"):

        @session.node
        def value(*rows):  # type: ignore[no-untyped-def]
            return rows

    assert list(session.declarations) == []


def test_a_coroutine_function_is_refused(session: Session) -> None:
    with pytest.raises(UnknownOption, match=r"session\.declare"):

        @session.node
        async def value():  # type: ignore[no-untyped-def]
            return 1


def test_a_lambda_is_refused(session: Session) -> None:
    with pytest.raises(HelixError):
        session.node(lambda: 1)


def failing_in_one(session: Session) -> None:
    @session.node
    def value():  # type: ignore[no-untyped-def]
        text = """two
lines"""  # a comment keeps its line

        return len(text) / 0  # fails here


def failing_between(session: Session) -> None:
    @session.node
    def value(a=0):  # type: ignore[no-untyped-def]
        # the default keeps it a function
        if a == 0:
            raise ValueError("two\nlines")  # fails here
        return a


def failing_in_one_line(session: Session) -> None:
    @session.node
    def value(): return 1 / 0  # type: ignore[no-untyped-def]  # fmt: skip


@pytest.mark.parametrize("failing", [failing_in_one, failing_between])
def test_a_failure_shows_the_line_of_the_script(failing: Callable[[Session], None], session: Session) -> None:
    lines, first = inspect.getsourcelines(failing)
    (line,) = (first + place for place, text in enumerate(lines) if "# fails here" in text)
    failing(session)
    with pytest.raises(NodeFailed, match=rf"Node 'value' failed at test_node_decorator\.py:{line}: ") as caught:
        session.run()
    frames = traceback.extract_tb(caught.value.__cause__.__traceback__ if caught.value.__cause__ else None)
    assert (frames[-1].filename, frames[-1].lineno) == (__file__, line)
    assert "# fails here" in (frames[-1].line or "")


def test_a_failure_in_a_function_of_one_line_names_the_node(session: Session) -> None:
    failing_in_one_line(session)
    with pytest.raises(NodeFailed, match="Node 'value' failed"):
        session.run()


def test_text_in_quotes_keeps_its_indent(session: Session) -> None:
    @session.node
    def value():  # type: ignore[no-untyped-def]
        text = """a
            b
c"""
        return text.split("\n")

    session.run()
    assert session["value"] == ["a", "            b", "c"]


def test_decorated_twice_is_redeclared(session: Session) -> None:
    for number in (1, 2):
        if number == 1:

            @session.node
            def value():  # type: ignore[no-untyped-def]
                return 1
        else:

            @session.node
            def value():  # type: ignore[no-untyped-def]
                return 2

        session.run()
        assert session["value"] == number
    assert list(session.declarations) == ["value"]


def test_functions_and_cells_mix(session: Session) -> None:
    define(session.namespace, "K = 2")
    session.declare(slow("rows = [K, 3]"), ["rows"])

    @session.node
    def total(rows):  # type: ignore[no-untyped-def]
        return sum(rows)

    session.declare("doubled = total * 2", ["doubled"])
    session.run()
    assert session["doubled"] == 10
