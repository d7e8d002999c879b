"""The extension in JupyterLab and Notebook: the sidebar with its buttons, what it survives, commands, saved outputs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import IDLE, THERE, eventually
from tests.browser.jupyter import PATIENCE, ROOT, write_notebook

AXE = ROOT / "labextension" / "node_modules" / "axe-core" / "axe.min.js"
# what does not depend on the application is tested in one of them
LAB = pytest.mark.parametrize("server", ["lab"], indirect=True)
CELLS = (
    "%%helix rows\nrows = list(range(1000))",
    "%%helix total\ntotal = sum(rows)",
    "%%helix scores --metrics\nscores = {'mean': total / 1000}",
)
SLOW = (
    "%%helix first\nfirst = 1",
    "%%helix nap\nimport time\nnap = first\nwhile True:\n    time.sleep(0.1)",
)


def faults(book: Any) -> list[str]:
    """What axe-core finds wrong with the sidebar."""
    book.page.evaluate(AXE.read_text())
    found = book.page.evaluate("async () => (await axe.run('.helix-Sidebar')).violations")
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


def node(book: Any, name: str) -> Any:
    """A node in the sidebar's picture."""
    return book.sidebar.locator(f'.hx-node[data-node="{name}"]')


def press(book: Any, name: str) -> None:
    """A button of the sidebar's top."""
    book.sidebar.locator(".helix-Head").get_by_role("button", name=name, exact=True).click()


def chord(book: Any, *keys: str) -> None:
    """Press keys after each other until the sidebar opens: a second between them is too long for a shortcut."""

    def pressed() -> bool:
        for key in keys:
            book.page.keyboard.press(key)
        return bool(book.sidebar.is_visible())

    eventually(pressed, True)


def reload(book: Any) -> None:
    """Load the page anew, until its notebook is there; its kernel may be busy."""
    book.page.reload()
    book.page.wait_for_function(THERE, timeout=PATIENCE * 1000)


def test_the_sidebar_offers_to_load_and_then_runs_the_workflow(open_book: Any) -> None:
    book = open_book(*CELLS, load=False)
    book.command("helix:show-dag")
    expect(book.sidebar).to_contain_text("Not loaded in this kernel")
    assert faults(book) == []
    book.sidebar.get_by_role("button", name="Load helix_jupyter").click()
    expect(book.sidebar).to_contain_text("3 cells are not declared yet")
    expect(book.sidebar.get_by_role("button", name="Run", exact=True)).to_be_enabled()
    book.run(1, 2, 3)
    expect(book.sidebar).not_to_contain_text("not declared yet")
    expect(book.sidebar.locator(".helix-Forecast")).to_contain_text("computes 3 of 3")
    press(book, "Run")
    expect(node(book, "scores")).to_have_attribute("data-state", "done")
    expect(book.sidebar.locator(".helix-Forecast")).to_contain_text("up to date")
    expect(book.sidebar.locator(".helix-Versions > li")).to_have_count(1)
    expect(book.sidebar.locator(".helix-Metrics")).to_have_text("mean 499.5")
    expect(book.sidebar.get_by_role("meter")).to_have_attribute("aria-valuetext", re.compile("of 2 GB"))
    assert faults(book) == []
    expect(book.page.locator(".jp-CodeCell").first.locator(".jp-InputPrompt")).to_have_text("[ ]:")


def test_a_command_waits_for_the_cell_that_loads_the_extension(open_book: Any, server: Any) -> None:
    book = open_book(*CELLS, load=False)
    waits = "import os, time\nwhile not os.path.exists('go'):\n    time.sleep(0.01)"
    book.write(0, f"{waits}\n%load_ext helix_jupyter")
    book.start(0)
    book.start_command("helix:run")
    said = book.page.locator(".Toastify__toast")
    expect(said).to_contain_text("Run Workflow waits for the cells that run in book.ipynb")
    (folder,) = server[2].glob("test_a_command_waits_for_the_cell*")
    (folder / "go").touch()
    expect(book.page.locator('.helix-Badge[data-state="fresh"]')).to_have_count(3)
    expect(said).to_have_count(0)


@LAB
def test_long_names_of_metrics_leave_room_for_their_figures(open_book: Any) -> None:
    name = "mean_absolute_percentage_error_of_the_validation_set"
    book = open_book(f"%%helix scores --metrics\nscores = {{'{name}': 12345.678}}")
    book.command("helix:show-dag")
    book.run(1)
    book.command("helix:run")
    metrics = book.sidebar.locator(".helix-Metrics")
    expect(metrics).to_have_text(f"{name} 12,346")
    around = metrics.bounding_box()
    named, figure = (metrics.locator(f".helix-Metric-{part}").bounding_box() for part in ("name", "figure"))
    assert figure["y"] == named["y"]
    assert named["x"] + named["width"] < figure["x"] < figure["x"] + figure["width"] <= around["x"] + around["width"]


@LAB
def test_a_notebook_without_nodes_is_told_how_to_begin(open_book: Any) -> None:
    book = open_book("import math")
    book.command("helix:show-dag")
    expect(book.sidebar).to_contain_text("No node is declared yet")
    expect(book.sidebar.get_by_role("button", name="Run", exact=True)).to_be_disabled()


def test_a_run_is_seen_and_stopped_from_the_sidebar_through_a_reload_of_the_page(open_book: Any) -> None:
    book = open_book(*SLOW)
    book.command("helix:show-dag")
    book.run(1, 2)
    press(book, "Run")
    expect(node(book, "nap")).to_have_attribute("data-state", "running")
    expect(book.sidebar.get_by_role("button", name="Run", exact=True)).to_be_disabled()
    reload(book)
    book.command("helix:show-dag")
    expect(node(book, "nap")).to_have_attribute("data-state", "running")
    press(book, "Stop")
    expect(node(book, "nap")).to_have_attribute("data-state", "interrupted")
    expect(book.sidebar.locator(".hx-bar-words")).to_contain_text("Run interrupted")
    expect(book.sidebar.locator(".helix-Said")).to_be_hidden()


def test_a_run_is_seen_whose_cells_were_all_sent_before_the_extension_was_loaded(open_book: Any) -> None:
    book = open_book(*SLOW, "%helix run", load=False)
    book.command("helix:show-dag")
    expect(book.sidebar).to_contain_text("Not loaded in this kernel")
    book.start_command("notebook:run-all-cells")
    expect(node(book, "nap")).to_have_attribute("data-state", "running")
    press(book, "Stop")
    expect(node(book, "nap")).to_have_attribute("data-state", "interrupted")


@LAB
def test_the_layout_brings_the_sidebar_back(open_book: Any) -> None:
    book = open_book(*CELLS)
    book.run(1, 2, 3)
    expect(book.sidebar).to_be_hidden()
    book.command("helix:show-dag")
    expect(node(book, "total")).to_be_visible()
    book.laid_out('"current": "helix-jupyter-sidebar"')
    reload(book)
    expect(node(book, "total")).to_be_visible()


@LAB
def test_the_sidebar_follows_the_active_notebook(open_book: Any, server: Any) -> None:
    book = open_book(*CELLS)
    book.run(1, 2, 3)
    book.command("helix:show-dag")
    expect(node(book, "scores")).to_be_visible()
    (folder,) = (path.name for path in server[2].glob("test_the_sidebar_follows*"))
    write_notebook(server[2] / folder / "other.ipynb", ["%load_ext helix_jupyter", "%%helix alone\nalone = 1"])
    book.command("docmanager:open", path=f"{folder}/other.ipynb")
    expect(book.sidebar.locator("h2")).to_have_text("other.ipynb")
    expect(book.sidebar).to_contain_text("Not loaded")
    book.page.wait_for_function(IDLE)
    book.run(0, 1)
    expect(node(book, "alone")).to_be_visible()
    expect(book.sidebar.locator(".hx-node")).to_have_count(1)
    book.page.locator(".lm-DockPanel-tabBar").get_by_text("book.ipynb").click()
    expect(book.sidebar.locator("h2")).to_have_text("book.ipynb")
    expect(book.sidebar.locator(".hx-node")).to_have_count(3)


@LAB
def test_a_restart_and_an_unload_are_noticed(open_book: Any) -> None:
    book = open_book(*CELLS, "%unload_ext helix_jupyter")
    book.run(1, 2, 3)
    book.command("helix:run")
    book.command("helix:show-dag")
    expect(book.sidebar.locator(".helix-Versions > li")).to_have_count(1)
    book.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    expect(book.sidebar).to_contain_text("Not loaded")
    book.run(0)
    # what was recorded is there before anything is declared again
    expect(book.sidebar.locator(".helix-Versions > li")).to_have_count(1)
    book.run(1, 2, 3)
    expect(node(book, "scores")).to_have_attribute("data-value", "fresh")
    book.run(4)
    expect(book.sidebar).to_contain_text("Not loaded")


@LAB
def test_a_lost_connection_is_taken_up_again(open_book: Any) -> None:
    book = open_book(*CELLS)
    book.run(1, 2)
    book.command("helix:show-dag")
    expect(node(book, "total")).to_be_visible()
    book.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.reconnect()")
    book.run(3)
    expect(node(book, "scores")).to_be_visible()
    press(book, "Run")
    expect(node(book, "scores")).to_have_attribute("data-state", "done")


def test_commands_run_plan_explain_and_go_back(open_book: Any) -> None:
    book = open_book(*CELLS, "1 + 1")
    said = book.sidebar.locator(".helix-Said")
    active = "place => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = place; }"
    book.page.evaluate(active, 1)
    book.command("helix:run-to-cell")
    book.page.evaluate(active, 2)
    book.command("helix:run-to-cell")
    book.command("helix:explain-cell")
    panel = book.sidebar.locator(".hx-panel")
    expect(panel.locator(".hx-title")).to_have_text("total")
    expect(panel.locator(".hx-code").first).to_contain_text("sum(rows)")
    expect(book.sidebar.locator(".helix-Version-title")).to_have_count(2)
    book.page.evaluate(active, 4)
    book.command("helix:explain-cell")
    expect(said).to_contain_text("has declared no node")
    book.run(3)
    book.command("helix:plan")
    rows = book.sidebar.locator(".helix-Plan > li")
    expect(rows.last).to_contain_text("scores")
    expect(rows.last).to_contain_text("never run")
    book.command("helix:run")
    expect(book.sidebar.locator(".helix-Version-title")).to_have_count(3)
    book.start_command("helix:checkout", version=1)
    book.page.get_by_role("button", name="Keep Cells").click()
    expect(said).to_contain_text("Version 1 is checked out")
    expect(book.sidebar.locator(".hx-node")).to_have_count(1)
    expect(book.sidebar.locator('.helix-Versions > [aria-current="true"]')).to_contain_text("1")
    book.command("helix:compare", before=2, after=3)
    expect(book.page.locator(".helix-Tab")).to_contain_text("scores")


@LAB
def test_a_failure_opens_the_sidebar_and_says_what_failed(open_book: Any) -> None:
    book = open_book("%%helix broken\nbroken = 1 / 0")
    book.run(1)
    book.command("helix:run")
    expect(book.sidebar.locator(".helix-Said")).to_contain_text("Node 'broken' failed")
    expect(node(book, "broken")).to_have_attribute("aria-label", re.compile("failed last time"))


@LAB
def test_the_commands_stand_in_palette_menu_and_toolbar(open_book: Any) -> None:
    book = open_book(*CELLS)
    book.page.get_by_role("menuitem", name="Helix").click()
    expect(book.page.locator(".lm-Menu-itemLabel", has_text="Run Workflow")).to_be_visible()
    book.page.keyboard.press("Escape")
    expect(book.page.locator('[data-jp-item-name="helix-run"]')).to_be_visible()
    book.command("apputils:activate-command-palette")
    book.page.locator(".lm-CommandPalette-input").fill("Adopt This")
    expect(book.page.locator(".lm-CommandPalette-itemLabel", has_text="Adopt This Notebook")).to_be_visible()
    book.page.keyboard.press("Escape")
    book.run(1)
    book.page.locator(".jp-Notebook").focus()
    chord(book, "Alt+h", "d")
    expect(node(book, "rows")).to_be_visible()


@LAB
def test_a_kernel_of_another_language_says_so(open_book: Any, server: Any) -> None:
    book = open_book(*CELLS)
    kernels = book.page.evaluate("() => Object.keys(window.jupyterapp.serviceManager.kernelspecs.specs.kernelspecs)")
    assert "other" in kernels
    book.command("helix:show-dag")
    change = "() => window.jupyterapp.shell.currentWidget.sessionContext.changeKernel({ name: 'other' })"
    book.page.evaluate(change)
    expect(book.sidebar).to_contain_text("This kernel runs Sindarin")


def test_an_output_is_live_with_its_kernel_and_static_without(open_book: Any, server: Any) -> None:
    book = open_book(*CELLS, "%helix dag")
    book.run(1, 2, 3, 4)
    output = book.page.locator(".jp-CodeCell").nth(4).locator(".jp-OutputArea-output")
    expect(output.locator(".hx-node")).to_have_count(3)
    book.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    reload(book)
    expect(output.locator(".hx-node")).to_have_count(3)
    book.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    reload(book)
    expect(output.locator("img")).to_be_visible()
    expect(output).not_to_contain_text("model not found")
    (path,) = Path(server[2]).glob("test_an_output_is_live*/book.ipynb")
    saved = json.loads(path.read_text())["cells"][4]["outputs"][0]["data"]
    assert saved["application/vnd.helix-jupyter.view+json"] == {"kind": "dag"}
