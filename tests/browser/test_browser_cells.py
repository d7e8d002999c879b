"""Cells in JupyterLab and Notebook: badges by the prompt, links with the picture, completion, hover, colours."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import partial
from typing import Any

from playwright.sync_api import TimeoutError, expect

from tests.browser.conftest import eventually
from tests.browser.jupyter import ROOT

AXE = ROOT / "labextension" / "node_modules" / "axe-core" / "axe.min.js"
CELLS = (
    "%%helix rows\nimport time\ntime.sleep(0.2)\nrows = list(range(1000))",
    "%%helix total\ntotal = sum(rows)",
    "# helix: scores --metrics\nscores = {'mean': total / 1000}",
    "total",
)
NAP = "%%helix nap\nimport time\nnap = first\nwhile True:\n    time.sleep(0.1)"
SET = """([place, text]) => {
  window.jupyterapp.shell.currentWidget.content.widgets[place].model.sharedModel.setSource(text);
}"""
# it is refused where JupyterLab itself goes somewhere meanwhile
SCROLL = "place => window.jupyterapp.shell.currentWidget.content.scrollToItem(place).catch(() => null)"
ACTIVE = "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
RESTART = "() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()"
# the middle of a word's first occurrence in a line of a cell
WORD = """([place, line, word]) => {
  const found = document.querySelectorAll('.jp-CodeCell')[place].querySelectorAll('.cm-line')[line];
  const walker = document.createTreeWalker(found, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(word);
    if (at < 0) continue;
    const range = new Range();
    range.setStart(walker.currentNode, at);
    range.setEnd(walker.currentNode, at + word.length);
    const box = range.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  }
}"""
COLOURS = """place => [...document.querySelectorAll('.jp-CodeCell')[place].querySelectorAll('.cm-line')].slice(1).map(
  line => [...line.querySelectorAll('span')].map(one => [one.textContent, getComputedStyle(one).color])
)"""


def cell(book: Any, place: int) -> Any:
    """A cell by its place."""
    return book.page.locator(".jp-CodeCell").nth(place)


def badge(book: Any, place: int) -> Any:
    """The badge of a cell."""
    return cell(book, place).locator(".helix-Badge")


def card(book: Any, place: int) -> Any:
    """What a declaring cell's output says by now."""
    return cell(book, place).locator(".helix-Card")


def states(book: Any, *expected: str) -> None:
    """What the badges of the cells behind the first say."""
    for place, state in enumerate(expected, 1):
        expect(badge(book, place)).to_have_attribute("data-state", state)


def edit(book: Any, place: int, text: str) -> None:
    """Another text in a cell, without running it."""
    book.page.evaluate(SET, [place, text])


def complete(book: Any, place: int, text: str, offered: str) -> None:
    """Type into a cell until the completer offers something: JupyterLab waits a second for a kernel, and no longer."""
    item = book.page.locator(".jp-Completer:not(.lm-mod-hidden) .jp-Completer-item", has_text=offered)
    for _ in range(10):
        edit(book, place, "")
        cell(book, place).locator(".cm-content").click()
        book.page.keyboard.type(text)
        book.page.keyboard.press("Tab")
        with suppress(TimeoutError):
            item.wait_for(timeout=4_000)
            break
    expect(item).to_be_visible()
    book.page.keyboard.press("Escape")


def point_at(book: Any, place: int, line: int, word: str, card: Any) -> None:
    """Rest on a word until it is told of: lines move while a page takes shape."""
    for _ in range(10):
        book.page.mouse.move(1, 1)
        book.page.mouse.move(*book.page.evaluate(WORD, [place, line, word]), steps=3)
        with suppress(TimeoutError):
            card.wait_for(timeout=4_000)
            break


def test_badges_say_how_each_node_is_and_follow_what_is_typed(open_book: Any) -> None:
    book = open_book(*CELLS, load=False)
    expect(book.page.locator(".helix-Badge")).to_have_count(0)
    book.run(0)
    states(book, "never", "never", "never")
    expect(badge(book, 4)).to_have_count(0)
    expect(badge(book, 1)).to_have_text("never run")
    book.run(1, 2, 3)
    expect(card(book, 2)).to_contain_text("rows → total")
    expect(card(book, 2)).to_have_attribute("data-state", "never")
    book.command("helix:run")
    states(book, "fresh", "fresh", "fresh")
    expect(card(book, 2)).to_have_attribute("data-state", "fresh")
    cell(book, 2).locator(".cm-content").click()
    book.page.keyboard.press("Control+End")
    book.page.keyboard.type(" + 1")
    states(book, "fresh", "stale", "stale")
    expect(card(book, 3)).to_have_attribute("data-state", "stale")
    expect(card(book, 2)).to_contain_text("line 2 changed: total = sum(rows) → total = sum(rows) + 1")
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
    # what was said when the cell was run, which nobody knows better now
    expect(card(book, 2)).to_be_hidden()
    expect(cell(book, 2).locator(".jp-OutputArea")).to_contain_text("%helix run computes it")
    book.run(0)
    # what is stored is there before anything is declared again
    expect(badge(book, 1)).to_have_attribute("data-state", re.compile("loads|fresh"))
    for place in (2, 3):  # so cheap that they may be computed of it rather than loaded
        expect(badge(book, place)).to_have_attribute("data-state", re.compile("loads|fresh|computes"))
    book.command("notebook:delete-cell")


def test_badges_follow_a_run_and_what_is_typed_meanwhile(open_book: Any) -> None:
    book = open_book("%%helix first\nfirst = 1", NAP, "%%helix last\nlast = nap")
    book.run(1, 2, 3)
    book.page.evaluate("() => { window.jupyterapp.commands.execute('helix:run'); }")
    states(book, "fresh", "running", "queued")
    expect(badge(book, 2)).to_have_text(re.compile(r"running\s*[1-9]"))
    edit(book, 3, "%%helix last\nlast = nap +")
    states(book, "fresh", "running", "error")
    book.command("helix:stop")
    expect(badge(book, 2)).to_have_attribute("data-state", "interrupted")
    edit(book, 3, "%%helix last\nlast = nap")
    # asked behind the run, no longer told by it
    expect(badge(book, 2)).to_have_attribute("title", re.compile("interrupted when it was last run"))
    expect(card(book, 2)).to_contain_text("interrupted")


def test_a_badge_leads_to_its_node_and_a_node_to_its_cell(open_book: Any) -> None:
    filler = ["1\n" * 30] * 3
    book = open_book(*CELLS[:3], *filler)
    book.run(1, 2, 3)
    book.page.evaluate(SCROLL, 2)
    badge(book, 2).focus()
    book.page.keyboard.press("Enter")
    expect(book.sidebar.locator(".hx-panel .hx-title")).to_have_text("total")
    expect(book.sidebar.locator('.hx-node[data-node="total"]')).to_have_class(re.compile("hx-chosen"))
    book.page.evaluate(SCROLL, 6)
    expect(cell(book, 1)).not_to_be_in_viewport()
    book.sidebar.locator('.hx-node[data-node="rows"]').click()
    expect(cell(book, 1)).to_be_in_viewport()
    book.page.wait_for_function(f"() => ({ACTIVE})() === 1")
    expect(book.sidebar.locator(".hx-panel .hx-title")).to_have_text("rows")


def test_names_complete_and_say_who_gives_them(open_book: Any) -> None:
    book = open_book(*CELLS, "%%helix X_train X_test --name split\nX_train, X_test = rows, rows", "x = 1")
    book.run(1)
    states(book, "never", "never", "never")
    # not declared yet, so no kernel knows of it
    for text, offered in (("y = X_t", "X_train"), ("%helix run sco", "scores")):
        complete(book, 6, text, offered)
    # of the kernel
    for text, offered in (("%helix vers", "versions"), ("%%helix x --vol", "--volatile")):
        complete(book, 6, text, offered)
    edit(book, 6, "x = 1")
    card = book.page.locator(".helix-Hover")
    point_at(book, 2, 1, "rows", card)
    expect(card).to_contain_text("rows given by node rows")
    expect(card).to_have_attribute("data-state", "never")
    card.get_by_role("button", name="Go to its cell").click()
    book.page.wait_for_function(f"() => ({ACTIVE})() === 1")


def test_what_stands_on_the_declaring_line_leaves_the_colours_below_alone(open_book: Any) -> None:
    body = "for row in rows:\n    x = print('a', 1)"
    firsts = ("x = 1", "%%helix x --seed 3", "%%helix x --group (", "%%helix x --watch '''a", "# helix: x --group [")
    book = open_book(*(f"{first}\n{body}" for first in firsts), load=False)
    expect(cell(book, 5).locator(".helix-option")).to_have_text("--group")
    expect(cell(book, 2).locator(".helix-name")).to_have_text("x")
    # an editor colours what it has read so far
    eventually(lambda: len({colour for line in book.page.evaluate(COLOURS, 1) for _, colour in line}) > 2, True)
    plain = book.page.evaluate(COLOURS, 1)
    for place in range(2, len(firsts) + 1):
        eventually(partial(book.page.evaluate, COLOURS, place), plain)


# a node's box within the frame of the sidebar's picture, and how large its name is drawn
LOOKED_AT = """name => {
  const frame = document.querySelector('.helix-Sidebar .hx-frame-of-picture').getBoundingClientRect();
  const node = document.querySelector(`.helix-Sidebar .hx-node[data-node="${name}"]`);
  const box = node.querySelector('.hx-box').getBoundingClientRect();
  const word = [...node.querySelectorAll('.hx-name, .hx-far')].find(one => getComputedStyle(one).display !== 'none');
  const isBeside = box.right > frame.right || box.left < frame.left || box.bottom > frame.bottom || box.top < frame.top;
  return [!isBeside, word.getBoundingClientRect().height >= 9];
}"""


def test_the_sidebar_shows_first_what_a_run_computes_so_that_it_can_be_read_and_all_on_request(open_book: Any) -> None:
    wide = [f"%%helix wide_{at}\nwide_{at} = start + {at}" for at in range(12)]
    book = open_book("%%helix start\nstart = 1", *wide)
    book.command("helix:show-dag")
    book.run(*range(1, 14))

    def looked_at(name: str) -> list[bool]:
        return list(book.page.evaluate(LOOKED_AT, name))

    def awaits(name: str) -> None:
        eventually(lambda: looked_at(name), [True, True])

    expect(book.sidebar.locator(".hx-node")).to_have_count(13)
    awaits("start")
    book.command("helix:run")
    for place in (2, 13):  # as it is typed, at either end of the picture
        book.write(place, book.sources[place] + " + 1")
        awaits(f"wide_{place - 2}")
        book.command("helix:run")
        expect(book.sidebar.locator(".helix-Head")).to_contain_text("All is up to date.")
        awaits(f"wide_{place - 2}")
    book.sidebar.get_by_role("button", name="Fit").click()
    names = ["start", *(f"wide_{at}" for at in range(12))]
    assert [looked_at(name)[0] for name in names] == [True] * 13
    book.write(2, book.sources[2] + " + 1")
    expect(book.sidebar.locator(".helix-Head")).to_contain_text("computes 1")
    assert [looked_at(name)[0] for name in names] == [True] * 13, "where the user looks, the picture stays"
