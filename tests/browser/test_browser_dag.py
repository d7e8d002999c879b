"""The picture of a workflow in JupyterLab and Notebook: clicks, keys, groups, live runs, what is hostile."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import eventually
from tests.browser.jupyter import ROOT

AXE = ROOT / "labextension" / "node_modules" / "axe-core" / "axe.min.js"
# who speaks to a page says what stands there
RULES = "{rules: {'label-content-name-mismatch': {enabled: true}}}"
# what does not depend on the application is tested in one of them
LAB = pytest.mark.parametrize("server", ["lab"], indirect=True)
CELLS = (
    "%%helix rows --group data\nimport pandas as pd\nprint('reading')\n"
    "rows = pd.DataFrame({'x': range(1000), 'y': range(1000)})",
    "%%helix total --group data\ntotal = rows['x'].sum()",
    "%%helix mean --metrics\nmean = {'mean': float(total) / 1000}",
    "%helix dag",
)
SLOW = (
    "%%helix first\nimport time\ntime.sleep(0.5)\nfirst = 1",
    "%%helix nap\nimport time\nnap = first\nwhile True:\n    time.sleep(0.1)",
    "%%helix last\nlast = nap",
    "%helix dag",
    "%helix run",
    "v = %helix versions\nv[-1].status",
)


def faults(book: Any) -> list[str]:
    """What axe-core finds wrong with the widget."""
    book.page.evaluate(AXE.read_text())
    found = book.page.evaluate("async () => (await axe.run('.hx', " + RULES + ")).violations")
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


@pytest.fixture
def book(open_book: Any) -> Any:
    opened = open_book(*CELLS, "%helix run")
    opened.run(1, 2, 3, 4)
    expect(opened.view.locator(".hx-node")).to_have_count(3)
    return opened


def test_a_picture_is_clicked_walked_in_and_searched(book: Any) -> None:
    panel = book.view.locator(".hx-panel")
    expect(book.node("rows")).to_have_attribute("data-state", "compute")
    book.run(5)
    expect(book.node("rows")).to_have_attribute("data-state", "done")
    expect(book.node("rows")).to_have_attribute("data-value", "fresh")
    book.node("rows").hover()
    expect(book.view.locator(".hx-tooltip")).to_contain_text("done")
    book.node("rows").click()
    expect(panel.locator(".hx-code").first).to_contain_text("pd.DataFrame")
    expect(panel.locator(".hx-frame th")).to_have_count(2)
    expect(panel).to_contain_text("reading")
    expect(book.node("mean")).to_have_class("hx-node hx-is-done hx-down")
    assert faults(book) == []
    book.page.keyboard.press("ArrowDown")
    expect(panel.locator(".hx-title")).to_have_text("total")
    book.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    book.page.keyboard.press("/")
    book.page.keyboard.type("mea")
    expect(book.view.locator(".hx-found")).to_have_count(1)
    assert book.page.locator(".jp-CodeCell").count() == 6, "no shortcut of the notebook was taken"


def test_shortcuts_of_the_application_are_its_own_within_a_picture(book: Any) -> None:
    read = "() => window.jupyterapp.shell.currentWidget.context.model.dirty"
    book.node("rows").click()
    assert book.page.evaluate(read)
    book.page.keyboard.press("Control+s")
    eventually(lambda: book.page.evaluate(read), False)
    search = book.view.locator(".hx-search")
    search.fill("rows")
    book.page.keyboard.press("Control+a")
    book.page.keyboard.type("mean")
    expect(search).to_have_value("mean")
    # and those of the notebook are not: there A puts a cell above
    count = len(book.sources)
    book.node("mean").click()
    book.page.keyboard.press("a")
    book.page.keyboard.press("Control+s")
    eventually(lambda: book.page.evaluate(read), False)
    assert len(book.sources) == count


@LAB
def test_long_names_have_room_in_the_details(open_book: Any) -> None:
    name = "rows_" * 20 + "counted"
    cells = ("%%helix rows\nrows = [1]", f"%%helix {name}\n{name} = len(rows)")
    scores = "%%helix scores --metrics\nscores = {'accuracy_of_the_forest': rows[0]}"
    book = open_book(*cells, scores, "%helix run", "%helix dag")
    book.run(1, 2, 3, 4, 5)
    panel = book.view.locator(".hx-panel")
    book.node("rows").click()
    expect(panel.get_by_role("button", name=name[:40])).to_be_visible()
    assert panel.evaluate("panel => panel.scrollWidth === panel.clientWidth")
    book.node("scores").click()
    field = panel.locator("dt", has_text="accuracy_of_the_forest")
    expect(field).to_be_visible()
    assert field.evaluate("field => field.getClientRects().length === 1 && field.offsetHeight < 24"), "in one line"


@LAB
def test_a_click_on_a_box_at_the_edge_is_its_own(book: Any) -> None:
    mouse, frame = book.page.mouse, book.view.locator(".hx-frame-of-picture")
    frame.scroll_into_view_if_needed()
    around, box = frame.bounding_box(), book.node("rows").bounding_box()
    left, top = around["x"] + 5, around["y"] + around["height"] - 5
    mouse.move(left, top)
    mouse.down()
    mouse.move(left, top - (box["y"] + box["height"] - around["y"] - 6), steps=5)  # six pixels of the box are left
    mouse.up()
    mouse.move(box["x"] + box["width"] / 2, around["y"] + 3)
    mouse.down()
    mouse.up()
    expect(book.view.locator(".hx-panel .hx-title")).to_have_text("rows")
    eventually(lambda: book.node("rows").bounding_box()["y"] >= around["y"], True)


@LAB
def test_a_group_is_one_box_when_one_likes(book: Any) -> None:
    book.view.get_by_role("button", name="data (2)").click()
    expect(book.view.locator(".hx-node")).to_have_count(2)
    expect(book.node("group data")).to_contain_text("2 nodes")
    book.run(5)
    expect(book.node("group data")).to_have_attribute("data-state", "done")
    book.node("group data").dblclick()
    expect(book.view.locator(".hx-node")).to_have_count(3)


@LAB
def test_an_edit_and_another_cell_bring_the_picture_up_to_date(book: Any) -> None:
    book.run(5)
    expect(book.node("mean")).to_have_attribute("data-state", "done")
    book.page.evaluate("""() => {
      const notebook = window.jupyterapp.shell.currentWidget.content;
      notebook.widgets[3].model.sharedModel.setSource("%%helix mean --metrics\\nmean = {'mean': float(total) / 999}");
    }""")
    book.run(3)
    book.view.get_by_role("button", name="Next run").click()
    expect(book.node("mean")).to_have_attribute("data-value", "stale")
    expect(book.node("mean")).to_have_attribute("data-state", "compute")


def test_a_run_is_shown_as_it_goes_and_stopped(open_book: Any) -> None:
    book = open_book(*SLOW)
    book.run(1, 2, 3, 4)
    expect(book.node("nap")).to_have_attribute("data-state", "compute")
    book.start(5)
    expect(book.node("nap")).to_have_attribute("data-state", "running")
    expect(book.node("first")).to_have_attribute("data-state", "done")
    expect(book.node("last")).to_have_attribute("data-state", "queued")
    expect(book.view.get_by_role("progressbar")).to_be_visible()
    expect(book.node("nap")).to_contain_text(re.compile(r"running \d+"))
    assert faults(book) == []
    book.node("first").click()
    expect(book.view.locator(".hx-panel .hx-code").first).to_contain_text("first = 1")
    expect(book.node("nap")).to_have_attribute("data-state", "running")
    book.view.get_by_role("button", name="Stop").click()
    expect(book.node("nap")).to_have_attribute("data-state", "interrupted")
    expect(book.view.locator(".hx-bar-words")).to_contain_text("Run interrupted")
    # what is run before the cell is over is dropped with it; a kernel that answered meanwhile calls itself idle
    expect(book.page.locator(".jp-CodeCell").nth(5).locator(".jp-InputPrompt")).not_to_contain_text("*")
    book.run(6)
    assert "interrupted" in book.text(6)


@LAB
def test_the_dark_theme_can_be_read(open_book: Any) -> None:
    book = open_book(*CELLS, dark=True)
    theme = {"theme": "JupyterLab Dark"}
    book.page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', theme)", theme)
    book.page.locator("body[data-jp-theme-light=false]").wait_for(state="attached")
    book.run(1, 2, 3, 4)
    book.node("rows").click()
    expect(book.view.locator(".hx-panel .hx-code").first).to_contain_text("pd.DataFrame")
    ground = book.view.evaluate("element => getComputedStyle(element).backgroundColor")
    assert max(int(part) for part in ground.removeprefix("rgb(").removesuffix(")").split(",")) < 80
    assert faults(book) == []


@LAB
def test_text_of_others_is_no_markup(open_book: Any) -> None:
    hostile = "<img src=x onerror=window.hurt=1>"
    code = f"a = {{{hostile!r}: {hostile!r}}}; print({hostile!r})"
    declare = f"session.declare({code!r}, ['a'], group={hostile!r})\nsession.declare('b = len(a)', ['b'])"
    book = open_book(
        f"import helix_jupyter\nsession = helix_jupyter.Session()\n{declare}\n_ = session.run()", "session"
    )
    book.run(1, 2)
    expect(book.view.locator(".hx-node")).to_have_count(2)
    book.node("a").click()
    expect(book.view.locator(".hx-panel .hx-code").first).to_contain_text(hostile)
    assert book.view.locator("img").count() == 0
    assert book.page.evaluate("() => window.hurt") is None


@LAB
def test_after_a_restart_a_view_says_what_to_run_and_its_buttons_rest(book: Any) -> None:
    book.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    expect(book.page.get_by_text("run %helix dag again")).to_be_visible()
    expect(book.view.get_by_role("button", name="Refresh")).to_be_disabled()
    expect(book.node("rows")).to_be_visible()


def test_a_saved_notebook_keeps_a_static_picture(book: Any, server: Any) -> None:
    book.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    (path,) = server[2].glob("test_a_saved_notebook*/book.ipynb")
    saved = json.loads(path.read_text())
    (output,) = saved["cells"][4]["outputs"]
    assert {"text/plain", "text/html", "image/svg+xml"} < output["data"].keys()
    assert len(json.dumps(output)) < 200_000


@LAB
def test_two_thousand_nodes_are_drawn_and_moved(open_book: Any) -> None:
    declare = """
from helix_jupyter.session.views import Views
from helix_jupyter.view.types import Dag
node = dict(
    outputs=[], state="compute", reason="", seconds=1.0, compute_seconds=1.0, bytes=5, group=None, code="", place=None,
    update=False, metrics=False, value="fresh", last=None, status="",
)
names = [f"n{n}" for n in range(2000)]
ends = [(names[n - by], names[n]) for n in range(2000) for by in (7, 12) if n >= by]
edges = [dict(parent=parent, child=child, names=[], chain=False) for parent, child in ends]
large = dict(format=1, nodes=[dict(node, name=name) for name in names], edges=edges, plan=None, version=None)
"""
    book = open_book(declare, "Dag(large, Views(lambda: large, dict, print).dag)")
    book.run(1, 2)
    expect(book.view.locator(".hx-node")).to_have_count(2000, timeout=60_000)
    frame = book.view.locator(".hx-frame-of-picture").bounding_box()
    x, y = frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2
    before = book.view.locator(".hx-picture").evaluate("picture => picture.style.transform")
    book.page.mouse.move(x, y)
    book.page.mouse.down()
    for step in range(10):
        book.page.mouse.move(x - 20 * step, y - 10 * step)
    book.page.mouse.up()
    assert book.view.locator(".hx-picture").evaluate("picture => picture.style.transform") != before
