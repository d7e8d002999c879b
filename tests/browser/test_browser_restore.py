"""Checking a version out in JupyterLab and Notebook: its code comes back into the cells, and may be taken back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import eventually

LAB = pytest.mark.parametrize("server", ["lab"], indirect=True)
SETUP = "K = 3"
ROWS = "%%helix rows --group data\nrows = list(range(10))"
TOTAL = "# helix: total\ntotal = sum(rows) * K"
SCORES = "%%helix scores --metrics\nscores = {'mean': total / 10}"
EDITED = "%%helix rows --group data\nrows = list(range(20))"
MORE = "%%helix more\nmore = len(rows)"


def checked_out(book: Any, version: int, answer: str | None = None) -> str:
    """Check out, answer what is asked; gives what the sidebar says."""
    book.start_command("helix:checkout", version=version)
    if answer is not None:
        book.page.locator(".jp-Dialog").get_by_role("button", name=answer).click()
    said = book.sidebar.locator(".helix-Said")
    expect(said).to_contain_text(f"Version {version} is checked out")
    return str(said.inner_text())


def undo(book: Any, keys: str = "z") -> None:
    """In command mode."""
    book.page.locator(".jp-Notebook").focus()
    book.page.keyboard.press("Escape")
    book.page.keyboard.press(keys)


def node(book: Any, name: str) -> Any:
    """A node in the sidebar's picture."""
    return book.sidebar.locator(f'.hx-node[data-node="{name}"]')


def test_a_version_comes_back_into_the_cells_and_undo_brings_back_the_notebook(open_book: Any) -> None:
    book = open_book(SETUP, ROWS, TOTAL, SCORES)
    book.command("helix:show-dag")
    book.run(1, 2, 3, 4)
    book.command("helix:run")
    book.write(2, EDITED)
    book.page.evaluate("() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.deleteCell(4)")
    book.page.evaluate(
        "source => window.jupyterapp.shell.currentWidget.content.model.sharedModel"
        ".insertCell(4, { cell_type: 'code', source })",
        MORE,
    )
    book.run(2, 4)
    book.write(3, TOTAL.replace("sum", "max"))
    before = book.sources
    said = checked_out(book, 1, "Keep Cells")
    assert "2 cells updated, 1 inserted" in said
    assert book.sources == ["%load_ext helix_jupyter", SETUP, ROWS, TOTAL, SCORES, MORE]
    expect(book.sidebar.locator(".hx-node")).to_have_count(3)
    expect(node(book, "scores")).to_have_attribute("data-value", "fresh")
    # the cells are their nodes' own: an edit of one that was inserted declares it anew
    book.write(4, SCORES.replace("'mean'", "'average'"))
    book.run(4)
    assert "declared by" not in book.text(4)
    book.command("helix:run")
    expect(book.sidebar.locator(".helix-Metrics").first).to_contain_text("average")
    book.write(4, SCORES)
    undo(book)
    eventually(lambda: book.sources, before)


@LAB
def test_cells_that_a_version_has_not_are_deleted_only_when_that_is_asked_for(open_book: Any) -> None:
    book = open_book(ROWS, "%%helix total\ntotal = sum(rows)", "")
    book.run(1, 2)
    book.command("helix:run")
    book.write(3, MORE)
    book.run(3)
    book.command("helix:show-dag")
    before = book.sources
    book.start_command("helix:checkout", version=1)
    dialog = book.page.locator(".jp-Dialog")
    expect(dialog).to_contain_text("more")
    expect(dialog.get_by_role("button", name="Keep Cells")).to_be_focused()
    dialog.get_by_role("button", name="Cancel").click()
    expect(book.sidebar.locator(".hx-node")).to_have_count(3)
    assert book.sources == before
    assert "1 deleted" in checked_out(book, 1, "Delete Cells")
    assert book.sources == before[:-1]
    # nothing else has changed since: what most people press means this step, too
    undo(book, "Control+z")
    eventually(lambda: book.sources, before)


@LAB
def test_a_version_comes_into_an_empty_notebook_with_what_it_rests_on(open_book: Any) -> None:
    book = open_book(SETUP, ROWS, TOTAL, SCORES)
    book.run(1, 2, 3, 4)
    book.command("helix:run")
    book.command("helix:show-dag")
    remove = "() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.deleteCellRange(1, 5)"
    book.page.evaluate(remove)
    book.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    expect(book.sidebar).to_contain_text("Not loaded")
    book.run(0)
    expect(book.sidebar.locator(".helix-Versions > li")).to_have_count(1)
    checked_out(book, 1)
    assert book.sources == ["%load_ext helix_jupyter", "K = 3", ROWS, TOTAL.replace("# helix:", "%%helix"), SCORES]
    book.run(1, 2, 3, 4)
    book.command("helix:run")
    expect(node(book, "scores")).to_have_attribute("data-value", "fresh")
    expect(book.sidebar.locator(".helix-Versions > li").first).to_contain_text("computed", ignore_case=True)


@LAB
def test_the_version_browser_in_an_output_brings_cells_back_too_but_not_those_of_another_session(
    open_book: Any,
) -> None:
    other = (
        "import helix_jupyter\nother = helix_jupyter.Session('.helix-other', workflow='book', namespace={})\n"
        "other.declare('rows = 7', ['rows'])\n_ = other.run()\nother.declare('rows = 8', ['rows'])\n_ = other.run()\n"
        "from IPython.display import display\ndisplay({'text/plain': '', **other.live(other.versions)}, raw=True)"
    )
    book = open_book(ROWS, "%helix versions", other)
    book.run(1)
    book.command("helix:run")
    book.write(1, EDITED)
    book.run(1)
    book.command("helix:run")
    book.run(2, 3)
    views = book.page.locator('[data-view="versions"]')
    for place in (0, 1):
        views.nth(place).locator('[data-version="1"]').click()
    views.nth(0).get_by_role("button", name="Check out").click()
    expect(views.nth(0)).to_contain_text("1 cell updated")
    assert book.sources[1] == ROWS
    book.write(1, EDITED)
    views.nth(1).get_by_role("button", name="Check out").click()
    views.nth(1).get_by_role("button", name="Check out").first.click()
    expect(views.nth(1)).to_contain_text("v1 is checked out")
    assert book.sources[1] == EDITED
