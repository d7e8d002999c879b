"""Plain cells as they are typed: the nodes that reach what they define are stale before anything runs."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from tests.notebook.notebook_pages import Page, new_subshell

TOOLS = "def clean(rows):\n    return [row for row in rows if row]\nBINS = 10"
CELLS = {
    "t": TOOLS,
    "a": "%%helix rows\nrows = clean([1, 0, 2])",
    "b": "%%helix total\ntotal = sum(rows)",
    "c": "# helix: histogram\nhistogram = [0] * BINS",
}


class Desk:
    """A notebook whose cells ran; a plain one is edited, and run when that is said."""

    def __init__(self, shell: Any, cells: dict[str, str]) -> None:
        self.shell, self.cells = shell, dict(cells)
        for cell, text in cells.items():
            assert shell(text, cell_id=cell).result.success
        shell("%helix run")

    def typed(self, **texts: str) -> dict[str, str]:
        """By cell, why its node waits for a plain one; the rest is as it was."""
        before, self.cells = self.cells, self.cells | texts
        magics = self.shell.ip.find_line_magic("helix").__self__
        told, rows = ({row.cell: row for row in magics.draft(cells)} for cells in (before, self.cells))
        waiting = {cell for cell, row in rows.items() if row.waits}
        assert {cell for cell, row in rows.items() if row.value == "stale"} == waiting
        told_of_run, rows_of_run = ([(row.state, row.seconds) for row in found.values()] for found in (told, rows))
        assert told_of_run == rows_of_run, "the coming run knows nothing of it"
        return {cell: rows[cell].waits for cell in waiting}

    def run(self, cell: str) -> Any:
        return self.shell(self.cells[cell], cell_id=cell)


@pytest.fixture
def desk(shell: Any) -> Desk:
    shell("%helix config policy=all")
    return Desk(shell, CELLS)


CASES = {
    "a helper, and what rests on it": (TOOLS.replace("if row", "if row > 1"), {"a", "b"}),
    "a constant": (TOOLS.replace("10", "12"), {"c"}),
    "both": ("def clean(rows): return rows\nBINS = 12", {"a", "b", "c"}),
    "renamed": (TOOLS.replace("clean", "cleaned"), {"a", "b"}),
    "removed": ("BINS = 10", {"a", "b"}),
    "emptied": ("", {"a", "b", "c"}),
    "comments and formatting": ("BINS=10  # ten\n" + TOOLS.replace("    return", "    'doc'\n    return"), set()),
    "a name that no node reaches": (TOOLS + "\nOTHER = 3", set()),
    "magics": ("%matplotlib --list\n!true\n" + TOOLS, set()),
    "timed": ("%%time\n" + TOOLS.replace("10", "12"), {"c"}),
    "does not parse": (TOOLS.replace("10", "12 +"), set()),
}


@pytest.mark.parametrize(("text", "cells"), CASES.values(), ids=CASES.keys())
def test_an_edit_makes_stale_what_reaches_its_names_and_taken_back_nothing(
    desk: Desk, text: str, cells: set[str]
) -> None:
    assert desk.typed() == {}
    assert desk.typed(t=text).keys() == cells
    assert desk.typed(t=TOOLS) == {}


def test_it_is_told_which_name_of_which_cell(desk: Desk) -> None:
    (prompt,) = (at for at, text in enumerate(desk.shell.ip.user_ns["In"]) if text.startswith("def clean"))
    told = desk.typed(t="def clean(rows): return rows")
    assert told == {
        "a": f"`clean` is edited in cell [{prompt}]; run that cell",
        "b": f"it rests on `rows`: `clean` is edited in cell [{prompt}]; run that cell",
        "c": f"`BINS` is not defined any more in cell [{prompt}]; run that cell",
    }


def test_while_a_text_does_not_parse_what_it_said_before_counts(desk: Desk) -> None:
    assert desk.typed(t=TOOLS.replace("10", "12")).keys() == {"c"}
    assert desk.typed(t=TOOLS.replace("10", "12 + (")).keys() == {"c"}
    assert desk.typed(t=TOOLS) == {}
    assert desk.typed(t=TOOLS.replace("10", "12 + (")) == {}


def test_once_it_runs_the_kernel_knows_better(desk: Desk) -> None:
    edited = TOOLS.replace("BINS = 10", "BINS = 5 + 5")
    assert desk.typed(t=edited).keys() == {"c"}
    desk.run("t")
    assert desk.typed() == {}, "an equal value"
    assert desk.typed(t=TOOLS).keys() == {"c"}


def test_one_that_failed_is_still_to_be_run(desk: Desk) -> None:
    desk.typed(t="1 / 0\n" + TOOLS.replace("10", "12"))
    assert isinstance(desk.run("t").error, ZeroDivisionError)
    assert desk.typed().keys() == {"c"}
    assert desk.typed(t=TOOLS) == {}


def test_of_cells_that_never_ran_and_after_a_restart_nothing_is_known(desk: Desk) -> None:
    assert desk.typed(u="BINS = 12", v="def clean(rows): return rows") == {}
    desk.shell("%reload_ext helix_jupyter")
    assert desk.typed(t="BINS = 12") == {}


def test_a_cell_that_became_a_nodes_is_no_plain_one(desk: Desk) -> None:
    desk.shell("n = 1", cell_id="n")
    desk.shell("%%helix n\nn = 1", cell_id="n")
    desk.shell("%helix run")
    assert desk.typed(n="%%helix n\nn = 1  # one") == {}


def test_what_a_table_holds_and_a_cell_changes_in_place_counts(shell: Any) -> None:
    cells = {
        "f": "def double(x): return 2 * x",
        "r": "rules = {}\nlimits = {'low': 1}",
        "s": "rules['double'] = double",
        "l": "limits.update(high=3)",
        "a": "%%helix doubled\ndoubled = rules['double'](4)",
        "b": "%%helix bounds\nbounds = limits['high']",
    }
    desk = Desk(shell, cells)
    assert desk.typed(f="def double(x): return 3 * x").keys() == {"a"}
    assert desk.typed(f=cells["f"], l="limits.update(high=4)").keys() == {"b"}
    assert desk.typed(l=cells["l"], s="rules['double'] = abs").keys() == {"a"}


def test_all_of_a_module_counts_where_it_is_loaded(shell: Any, place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(place))
    (place / "plain_tools.py").write_text("def clean(rows):\n    return rows\ndef unused():\n    pass\n")
    (place / "plain_others.py").write_text("raise SystemExit('imported to look')\n")
    desk = Desk(shell, CELLS | {"t": "from plain_tools import *\nBINS = 10"})
    assert desk.typed(t="from plain_others import *\nBINS = 10").keys() == {"a", "b"}
    assert desk.typed(t="import os\nfrom plain_tools import *\nBINS = 10") == {}
    del sys.modules["plain_tools"]


def test_a_page_is_told_so_while_a_cell_runs_too(kernel: Any) -> None:
    for cell, text in CELLS.items():
        assert not kernel(text, cell).error
    kernel("%helix run")
    page = Page(kernel, subshell=new_subshell(kernel))
    page.until("show")

    def told(**texts: str) -> tuple[bool, set[str]]:
        answer = page.ask("draft", cells=list(CELLS), texts=texts)
        assert {row["cell"] for row in answer["rows"]} == set("abc"), "no rows of plain cells"
        return answer["whole"], {row["cell"] for row in answer["rows"] if row["waits"] and row["value"] == "stale"}

    assert told(**CELLS) == (True, set())
    assert told(t=TOOLS.replace("10", "12")) == (True, {"c"})
    running = kernel.send("import time\nprint('on', flush=True)\nfor _ in range(600):\n    time.sleep(0.1)")
    kernel.until(running, "on")
    assert told() == (False, {"c"})
    assert told(t="BINS = 10") == (False, {"a", "b"})
    kernel.manager.interrupt_kernel()
    assert "KeyboardInterrupt" in kernel.finish(running).error
    assert told(t=TOOLS) == (True, set())
    kernel(TOOLS.replace("10", "12"), "t")
    assert told(t=TOOLS.replace("10", "12")) == (True, set()), "it is in the key now"
