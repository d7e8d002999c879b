"""The picture of a workflow in JupyterLab and Notebook: clicks, keys, groups, live runs, what is hostile."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

CELLS = (
    "%%helix rows --group data\nimport pandas as pd\nprint('reading')\n"
    "rows = pd.DataFrame({'x': range(1000), 'y': range(1000)})",
    "%%helix total --group data\ntotal = rows['x'].sum()",
    "%%helix mean --metrics\nmean = {'mean': float(total) / len(rows)}",
    "%helix dag",
)


@pytest.fixture
def book(open_book: Any) -> Any:
    opened = open_book(*CELLS, "%helix run")
    opened.run(1, 2, 3, 4)
    expect(opened.view.locator(".hx-node")).to_have_count(3)
    return opened


def test_a_picture_is_clicked_searched_and_walked_in(book: Any) -> None:
    expect(book.node("rows")).to_have_attribute("data-state", "compute")
    book.run(5)
    expect(book.node("rows")).to_have_attribute("data-state", "done")
    expect(book.node("rows")).to_have_attribute("data-value", "fresh")
    book.node("rows").click()
    panel = book.view.locator(".hx-panel")
    expect(panel.locator(".hx-code").first).to_contain_text("pd.DataFrame")
    expect(panel.locator(".hx-frame th")).to_have_count(2)
    expect(panel).to_contain_text("reading")
    expect(book.node("mean")).to_have_class("hx-node hx-is-done hx-down")
    book.page.keyboard.press("ArrowDown")
    expect(panel.locator("h3")).to_have_text("total")
    book.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    book.page.keyboard.press("/")
    book.page.keyboard.type("mea")
    expect(book.view.locator(".hx-found")).to_have_count(1)
    assert book.page.locator(".jp-CodeCell").count() == 7, "no shortcut of the notebook was taken"
