"""The plan explorer in JupyterLab and Notebook: choices, budget, policy, curve, apply, take back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.jupyter import ROOT

AXE = ROOT / "labextension" / "node_modules" / "axe-core" / "axe.min.js"
# who speaks to a page says what stands there
RULES = "{rules: {'label-content-name-mismatch': {enabled: true}}}"
LAB = pytest.mark.parametrize("server", ["lab"], indirect=True)
CELLS = (
    "%helix config policy=all\nimport time",
    "%%helix rows\ntime.sleep(0.2)\nrows = list(range(50_000))",
    "%%helix squares\ntime.sleep(0.2)\nsquares = [x * x for x in rows]",
    "%%helix total\ntotal = sum(squares)",
    "%%helix shown\nshown = str(total)",
    "%helix run",
    "%%helix shown --replace\nshown = f'{total:,}'",
    "%helix plan --explore",
    "v = %helix run\n{name: record.state.value for name, record in v.nodes.items()}",
    "%helix status",
    "%helix dag",
)
EXPLORE, RUN, STATUS, DAG = 8, 9, 10, 11


# how what one works a view with looks, by its own rules and the shared ones; figures beside it follow other cells
LOOKS = """() => [...document.querySelector('.hx').querySelectorAll('button, input, select')].map(one => {
  const said = getComputedStyle(one);
  const names = ['color', 'background', 'border', 'border-radius', 'font', 'height'];
  return [`${one.tagName} ${one.className}`, ...names.map(name => said.getPropertyValue(name))];
})"""


def faults(book: Any) -> list[str]:
    """What axe-core finds wrong with the widget."""
    book.page.evaluate(AXE.read_text())
    found = book.page.evaluate("async () => (await axe.run('.hx', " + RULES + ")).violations")
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


def explorer(open_book: Any, dark: bool = False) -> Any:
    book = open_book(*CELLS, dark=dark)
    if dark:
        theme = {"theme": "JupyterLab Dark"}
        book.page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', theme)", theme)
        book.page.locator("body[data-jp-theme-light=false]").wait_for(state="attached")
    book.run(*range(1, EXPLORE + 1))
    expect(book.view.locator(".hx-buys")).to_be_visible()
    return book


def total(book: Any, key: str) -> Any:
    """A line of the totals: as it is, what if, difference."""
    return book.view.locator(f'[data-total="{key}"]')


def press(book: Any, node: str, key: str) -> None:
    book.node(node).click()
    book.page.keyboard.press(key)


def test_choices_are_answered_applied_run_and_taken_back(open_book: Any) -> None:
    book = explorer(open_book)
    expect(book.node("squares")).to_have_attribute("data-state", "prune")
    press(book, "squares", "f")
    expect(book.node("squares")).to_have_attribute("data-state", "compute")
    expect(book.node("squares")).to_contain_text("was prune")
    expect(book.node("squares")).to_contain_text("forced")
    expect(total(book, "seconds")).to_contain_text(re.compile("▲ \\+.*s"))
    press(book, "rows", "p")
    expect(book.node("rows")).to_contain_text("pinned")
    press(book, "shown", "d")
    expect(book.node("shown")).to_have_attribute("data-state", "dropped")
    expect(book.view.locator(".hx-chip-asked")).to_have_text(["pin rows", "force squares", "drop shown"])
    assert faults(book) == []
    book.view.get_by_role("button", name="Apply").click()
    expect(book.view.locator(".hx-command")).to_have_text("%helix run --force squares")
    expect(book.view.locator(".hx-node")).to_have_count(3)
    book.run(RUN)
    assert "shown" not in book.text(RUN)
    book.run(STATUS)
    assert re.search(r"rows.*pinned", book.text(STATUS))
    book.view.get_by_role("button", name="Take back").click()
    expect(book.view.locator(".hx-node")).to_have_count(4)
    book.run(RUN)
    assert "'shown': 'compute'" in book.text(RUN)
    book.run(STATUS)
    assert "pinned" not in book.text(STATUS)
    assert book.page.locator(".jp-CodeCell").count() == len(CELLS) + 1, "no shortcut of the notebook was taken"


def test_the_budget_is_moved_in_three_ways_and_what_it_costs_is_asked_first(open_book: Any) -> None:
    book = explorer(open_book)
    slider, field = book.view.locator(".hx-slider"), book.view.locator(".hx-bytes")
    expect(field).to_have_value("2 GB")
    slider.focus()
    for _ in range(3):
        book.page.keyboard.press("PageDown")
    expect(field).not_to_have_value("2 GB")
    field.fill("1kB")
    field.press("Enter")
    expect(book.view.locator(".hx-chip-asked")).to_have_text(["budget 1 kB"])
    expect(total(book, "gone")).to_contain_text("▲")
    then = book.view.locator(".hx-then")
    before = then.get_attribute("cx")
    curve = book.view.locator(".hx-curve")
    box = curve.bounding_box()
    curve.click(position={"x": 0.6 * box["width"], "y": 0.5 * box["height"]})
    expect(then).not_to_have_attribute("cx", before)
    field.fill("lots")
    field.press("Enter")
    expect(book.view.locator(".hx-outcome")).to_contain_text("no size")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("1kB")
    field.press("Enter")
    expect(book.view.locator(".hx-chip-asked")).to_have_text(["budget 1 kB"])
    book.view.get_by_role("button", name="Apply").click()
    expect(book.view.locator(".hx-outcome")).to_contain_text(re.compile("This deletes .*rows"))
    assert faults(book) == []
    book.view.get_by_role("button", name="Delete and apply").click()
    expect(book.view.locator(".hx-outcome")).to_contain_text("Applied")
    expect(field).to_have_value("1 kB")


@LAB
def test_policy_never_target_and_reset(open_book: Any) -> None:
    book = explorer(open_book)
    book.view.locator(".hx-policy").select_option("none")
    press(book, "rows", "n")
    expect(book.node("rows")).to_contain_text("never stored")
    expect(total(book, "next")).to_contain_text("▲")
    press(book, "squares", "t")
    expect(book.node("shown")).to_have_attribute("data-state", "prune")
    book.view.get_by_role("button", name="Reset").click()
    expect(book.view.locator(".hx-chip-asked")).to_have_count(0)
    expect(book.node("shown")).to_have_attribute("data-state", "compute")
    expect(total(book, "next")).not_to_contain_text("▲")


@LAB
def test_where_room_is_short_the_picture_has_all_of_the_width(open_book: Any) -> None:
    book = explorer(open_book)
    book.view.evaluate("view => { view.style.width = '790px'; }")
    picture, panel = book.view.locator(".hx-beside"), book.view.locator(".hx-panel")
    expect(picture).to_have_css("width", "788px")
    buys, totals = (panel.locator(one).bounding_box() for one in (".hx-storage", "[aria-label=totals]"))
    assert buys["x"] > totals["x"] + totals["width"], "the panel stands below, in two columns"
    assert panel.evaluate("panel => panel.scrollHeight === panel.clientHeight")


@LAB
def test_the_picture_of_the_workflow_turns_into_it_and_follows_other_cells(open_book: Any) -> None:
    book = open_book(*CELLS)
    book.run(*range(1, EXPLORE), DAG)
    book.view.get_by_role("button", name="What if").click()
    press(book, "squares", "f")
    expect(book.node("squares")).to_have_attribute("data-state", "compute")
    book.run(RUN)
    expect(book.node("shown")).not_to_have_attribute("data-state", "compute")
    expect(book.node("squares")).to_have_attribute("data-state", "compute")
    book.view.get_by_role("button", name="Back", exact=True).click()
    expect(book.view).to_have_attribute("data-view", "dag")


@LAB
def test_a_view_looks_as_it_does_whatever_views_stand_below_it(open_book: Any) -> None:
    book = explorer(open_book)
    press(book, "rows", "p")
    press(book, "shown", "d")
    expect(book.node("shown")).to_have_attribute("data-state", "dropped")
    expect(book.view.get_by_role("button", name="Apply")).to_be_enabled()
    book.page.mouse.move(1, 1)
    looks = book.page.evaluate(LOOKS)
    book.run(DAG)
    expect(book.page.locator(".hx").nth(1).locator(".hx-node").first).to_be_visible()
    assert book.page.evaluate(LOOKS) == looks


@LAB
def test_the_dark_theme_can_be_read(open_book: Any) -> None:
    book = explorer(open_book, dark=True)
    press(book, "rows", "d")
    expect(book.node("total")).to_have_attribute("data-state", "dropped")
    assert faults(book) == []
