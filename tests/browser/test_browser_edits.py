"""Cells that were edited and not run: a run declares them first, the sidebar says so, in JupyterLab and Notebook."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import IDLE, eventually

LAB = pytest.mark.parametrize("server", ["lab"], indirect=True)
PLAIN = "K = 3\nprint('plain ran')"
ROWS = "%%helix rows\nrows = list(range(10))"
TOTAL = "%%helix total\ntotal = sum(rows) * K"
LAST = "# helix: last\nlast = total + 1"
SHOWN = "print(last)"
ACTIVE = "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
SET = "raw => window.jupyterapp.serviceManager.settings.save('helix-jupyter:plugin', raw)"


def said(book: Any) -> Any:
    """What the sidebar says in words of a deed."""
    return book.sidebar.locator(".helix-Said")


def head(book: Any) -> Any:
    """What the sidebar says of the coming run."""
    return book.sidebar.locator(".helix-Head")


def counts(book: Any) -> list[Any]:
    """The execution count of each cell."""
    read = "() => window.jupyterapp.shell.currentWidget.content.widgets.map(one => one.model.executionCount)"
    return list(book.page.evaluate(read))


def shown(book: Any, place: int) -> str:
    """What a cell shows once it has run."""
    book.run(place)
    return book.text(place).strip()


def ran(book: Any) -> Any:
    """Of the run that is over, in the sidebar's list of versions."""
    return book.sidebar.locator(".helix-Versions > li").first


def test_a_run_declares_what_was_edited_and_runs_no_plain_cell(open_book: Any) -> None:
    book = open_book(PLAIN, ROWS, TOTAL, LAST, SHOWN)
    book.command("helix:show-dag")
    book.run(1, 2, 3, 4)
    book.command("helix:run")
    expect(head(book)).to_contain_text("All is up to date.")
    assert shown(book, 5) == "136"
    before = counts(book)
    book.write(1, PLAIN.replace("3", "5"))
    book.write(2, ROWS.replace("10", "11"))
    book.write(4, LAST + "0")
    expect(head(book)).to_contain_text("2 cells edited: the next run declares them.")
    expect(head(book)).not_to_contain_text("up to date")
    expect(head(book)).to_contain_text("computes 3")
    head(book).get_by_role("button", name="Run").click()
    expect(said(book)).to_contain_text("2 edited cells declared.")
    expect(head(book)).to_contain_text("2 nodes rest on plain cells that were edited: run those first")
    assert shown(book, 5) == "175"
    after = counts(book)
    assert [place for place in range(5) if after[place] != before[place]] == [2, 4], "edited nodes alone"


def test_where_an_edit_cannot_be_declared_nothing_is_run(open_book: Any) -> None:
    book = open_book(PLAIN, ROWS, TOTAL, LAST)
    book.command("helix:show-dag")
    book.run(1, 2, 3, 4)
    book.command("helix:run")
    expect(book.sidebar.locator(".helix-Versions > li")).to_have_count(1)
    before = counts(book)
    book.write(2, ROWS.replace("10", "11"))
    book.write(3, TOTAL + " + (")
    expect(head(book)).to_contain_text("1 cell cannot be declared as it stands, so nothing runs. total: line 2")
    book.command("helix:run")
    expect(said(book)).to_contain_text("Nothing was run: the cell of 'total' cannot be declared as it stands.")
    expect(said(book)).to_contain_text("never closed")
    assert counts(book) == before
    eventually(lambda: book.page.evaluate(ACTIVE), 3)
    # nor of a cell that rests on it
    said(book).get_by_role("button", name="close").click()
    book.page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 4; }")
    book.command("helix:run-to-cell")
    expect(said(book)).to_contain_text("Nothing was run: the cell of 'total' cannot be declared as it stands.")
    assert counts(book) == before
    # of a cell that rests on none of it
    book.page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 2; }")
    book.command("helix:run-to-cell")
    expect(said(book)).to_contain_text("1 edited cell declared.")
    expect(book.sidebar.locator(".helix-Versions > li")).to_have_count(2)


@LAB
def test_a_run_to_a_cell_takes_the_cells_above_as_they_stand_and_leaves_others(open_book: Any) -> None:
    book = open_book(PLAIN, ROWS, TOTAL, "%%helix other\nother = 1", "print(total)")
    book.command("helix:show-dag")
    book.run(1, 2, 3, 4)
    book.command("helix:run")
    book.write(2, ROWS.replace("10", "11"))
    book.write(4, "%%helix other\nother = 2")
    book.page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 3; }")
    book.command("helix:run-to-cell")
    expect(said(book)).to_contain_text("1 edited cell declared.")
    expect(head(book)).to_contain_text("1 cell edited: the next run declares it.")
    assert shown(book, 5) == "165"


@LAB
def test_the_undo_of_a_checkout_is_taken_back_in_the_kernel_by_the_next_run(open_book: Any) -> None:
    book = open_book(ROWS, "%%helix more\nmore = len(rows)", "print(more)")
    book.command("helix:show-dag")
    book.run(1, 2)
    book.command("helix:run")
    book.write(1, ROWS.replace("10", "20"))
    book.command("helix:run")
    assert shown(book, 3) == "20"
    book.command("helix:checkout", version=1)
    expect(said(book)).to_contain_text("1 cell updated")
    book.page.locator(".jp-Notebook").focus()
    book.page.keyboard.press("Escape")
    book.page.keyboard.press("z")
    eventually(lambda: book.sources[1], ROWS.replace("10", "20"))
    expect(head(book)).to_contain_text("1 cell edited")
    book.command("helix:run")
    expect(said(book)).to_contain_text("1 edited cell declared.")
    expect(head(book)).to_contain_text("All is up to date.")
    assert shown(book, 3) == "20"


@LAB
def test_a_node_whose_cell_is_gone_is_said_and_can_be_dropped(open_book: Any) -> None:
    book = open_book(ROWS, "%%helix more\nmore = len(rows)")
    book.command("helix:show-dag")
    book.run(1, 2)
    expect(book.sidebar.locator(".hx-node")).to_have_count(2)
    book.page.evaluate("() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.deleteCell(2)")
    expect(head(book)).to_contain_text("more is declared in the kernel, but has no cell here.")
    head(book).get_by_role("button", name="Drop").click()
    expect(book.sidebar.locator(".hx-node")).to_have_count(1)
    expect(head(book)).not_to_contain_text("has no cell here")


@LAB
def test_that_a_run_declares_and_badges_can_be_switched_off(open_book: Any) -> None:
    book = open_book(ROWS, "print(len(rows))")
    book.command("helix:show-dag")
    book.run(1)
    book.command("helix:run")
    try:
        book.page.evaluate(SET, '{ "declareEditedCells": false, "showBadges": false }')
        book.page.reload()
        book.page.wait_for_function(IDLE)
        book.command("helix:show-dag")
        expect(head(book)).to_contain_text("All is up to date.")
        book.write(1, ROWS.replace("10", "11"))
        expect(head(book)).to_contain_text("1 cell edited: run it to declare it.")
        expect(book.page.locator(".helix-Badge")).to_have_count(0)
        book.command("helix:run")
        expect(ran(book)).to_contain_text(re.compile("loaded|nothing to do"))
        assert shown(book, 2) == "10"
    finally:
        book.page.evaluate(SET, "{}")


def badges(book: Any) -> list[str]:
    """The states of all badges, in the notebook's order."""
    read = "() => [...document.querySelectorAll('.jp-Notebook .helix-Badge')].map(badge => badge.dataset.state)"
    return list(book.page.evaluate(read))


def replaced(book: Any) -> Any:
    """Badges of cells that give way to another."""
    return book.page.locator(".helix-Badge[data-state=replaced]")


AGAIN = "%%helix rows --replace\nrows = [1, 2, 3]"


@LAB
def test_of_cells_that_replace_one_another_a_run_takes_the_last_and_a_checkout_writes_it(open_book: Any) -> None:
    book = open_book(PLAIN, ROWS, TOTAL, AGAIN)
    book.command("helix:show-dag")
    expect(replaced(book)).to_contain_text(["below"])
    book.run(1)
    before = counts(book)
    book.command("helix:run")
    expect(said(book)).to_contain_text("2 cells declared.")
    expect(head(book)).to_contain_text("All is up to date.")
    after = counts(book)
    assert [place for place in range(5) if after[place] != before[place]] == [3, 4]
    eventually(lambda: badges(book), ["replaced", "fresh", "fresh"])
    expect(head(book)).not_to_contain_text("edited")
    book.run(2)  # by hand, and above the one that replaces it: no error, and now it is the node's
    expect(head(book)).to_contain_text("Next run")
    expect(replaced(book)).to_contain_text(["above"])
    card = book.page.locator(".jp-CodeCell").nth(4).locator(".helix-Card")
    expect(card).to_contain_text("replaced above")
    expect(book.page.locator(".jp-CodeCell").nth(2).locator(".helix-Card")).to_have_attribute("data-state", "stale")
    book.command("helix:run")
    expect(book.sidebar.locator(".helix-Versions > li")).to_have_count(2)
    expect(book.sidebar.locator(".hx-run")).to_contain_text("Run done")
    book.command("helix:checkout", version=2)
    expect(said(book)).to_contain_text("1 cell updated.")
    assert book.sources[2] == ROWS
    assert book.sources[4] == "%%helix rows --replace\nrows = list(range(10))", "what stands when all are run"
    expect(replaced(book)).to_contain_text(["below"])
    book.command("helix:checkout", version=1)
    expect(book.sidebar.locator(".hx-run")).to_be_hidden()
    assert book.sources[4] == AGAIN
    book.command("notebook:undo-cell-action")
    expect(said(book)).to_be_hidden()
    book.run(2)
    assert "declares 'rows'" not in book.text(2)


@LAB
def test_a_cell_that_was_pasted_in_the_place_of_one_that_is_gone_takes_its_node_over(open_book: Any) -> None:
    book = open_book(PLAIN, ROWS, TOTAL)
    book.command("helix:show-dag")
    book.run(1, 2, 3)
    book.command("helix:run")
    expect(head(book)).to_contain_text("All is up to date.")
    book.page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 2; }")
    identity = "() => window.jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model.id)"
    (was,) = book.page.evaluate(identity)[2:3]
    # of a cell that is cut JupyterLab keeps the id for the first paste; a further one is another
    book.command("notebook:copy-cell")
    book.command("notebook:paste-cell-below")
    book.page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 2; }")
    book.command("notebook:delete-cell")
    place = book.sources.index(ROWS)
    assert book.page.evaluate(identity)[place] != was
    book.write(place, ROWS.replace("10", "11"))
    book.command("helix:run")
    expect(said(book)).to_contain_text("1 cell declared.")
    expect(head(book)).to_contain_text("All is up to date.")
    expect(book.sidebar.locator(".helix-Versions > li")).to_have_count(2)
    eventually(lambda: badges(book), ["fresh", "fresh"])


@LAB
def test_an_edit_of_a_plain_cell_makes_what_reaches_its_names_stale_and_taken_back_fresh(open_book: Any) -> None:
    book = open_book(PLAIN, ROWS, TOTAL, LAST)
    book.command("helix:show-dag")
    book.run(1, 2, 3, 4)
    book.command("helix:run")
    eventually(lambda: badges(book), ["fresh", "fresh", "fresh"])
    before = counts(book)
    book.page.locator(".jp-CodeCell").nth(1).locator(".cm-line").first.click()
    book.page.keyboard.press("End")
    book.page.keyboard.type("5")
    eventually(lambda: badges(book), ["fresh", "stale", "stale"])
    waits = book.page.locator(".helix-Badge[data-state=stale]")
    expect(waits.first).to_have_attribute("title", re.compile(r"K is edited in cell \[\d+\]; run that cell"))
    expect(waits.last).to_have_attribute("title", re.compile("It rests on total: K is edited"))
    expect(head(book)).to_contain_text("2 nodes rest on plain cells that were edited: run those first")
    expect(head(book)).not_to_contain_text("up to date")
    expect(book.sidebar.locator(".hx-node[data-value=stale]")).to_have_count(2)
    book.page.keyboard.type(" +")  # does not parse: what was said before stands
    book.page.wait_for_timeout(1_000)
    assert badges(book) == ["fresh", "stale", "stale"]
    for _ in range(3):
        book.page.keyboard.press("Backspace")
    eventually(lambda: badges(book), ["fresh", "fresh", "fresh"])
    expect(head(book)).to_contain_text("All is up to date.")
    assert counts(book) == before, "nothing ran"
    # an equal value: once the cell has run nothing waits any more
    book.write(1, PLAIN.replace("3", "1 + 2"))
    eventually(lambda: badges(book), ["fresh", "stale", "stale"])
    book.run(1)
    eventually(lambda: badges(book), ["fresh", "fresh", "fresh"])
    book.write(1, PLAIN.replace("3", "5"))
    book.run(1)
    expect(head(book)).to_contain_text("computes 2")
    eventually(lambda: badges(book), ["fresh", "stale", "stale"])
    assert "K changed" in str(waits.first.get_attribute("title"))
    book.command("helix:run")
    eventually(lambda: badges(book), ["fresh", "fresh", "fresh"])
