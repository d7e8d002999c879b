"""Cells in JupyterLab and Notebook: badges by the prompt, links with the picture, completion, hover, colours."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from tests.browser.jupyter import ROOT

expect.set_options(timeout=20_000)
AXE = ROOT / "labextension" / "node_modules" / "axe-core" / "axe.min.js"
CELLS = (
    "%%helix rows\nimport time\ntime.sleep(0.2)\nrows = list(range(1000))",
    "%%helix total\ntotal = sum(rows)",
    "# helix: scores --metrics\nscores = {'mean': total / 1000}",
    "total",
)
NAP = "%%helix nap\nimport time\nfor _ in range(600):\n    time.sleep(0.1)\nnap = 1"
SET = """([place, text]) => {
  window.jupyterapp.shell.currentWidget.content.widgets[place].model.sharedModel.setSource(text);
}"""
ACTIVE = "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
RESTART = "() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()"
COLOURS = """place => [...document.querySelectorAll('.jp-CodeCell')[place].querySelectorAll('.cm-line')].slice(1).map(
  line => [...line.querySelectorAll('span')].map(one => [one.textContent, getComputedStyle(one).color])
)"""


def cell(book: Any, place: int) -> Any:
    """A cell by its place."""
    return book.page.locator(".jp-CodeCell").nth(place)


def badge(book: Any, place: int) -> Any:
    """The badge of a cell."""
    return cell(book, place).locator(".helix-Badge")


def states(book: Any, *expected: str) -> None:
    """What the badges of the cells behind the first say."""
    for place, state in enumerate(expected, 1):
        expect(badge(book, place)).to_have_attribute("data-state", state)


def edit(book: Any, place: int, text: str) -> None:
    """Another text in a cell, without running it."""
    book.page.evaluate(SET, [place, text])


def test_badges_say_how_each_node_is_and_follow_what_is_typed(open_book: Any) -> None:
    book = open_book(*CELLS, load=False)
    expect(book.page.locator(".helix-Badge")).to_have_count(0)
    book.run(0)
    states(book, "never", "never", "never")
    expect(badge(book, 4)).to_have_count(0)
    expect(badge(book, 1)).to_have_text("never run")
    book.run(1, 2, 3)
    book.command("helix:run")
    states(book, "fresh", "fresh", "fresh")
    cell(book, 2).locator(".cm-content").click()
    book.page.keyboard.press("Control+End")
    book.page.keyboard.type(" + 1")
    states(book, "fresh", "stale", "stale")
    expect(badge(book, 2)).to_have_attribute("aria-label", re.compile(r"^total: stale, .*Run the cell to declare it"))
    expect(badge(book, 3)).to_have_attribute("data-node", "scores")
    expect(badge(book, 3)).to_have_text(re.compile(r"stale\s*[\d.]+ m?s"))
    book.page.keyboard.type(" + (")
    states(book, "fresh", "error")
    expect(badge(book, 2)).to_have_attribute("title", re.compile("never closed"))
    edit(book, 2, CELLS[1] + "  # why")
    states(book, "fresh", "fresh", "fresh")
    edit(book, 1, "rows = 1")
    expect(badge(book, 1)).to_have_count(0)
    edit(book, 1, CELLS[0])
    book.page.evaluate(AXE.read_text())
    assert book.page.evaluate("async () => (await axe.run('.helix-Badge')).violations.map(one => one.help)") == []
    book.page.evaluate(RESTART)
    expect(book.page.locator(".helix-Badge")).to_have_count(0)
    book.run(0)
    # what is stored is there before anything is declared again
    expect(badge(book, 1)).to_have_attribute("data-state", re.compile("loads|fresh"))
    states(book, "fresh", "fresh")
    book.command("notebook:delete-cell")


def test_badges_follow_a_run_and_what_is_typed_meanwhile(open_book: Any) -> None:
    book = open_book("%%helix first\nfirst = 1", NAP.replace("nap = 1", "nap = first"), "%%helix last\nlast = nap")
    book.run(1, 2, 3)
    book.page.evaluate("() => { window.jupyterapp.commands.execute('helix:run'); }")
    states(book, "fresh", "running", "queued")
    expect(badge(book, 2)).to_have_text(re.compile(r"running\s*[1-9]\d* s"))
    edit(book, 3, "%%helix last\nlast = nap +")
    states(book, "fresh", "running", "error")
    book.command("helix:stop")
    expect(badge(book, 2)).to_have_attribute("data-state", "failed")


def test_a_badge_leads_to_its_node_and_a_node_to_its_cell(open_book: Any) -> None:
    filler = ["1\n" * 30] * 3
    book = open_book(*CELLS[:3], *filler)
    book.run(1, 2, 3)
    book.page.evaluate("() => window.jupyterapp.shell.currentWidget.content.scrollToItem(2)")
    badge(book, 2).focus()
    book.page.keyboard.press("Enter")
    expect(book.sidebar.locator(".hx-panel .hx-title")).to_have_text("total")
    expect(book.sidebar.locator('.hx-node[data-node="total"]')).to_have_class(re.compile("hx-chosen"))
    book.page.evaluate("() => window.jupyterapp.shell.currentWidget.content.scrollToItem(6)")
    expect(cell(book, 1)).not_to_be_in_viewport()
    book.sidebar.locator('.hx-node[data-node="rows"]').click()
    expect(cell(book, 1)).to_be_in_viewport()
    assert book.page.evaluate(ACTIVE) == 1
    expect(book.sidebar.locator(".hx-panel .hx-title")).to_have_text("rows")


def test_names_complete_and_say_who_gives_them(open_book: Any) -> None:
    book = open_book(*CELLS, "%%helix X_train X_test --name split\nX_train, X_test = rows, rows", "x = 1")
    book.run(1)
    states(book, "never", "never", "never")
    items = book.page.locator(".jp-Completer:not(.lm-mod-hidden) .jp-Completer-item")

    def complete(text: str) -> Any:
        edit(book, 6, "")
        cell(book, 6).locator(".cm-content").click()
        book.page.keyboard.type(text)
        book.page.keyboard.press("Tab")
        return items

    # not declared yet, so no kernel knows of it
    expect(complete("y = X_t")).to_have_text([re.compile("X_test"), re.compile("X_train")])
    book.page.keyboard.press("Escape")
    for text, offered in (("%helix run sco", "scores"), ("%helix vers", "versions"), ("%%helix x --vol", "--volatile")):
        expect(complete(text).filter(has_text=offered)).to_be_visible()
        book.page.keyboard.press("Escape")
    edit(book, 6, "x = 1")
    cell(book, 2).locator(".cm-line").nth(1).get_by_text("rows").hover()
    card = book.page.locator(".helix-Hover")
    expect(card).to_contain_text("rows given by node rows")
    expect(card).to_have_attribute("data-state", "never")
    card.get_by_role("button", name="Go to its cell").click()
    assert book.page.evaluate(ACTIVE) == 1


def test_what_stands_on_the_declaring_line_leaves_the_colours_below_alone(open_book: Any) -> None:
    body = "for row in rows:\n    x = print('a', 1)"
    firsts = ("x = 1", "%%helix x --seed 3", "%%helix x --group (", "%%helix x --watch '''a", "# helix: x --group [")
    book = open_book(*(f"{first}\n{body}" for first in firsts), load=False)
    expect(cell(book, 5).locator(".helix-option")).to_have_text("--group")
    expect(cell(book, 2).locator(".helix-name")).to_have_text("x")
    plain = book.page.evaluate(COLOURS, 1)
    assert len({colour for line in plain for _, colour in line}) > 2
    for place in range(2, len(firsts) + 1):
        assert book.page.evaluate(COLOURS, place) == plain, firsts[place - 1]
