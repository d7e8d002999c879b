"""The version browser in JupyterLab and Notebook: list, curves, filter, notes, checkout, a long history."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_browser_dag import LAB, faults

CELLS = (
    "%%helix rows\nrows = list(range(10))",
    "%%helix scores --metrics\nscores = {'auc': 0.5, 'loss': 0.9}",
    "%helix run -m 'the first'",
    "session = get_ipython().find_line_magic('helix').__self__.session\n"
    "for auc, loss in ((0.8, 0.4), (0.7, 0.6)):\n"
    "    session.declare(f\"scores = {{'auc': {auc}, 'loss': {loss}}}\", ['scores'], metrics=True)\n"
    "    _ = session.run(message=f'auc {auc}')\n"
    "_ = session.checkout(1)\n"
    "session.declare(\"scores = {'auc': 0.6}\", ['scores'], metrics=True)\n"
    "_ = session.run(message='<img src=x onerror=window.hurt=1>')",
    "%helix versions",
    "%helix run -m later",
)
# one version that was run, and 9,999 that say the like
LONG = """
session = get_ipython().find_line_magic('helix').__self__.session
session.declare('rows = 1', ['rows'])
_ = session.run(message='the first')
import sqlite3
with sqlite3.connect('.helix/helix.db') as database:
    database.execute('''
        WITH RECURSIVE numbers(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10000)
        INSERT INTO versions (workflow, id, created, summary, payload, pieces)
        SELECT workflow, n, created + n, json_set(summary, '$.parent', n - 1, '$.message', 'try ' || n,
               '$.metrics', json_object('auc', (n % 97) / 97.0)), payload, pieces
        FROM versions, numbers WHERE id = 1''')
    database.execute('UPDATE workflows SET last_version = 10000')
"""


@pytest.fixture
def book(open_book: Any) -> Any:
    opened = open_book(*CELLS)
    opened.run(1, 2, 3, 4, 5)
    expect(opened.view.locator("[data-version]")).to_have_count(4)
    return opened


def version(book: Any, number: int) -> Any:
    return book.view.locator(f'[data-version="{number}"]')


def test_versions_are_seen_filtered_and_followed(book: Any) -> None:
    expect(version(book, 4)).to_have_attribute("aria-current", "true")
    expect(version(book, 2)).to_contain_text("★")
    expect(book.view.locator(".hxv-chart")).to_have_count(2)
    assert book.view.locator(".hxv-way").count() >= 5, "a branch is drawn"
    book.view.locator(".hxv-curve").first.hover(position={"x": 55, "y": 40})
    expect(book.view.locator(".hxv-told").first).to_have_text("v1 · 0.5000")
    expect(version(book, 1)).to_have_class("hxv-row hxv-pointed")
    book.view.locator(".hxv-grid").focus()
    book.page.keyboard.press("/")
    book.page.keyboard.type("auc>0.65")
    expect(book.view.locator("[data-version]")).to_have_count(2)
    book.run(6)
    expect(book.view.locator(".hx-counts")).to_contain_text("5 versions")
    assert book.view.locator(".hxv-filter").input_value() == "auc>0.65"
    book.view.locator(".hxv-filter").focus()
    book.page.keyboard.press("Escape")
    expect(book.view.locator("[data-version]")).to_have_count(5)
    book.page.keyboard.press("End")
    book.page.keyboard.press("Enter")
    expect(book.view.locator(".hx-panel .hx-title")).to_have_text("v1")
    assert faults(book) == []
    assert book.page.locator(".jp-CodeCell").count() == 7, "no shortcut of the notebook was taken"
    assert book.page.evaluate("() => window.hurt") is None


def test_a_version_is_renamed_tagged_and_deleted(book: Any) -> None:
    version(book, 3).click()
    panel = book.view.locator(".hx-panel")
    panel.get_by_label("message").fill("a dead end")
    book.page.keyboard.press("Enter")
    expect(version(book, 3)).to_contain_text("a dead end")
    panel.get_by_label("another tag").fill("old")
    book.page.keyboard.press("Enter")
    expect(version(book, 3).locator(".hxv-chip")).to_have_text("old")
    panel.get_by_label("Take off the tag old").click()
    expect(version(book, 3).locator(".hxv-chip")).to_have_count(0)
    panel.get_by_role("textbox", name="note").fill("why not")
    panel.get_by_role("button", name="Keep").click()
    expect(version(book, 3)).to_contain_text("why not")
    panel.get_by_role("button", name="Delete").click()
    expect(book.view.locator(".hxv-word")).to_contain_text("Delete v3 “a dead end”?")
    book.view.locator(".hx-primary").click()
    expect(version(book, 3)).to_have_count(0)
    version(book, 4).click()
    panel.get_by_role("button", name="Delete").click()
    book.view.locator(".hx-primary").click()
    expect(book.view.get_by_role("alert")).to_contain_text("current one and cannot be deleted")


@LAB
def test_two_versions_are_compared_and_one_is_checked_out(book: Any) -> None:
    book.view.locator(".hxv-grid").focus()
    for key in ("ArrowDown", "Space", "ArrowDown", "Space"):
        book.page.keyboard.press(key)
    book.view.get_by_role("button", name="Compare v3, v2").click()
    expect(book.view.locator(".hxv-below")).to_contain_text("v2 → v3")
    expect(book.view.locator(".hxv-below")).to_contain_text("auc")
    version(book, 1).click()
    book.view.get_by_role("button", name="Copy code").click()
    expect(book.view.locator(".hxv-word")).to_contain_text("clipboard")
    book.view.get_by_role("button", name="Check out").click()
    # by the extension, which brings cells back as well: these nodes were declared in code and have none
    expect(book.view.locator(".hxv-word")).to_contain_text("Version 1 is checked out")
    expect(version(book, 1)).to_have_attribute("aria-current", "true")
    assert faults(book) == []


@LAB
def test_in_a_narrow_place_messages_and_the_version_of_each_row_are_seen(book: Any) -> None:
    grid, message = book.view.locator(".hxv-grid"), version(book, 4).locator(".hxv-message")
    titles = book.view.locator(".hxv-head [role=columnheader]")
    book.view.evaluate("view => { view.style.width = '1000px'; }")
    expect(titles.filter(has_text="loaded")).to_have_count(1)
    book.view.evaluate("view => { view.style.width = '420px'; }")
    expect(titles.filter(has_text="loaded")).to_have_count(0)
    expect(titles.filter(has_text="When")).to_have_count(0)
    assert grid.evaluate("grid => grid.scrollWidth > grid.clientWidth"), "metrics are scrolled to"
    assert grid.evaluate("grid => grid.scrollHeight === grid.clientHeight"), "which hides no version"
    shown = "one => { const box = one.getBoundingClientRect(); return [box.left, box.right, box.width]; }"
    left, right, _ = grid.evaluate(shown)
    assert message.evaluate(shown)[1] <= right + 1
    assert message.evaluate(shown)[2] >= 240
    grid.evaluate("grid => { grid.scrollLeft = 10_000; }")
    assert left <= version(book, 4).locator(".hxv-id").evaluate(shown)[0] <= left + 2
    expect(titles.filter(has_text="loss")).to_be_in_viewport()
    # what it is sorted by stays
    book.view.evaluate("view => { view.style.width = '1000px'; }")
    book.view.get_by_role("button", name="When").click()
    book.view.evaluate("view => { view.style.width = '420px'; }")
    expect(titles.filter(has_text="loaded")).to_have_count(0)
    expect(titles.filter(has_text="When")).to_have_count(1)
    assert faults(book) == []


@LAB
def test_details_scroll_by_themselves_and_the_output_does_not(book: Any) -> None:
    version(book, 2).click()
    expect(book.view.locator(".hx-panel .hxv-nodes")).to_be_attached()
    panel, output = book.view.locator(".hx-panel"), book.page.locator(".jp-OutputArea-output", has=book.view)
    assert panel.evaluate("panel => panel.scrollHeight > panel.clientHeight")
    assert output.evaluate("output => output.scrollHeight === output.clientHeight")


@LAB
def test_the_dark_theme_can_be_read(open_book: Any) -> None:
    book = open_book(*CELLS, dark=True)
    theme = {"theme": "JupyterLab Dark"}
    book.page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', theme)", theme)
    book.page.locator("body[data-jp-theme-light=false]").wait_for(state="attached")
    book.run(1, 2, 3, 4, 5)
    version(book, 2).click()
    expect(book.view.locator(".hx-panel .hxv-nodes")).to_be_visible()
    assert faults(book) == []


def test_ten_thousand_versions_scroll(open_book: Any, server: Any) -> None:
    book = open_book(LONG, "%helix versions")
    book.run(1, 2)
    expect(book.view.locator(".hx-counts")).to_contain_text("10,000 versions")
    expect(book.view.locator(".hx-counts")).not_to_contain_text("so far")
    assert book.view.locator("[data-version]").count() < 60
    grid = book.view.locator(".hxv-grid")
    grid.focus()
    book.page.keyboard.press("End")
    expect(version(book, 1)).to_be_visible()
    grid.evaluate("grid => { grid.scrollTop = 5000 * 30; }")
    expect(version(book, 5000)).to_be_visible()
    assert book.view.locator("[data-version]").count() < 60
    book.view.locator(".hxv-filter").fill("v77 auc>0.5")
    expect(version(book, 77)).to_be_visible()
    book.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    (path,) = server[2].glob("test_ten_thousand*/book.ipynb")
    saved = json.loads(path.read_text())
    assert len(json.dumps(saved["cells"][2]["outputs"])) < 100_000
