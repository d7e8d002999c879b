"""Cells as they are typed: what a run would do with them, while nothing is declared."""

from __future__ import annotations

from typing import Any

import pytest

ROWS = "%%helix rows\nimport time\ntime.sleep(0.05)\nrows = [1, 2]"
TOTAL = "%%helix total\nimport time\ntime.sleep(0.05)\ntotal = sum(rows)"
LAST = "# helix: last\nlast = total + 1"
CELLS = {"a": ROWS, "b": TOTAL, "c": LAST}


class Desk:
    """A notebook whose cells are typed, and run when that is said."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell

    def run(self, cells: dict[str, str]) -> None:
        for cell, text in cells.items():
            self.shell(text, cell_id=cell)

    def typed(self, cells: dict[str, str], by_text: bool = False) -> dict[str, Any]:
        magics = self.shell.ip.find_line_magic("helix").__self__
        before = dict(magics.session.declarations)
        told = {row.cell or row.node: row for row in magics.draft(cells, by_text)}
        assert dict(magics.session.declarations) == before, "nothing is declared"
        return told

    def states(self, cells: dict[str, str]) -> dict[str, tuple[str, str]]:
        return {cell: (row.state, row.value) for cell, row in self.typed(cells).items()}


@pytest.fixture
def desk(shell: Any) -> Desk:
    shell("%helix config policy=all")
    return Desk(shell)


def test_cells_are_told_before_they_were_ever_run(desk: Desk) -> None:
    told = desk.typed({"p": "x = 1", **CELLS})
    assert {cell: (row.node, row.state, row.value) for cell, row in told.items()} == {
        "a": ("rows", "compute", "none"),
        "b": ("total", "compute", "none"),
        "c": ("last", "compute", "none"),
    }
    assert not any(row.declared for row in told.values())
    assert told["a"].seconds is None


def test_an_edit_makes_what_is_below_stale_before_it_is_run(desk: Desk) -> None:
    desk.run(CELLS)
    desk.shell("%helix run")
    assert desk.states(CELLS) == {"a": ("prune", "fresh"), "b": ("prune", "fresh"), "c": ("load", "fresh")}
    told = desk.typed(CELLS | {"b": TOTAL.replace("sum(rows)", "max(rows)")})
    assert (told["a"].state, told["a"].value, told["a"].declared) == ("load", "fresh", True)
    assert (told["b"].state, told["b"].value, told["b"].declared) == ("compute", "stale", False)
    assert (told["c"].state, told["c"].value, told["c"].declared) == ("compute", "stale", True)
    assert told["b"].reason == "line 4 changed: total = sum(rows) -> total = max(rows)"
    assert told["b"].seconds > 0.04
    assert desk.states(CELLS | {"b": TOTAL + "  # why"})["b"] == ("prune", "fresh")
    assert desk.states(CELLS)["b"] == ("prune", "fresh"), "back"


def test_a_value_that_is_stored_only_is_not_the_one_at_hand(desk: Desk) -> None:
    other = {"b": TOTAL.replace("sum(rows)", "max(rows)")}
    desk.run(CELLS)
    desk.shell("%helix run")
    desk.run(other)
    desk.shell("%helix run")
    told = desk.typed(CELLS)  # the earlier text, typed again
    assert {cell: row.value for cell, row in told.items()} == {"a": "fresh", "b": "stale", "c": "stale"}
    assert told["b"].state in ("load", "prune")
    desk.shell("%helix checkout 1")
    assert desk.typed(CELLS | other)["b"].value == "stale", "the cells say what the kernel no longer does"
    assert desk.states(CELLS)["b"][1] == "fresh"


def test_after_a_restart_cells_are_fresh_before_they_are_run(desk: Desk) -> None:
    desk.run(CELLS)
    desk.shell("%helix run")
    desk.shell.ip._helix_session.close()
    del desk.shell.ip._helix_session
    assert desk.states(CELLS)["c"] == ("load", "fresh")
    assert desk.shell("%helix").value.rows == (), "nothing is declared yet"


def test_a_node_that_is_renamed_is_not_there_twice(desk: Desk) -> None:
    desk.run(CELLS)
    told = desk.typed(CELLS | {"c": LAST.replace("last", "final")})
    assert set(told) == {"a", "b", "c"}
    assert told["c"].node == "final"


def test_nodes_of_other_cells_are_told_by_name(desk: Desk) -> None:
    desk.run(CELLS)
    told = desk.typed({"c": LAST})
    assert set(told) == {"c", "rows", "total"}
    assert told["rows"].cell == ""


def test_a_declaring_line_that_ends_in_a_comment_is_read_in_drafts(desk: Desk) -> None:
    told = desk.typed({"a": "%%helix rows  # it's a node\nrows = [1]"})
    assert (told["a"].problem, told["a"].node) == ("", "rows")


PROBLEMS = {
    "syntax": ({"b": "%%helix total\ntotal = ("}, "b", "line 2"),
    "an option": ({"b": "%%helix total --sed 3\ntotal = 1"}, "b", "Did you mean '--seed'?"),
    "no name": ({"b": "%%helix\ntotal = 1"}, "b", "Nothing is named"),
    "a cycle": ({"a": "%%helix rows\nrows = last"}, "c", "Cycle: rows -> total -> last -> rows"),
    "undefined": ({"b": "%%helix total\ntotal = sum(rows) + shift"}, "b", "reads 'shift', which nothing defines"),
    "twice": ({"d": "%%helix rows\nrows = 2"}, "d", "Another cell of the notebook declares 'rows', too."),
    "an output twice": ({"d": "%%helix rows --name other\nrows = 2"}, "d", "rows"),
}


@pytest.mark.parametrize(("edit", "cell", "problem"), PROBLEMS.values(), ids=PROBLEMS.keys())
def test_what_cannot_be_declared_is_told_there_and_the_rest_goes_on(
    desk: Desk, edit: dict[str, str], cell: str, problem: str
) -> None:
    desk.run(CELLS)
    told = desk.typed(CELLS | edit)
    assert problem in told[cell].problem
    assert [one for one, row in told.items() if row.problem] == [cell]
    assert told[cell].node == {"a": "rows", "b": "total", "c": "last"}.get(cell, told[cell].node), "that it was"
    assert told["a"].state == "compute"


@pytest.mark.parametrize("by_text", [False, True])
def test_what_reads_a_node_whose_cell_cannot_be_read_reads_it_still(desk: Desk, by_text: bool) -> None:
    desk.run(CELLS)
    desk.typed(CELLS)
    told = desk.typed(CELLS | {"b": TOTAL + " + ("}, by_text)
    assert (told["b"].node, bool(told["b"].problem)) == ("total", True)
    assert (told["c"].inputs, told["c"].problem) == ({"total": "total"}, "")
    assert by_text or told["c"].reason == "it reads `total`, whose cell cannot be declared as it stands"


FIRST, AGAIN = "%%helix rows\nrows = [1]", "%%helix rows --replace\nrows = [3]"
STORY = {"a": FIRST, "t": "%%helix total\ntotal = sum(rows)", "b": AGAIN}


def whose(told: dict[str, Any]) -> tuple[str, str]:
    """Which cell is that of ``rows``, and where the other one is told that it stands."""
    cells = {cell: told[cell] for cell in ("a", "b")}
    (replaced,) = (cell for cell, row in cells.items() if row.state == "replaced")
    (owner,) = cells.keys() - {replaced}
    assert not any(row.problem for row in told.values())
    return owner, cells[replaced].reason


def test_a_cell_that_replaces_others_is_its_nodes_before_and_after_all_are_run(desk: Desk) -> None:
    assert whose(desk.typed(STORY)) == ("b", "below")
    desk.run(STORY)
    told = desk.typed(STORY)
    assert whose(told) == ("b", "below")
    assert (told["t"].declared, told["b"].declared) == (True, True)
    edited = desk.typed(STORY | {"a": "%%helix rows\nrows = [2]"})
    assert whose(edited) == ("b", "below")
    assert edited["t"].reason == told["t"].reason, "what nobody takes changes nothing"
    assert whose(desk.typed({"b": AGAIN, **STORY})) == ("b", "above"), "wherever it stands"


def test_of_two_cells_of_one_node_the_one_that_was_run_last_is_its_cell(desk: Desk) -> None:
    desk.run(STORY)
    desk.run({"a": FIRST})
    told = desk.typed(STORY)
    assert whose(told) == ("a", "above")
    assert told["a"].declared


def test_behind_a_checkout_the_cell_that_says_what_is_declared_is_its_nodes_and_stays_so(desk: Desk) -> None:
    desk.run({cell: STORY[cell] for cell in "at"})
    desk.shell("%helix run")
    desk.run({"b": AGAIN})
    desk.shell("%helix run")
    desk.shell("%helix checkout 1")
    told = desk.typed(STORY)
    assert whose(told) == ("a", "above")
    assert all(told[cell].declared for cell in "at"), "nothing is to be declared"
    edited = desk.typed(STORY | {"a": "%%helix rows\nrows = [2]"})
    assert (whose(edited), edited["a"].declared, edited["a"].state) == (("a", "above"), False, "compute")
    desk.shell("%helix checkout 2")
    assert whose(desk.typed(STORY)) == ("b", "below")


def test_where_neither_cell_says_that_it_replaces_the_other_one_is_spare(desk: Desk) -> None:
    desk.run({"b": "%%helix rows\nrows = [3]"})
    told = desk.typed({"a": FIRST, "b": "%%helix rows\nrows = [3]"})
    assert (told["b"].declared, told["b"].problem) == (True, "")
    assert told["a"].problem == "Another cell of the notebook declares 'rows', too."
