"""Cells as a page types them, told over the comm: what a look says, what their texts alone say while a cell runs."""

from __future__ import annotations

import time
from typing import Any

import pytest

from helix_jupyter.errors import MalformedMessage
from helix_jupyter.session.typed import Typed
from tests.notebook.notebook_pages import Page, new_subshell

CELLS = {
    "a": "%%helix rows\nimport time\ntime.sleep(0.05)\nrows = [1, 2]",
    "b": "%%helix total\ntotal = sum(rows)",
    "c": "# helix: last\nlast = total + 1",
    "p": "print('plain')",
}
EDITED = CELLS | {"b": "%%helix total\ntotal = max(rows)"}
NAP = "import time\nprint('on', flush=True)\nfor _ in range(600):\n    time.sleep(0.1)"


def typed(page: Page, texts: dict[str, str], cells: list[str] | None = None) -> tuple[bool, dict[str, Any]]:
    """Whether the answer is of a whole look, and its rows by cell."""
    answer = page.ask("draft", cells=list(CELLS) if cells is None else cells, texts=texts)
    return answer["whole"], {row["cell"] or row["node"]: row for row in answer["rows"]}


def states(rows: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {cell: (row["state"], row["value"]) for cell, row in rows.items()}


def test_a_page_is_told_of_its_cells_and_sends_what_has_changed(kernel: Any, place: Any) -> None:
    page = Page(kernel)
    whole, rows = typed(page, CELLS)
    assert whole
    assert states(rows) == dict.fromkeys("abc", ("compute", "none"))
    assert not (place / ".helix").exists(), "to look makes no store"
    assert rows["c"]["inputs"] == {"total": "total"}
    assert rows["c"]["outputs"] == ["last"]
    for cell, text in CELLS.items():
        kernel(text, cell)
    kernel("%helix run")
    _, rows = typed(page, {})
    assert [row["value"] for row in rows.values()] == ["fresh"] * 3
    assert all(row["declared"] for row in rows.values())
    whole, rows = typed(page, {"b": EDITED["b"]})
    assert whole
    assert states(rows) == {"a": ("load", "fresh"), "b": ("compute", "stale"), "c": ("compute", "stale")}
    assert rows["b"]["reason"] == "line 2 changed: total = sum(rows) -> total = max(rows)"
    assert [row["declared"] for row in rows.values()] == [True, False, True]
    _, rows = typed(page, {"b": "%%helix total\ntotal = ("})
    assert "line 2" in rows["b"]["problem"]
    _, rows = typed(page, {}, ["a"])
    assert set(rows) == {"a", "total", "last"}


def test_a_node_that_failed_is_told_to_have_failed_until_it_is_edited(kernel: Any) -> None:
    page = Page(kernel)
    kernel("%%helix broken\nbroken = 1 / 0", "x")
    kernel("%helix run")
    _, rows = typed(page, {"x": "%%helix broken\nbroken = 1 / 0"}, ["x"])
    assert (rows["x"]["failed"], rows["x"]["interrupted"]) == (True, False)
    _, rows = typed(page, {"x": "%%helix broken\nbroken = 1 / 2"}, ["x"])
    assert not rows["x"]["failed"]


def test_a_node_that_was_interrupted_is_told_to_be_so_until_it_is_edited(kernel: Any) -> None:
    page = Page(kernel)
    nap = "%%helix nap\nraise KeyboardInterrupt\nnap = 1"
    kernel(nap, "x")
    assert "KeyboardInterrupt" in kernel("%helix run").error
    _, rows = typed(page, {"x": nap}, ["x"])
    # pages of before it was told know of failures alone
    assert (rows["x"]["failed"], rows["x"]["interrupted"]) == (True, True)
    _, rows = typed(page, {"x": nap.replace("nap = 1", "nap = 2")}, ["x"])
    assert (rows["x"]["failed"], rows["x"]["interrupted"]) == (False, False)


def test_while_a_cell_runs_the_texts_alone_tell_what_is_stale(kernel: Any) -> None:
    for cell, text in CELLS.items():
        kernel(text, cell)
    kernel("%helix run")
    page = Page(kernel, subshell=new_subshell(kernel))
    page.until("show")
    assert typed(page, CELLS)[0]
    running = kernel.send(NAP)
    kernel.until(running, "on")
    began = time.monotonic()
    whole, rows = typed(page, {"b": EDITED["b"]})
    assert not whole
    assert time.monotonic() - began < 30, "it is answered while the cell runs"
    assert states(rows) == {"a": ("prune", "fresh"), "b": ("compute", "stale"), "c": ("compute", "stale")}
    assert rows["b"]["reason"] == "its cell was edited"
    assert rows["c"]["reason"] == "what it reads was edited"
    _, rows = typed(page, {"c": "# helix: other\nother = total"})
    assert (rows["c"]["node"], rows["c"]["value"]) == ("other", "none")
    kernel.manager.interrupt_kernel()
    assert "KeyboardInterrupt" in kernel.finish(running).error
    whole, rows = typed(page, {"b": CELLS["b"], "c": CELLS["c"]})
    assert whole
    assert [row["value"] for row in rows.values()] == ["fresh"] * 3


BAD = {
    "no cells": {"texts": {}},
    "cells are text": {"cells": "a", "texts": {}},
    "a cell is a number": {"cells": [1], "texts": {}},
    "texts are a list": {"cells": ["a"], "texts": ["a"]},
    "a text is none": {"cells": ["a"], "texts": {"a": None}},
    "never sent": {"cells": ["a"], "texts": {"b": ""}},
}


@pytest.mark.parametrize("question", BAD.values(), ids=BAD.keys())
def test_what_is_malformed_is_told_by_its_number_and_forgets_nothing(question: dict[str, Any]) -> None:
    cells = Typed()
    cells.take({"cells": ["z"], "texts": {"z": "kept"}})
    with pytest.raises(MalformedMessage, match="not understood") as problem:
        cells.take({"ask": "draft", "id": 7, **question})
    assert problem.value.question == 7
    assert cells.take({"cells": ["z"], "texts": {}}) == {"z": "kept"}


def test_a_malformed_question_gets_a_word_over_the_comm(kernel: Any) -> None:
    page = Page(kernel)
    assert "never sent" in page.ask("draft", cells=["a"], texts={})
    assert typed(page, CELLS)[0]
