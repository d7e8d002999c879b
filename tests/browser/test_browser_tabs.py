"""Tabs beside a notebook: versions in CodeMirror's merge view, what-ifs, the version browser; with their kernel."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import IDLE, THERE
from tests.browser.jupyter import PATIENCE, write_notebook

LAB = pytest.mark.parametrize("server", ["lab"], indirect=True)
ROWS = "%%helix rows\nrows = [\n    1,\n    2,\n    3,\n    4,\n    5,\n    6,\n    7,\n    8,\n    9,\n    10,\n]"
TOTAL = "%%helix total\ntotal = sum(rows)"
SCORES = "%%helix scores --metrics\nscores = {'mean': total / len(rows)}"
SCROLLED = """tab => [tab, ...tab.querySelectorAll('.hxd-body, .hxd-scroll')]
  .filter(one => one.scrollWidth > one.clientWidth).map(one => one.outerHTML.slice(0, 200))"""
MORE = "%%helix more\nmore = total * 2"


def tab(book: Any, kind: str) -> Any:
    """The tab that shows this."""
    return book.page.locator(f'.helix-Tab[data-kind="{kind}"]')


def label(book: Any, name: str) -> Any:
    """The label of a tab of JupyterLab's main area."""
    return book.page.locator(".lm-DockPanel-tabBar .lm-TabBar-tabLabel", has_text=name)


def chunks(book: Any) -> int:
    """How many files of the extension's the page has loaded."""
    return len({url for url in book.loaded if "extensions/helix-jupyter/static" in url})


@pytest.fixture
def compared(open_book: Any) -> Any:
    """A notebook with two versions, of which the second has a node more and another edit."""
    book = open_book(ROWS, TOTAL, SCORES, "")
    book.command("helix:show-dag")
    book.run(1, 2, 3)
    book.command("helix:run")
    book.write(1, ROWS.replace("10", "11"))
    book.write(4, MORE)
    book.run(1, 4)
    book.command("helix:run")
    expect(book.sidebar.locator(".helix-Versions > li")).to_have_count(2)
    return book


def test_versions_are_compared_in_codemirror(compared: Any) -> None:
    before = chunks(compared)
    compared.command("helix:compare")
    shown = tab(compared, "compare")
    shown.locator(".hxd-jump", has_text="Code").click()
    card = shown.locator('.hxd-card[data-node="rows"]')
    # side by side both are marked; where there is no room for that, what was stands above, marked as gone
    expect(card.locator(".cm-changedText").last).to_have_text("1")
    expect(card.locator(".cm-collapsedLines").first).to_contain_text("unchanged lines")
    assert chunks(compared) >= before + 2, "views and CodeMirror's merge view are loaded when they are needed"
    # coloured as Python: tokens stand in spans of their own
    expect(card.locator(".cm-content .cm-line span", has_text=re.compile(r"^\d+$")).first).to_be_attached()
    added = shown.locator('.hxd-card[data-node="more"] .helix-Merge')
    added.scroll_into_view_if_needed()
    expect(added).to_have_class(re.compile("helix-added"))
    expect(added.locator(".cm-content")).to_contain_text("more = total * 2")
    expect(shown.locator(".hxd-graph .hx-node")).to_have_count(4)
    expect(shown.locator(".hxd-part[data-part='Metrics']")).to_contain_text("mean")
    # beside a notebook, too, nothing but long code scrolls to the side
    assert shown.evaluate(SCROLLED) == []


@LAB
def test_a_comparison_has_its_own_tab_is_chosen_there_and_restored(compared: Any) -> None:
    compared.write(2, TOTAL.replace("sum", "max"))
    compared.run(2)
    compared.command("helix:run")
    expect(compared.sidebar.locator(".helix-Versions > li")).to_have_count(3)
    compared.sidebar.locator(".helix-Versions summary").first.click()
    compared.sidebar.get_by_role("button", name="Compare with 2").click()
    expect(label(compared, "2 ↔ 3 · book")).to_be_visible()
    shown = tab(compared, "compare")
    expect(shown.locator('[data-version="3"]')).to_be_visible()
    shown.get_by_role("button", name="Other versions").click()
    shown.get_by_label("version before").select_option("1")
    shown.get_by_role("button", name="Compare", exact=True).click()
    expect(label(compared, "1 ↔ 3 · book")).to_be_visible()
    compared.laid_out('"versions": [1, 3]', '"current": "helix-tabs:')
    compared.page.reload()
    expect(label(compared, "1 ↔ 3 · book")).to_be_visible()
    expect(shown.locator('[data-version="1"]')).to_be_visible()
    label(compared, "book.ipynb").click()
    compared.command("helix:compare", before=1, after=3)
    expect(tab(compared, "compare")).to_have_count(1)
    # with the notebook its tabs go
    compared.page.evaluate(
        "async () => { const book = [...window.jupyterapp.shell.widgets('main')].find(one => one.content.model);"
        " await book.context.save(); book.close(); }"
    )
    expect(tab(compared, "compare")).to_have_count(0)


@LAB
def test_a_tab_whose_notebook_has_gone_says_so_and_is_closed(compared: Any, server: Any) -> None:
    (path,) = server[2].glob("test_a_tab_whose_notebook_has_gone*/book.ipynb")
    compared.command("docmanager:save")
    compared.command("helix:compare")
    compared.laid_out('"versions": [1, 2]', '"current": "helix-tabs:')
    compared.page.goto("about:blank")
    path.rename(path.with_name("moved.ipynb"))
    compared.page.goto(f"{server[1]}/lab")
    shown = tab(compared, "compare")
    expect(shown).to_contain_text("book.ipynb is not open")
    shown.get_by_role("button", name="Open it").click()
    expect(shown).to_contain_text("book.ipynb cannot be opened")
    expect(shown.get_by_role("alert").locator("visible=true")).to_contain_text("Was it moved, renamed or deleted?")
    path.with_name("moved.ipynb").rename(path)
    shown.get_by_role("button", name="Try again").click()
    label(compared, "1 ↔ 2 · book").click()
    expect(shown.locator('[data-version="2"]')).to_be_visible()
    path.rename(path.with_name("moved.ipynb"))
    compared.page.reload()
    expect(shown).to_contain_text("book.ipynb is not open")
    shown.get_by_role("button", name="Close").click()
    expect(shown).to_have_count(0)


@LAB
def test_two_versions_of_the_list_open_as_a_tab(compared: Any) -> None:
    compared.sidebar.get_by_role("button", name="Browse all").click()
    shown = tab(compared, "versions")
    for number in (1, 2):
        shown.locator(f'[data-version="{number}"] input').click()
    shown.get_by_role("button", name="Compare").click()
    expect(label(compared, "1 ↔ 2 · book")).to_be_visible()
    label(compared, "Versions · book").click()
    shown.locator('[data-version="1"]').click()
    shown.get_by_role("button", name="Check out").click()
    compared.page.locator(".jp-Dialog").get_by_role("button", name="Keep Cells").click()
    expect(shown).to_contain_text("1 cell updated")
    label(compared, "book.ipynb").click()
    assert compared.sources[1] == ROWS


def test_what_ifs_are_explored_from_the_plan_and_made_so(compared: Any) -> None:
    compared.sidebar.locator(".helix-Head").get_by_role("button", name="Plan").click()
    compared.sidebar.get_by_role("button", name="What if…").click()
    shown = tab(compared, "explore")
    shown.locator('.hx-node[data-node="total"]').click()
    compared.page.keyboard.press("f")
    expect(shown.locator(".hx-toolbar")).to_contain_text("force")
    shown.get_by_role("button", name="Reset").click()
    shown.locator('.hx-node[data-node="rows"]').click()
    compared.page.keyboard.press("p")
    shown.get_by_role("button", name="Apply").click()
    expect(shown.get_by_role("button", name="Take back")).to_be_enabled()


@LAB
def test_a_tab_waits_for_its_kernel_and_goes_on(compared: Any) -> None:
    compared.command("helix:explore")
    shown = tab(compared, "explore")
    expect(shown.locator(".hx-node")).to_have_count(4)
    book = "[...window.jupyterapp.shell.widgets('main')].find(one => one.content.model)"
    compared.page.evaluate(f"() => {book}.sessionContext.restartKernel()")
    expect(shown).to_contain_text("Not loaded in this kernel")
    shown.get_by_role("button", name="Load helix_jupyter").click()
    expect(shown.get_by_text("Not loaded in this kernel")).to_be_hidden()
    label(compared, "book.ipynb").click()
    compared.run(1, 2, 3)
    label(compared, "What if · book").click()
    expect(shown.locator(".hx-node")).to_have_count(3)


@LAB
def test_two_notebooks_have_each_their_own_kernel_and_tabs(compared: Any, server: Any) -> None:
    (folder,) = (path.name for path in server[2].glob("test_two_notebooks_have*"))
    write_notebook(server[2] / folder / "other.ipynb", ["%load_ext helix_jupyter", "%%helix alone\nalone = 1", "1 + 1"])
    compared.command("helix:compare")
    compared.command("docmanager:open", path=f"{folder}/other.ipynb")
    compared.page.wait_for_function(IDLE, timeout=PATIENCE * 1000)
    compared.run(0, 1)
    compared.command("helix:run")
    expect(compared.sidebar.locator(".helix-Versions > li")).to_have_count(1)
    compared.command("helix:explore")
    expect(label(compared, "What if · other")).to_be_visible()
    expect(tab(compared, "explore").locator(".hx-node")).to_have_count(1)
    label(compared, "book.ipynb").click()
    expect(compared.sidebar.locator(".helix-Versions > li")).to_have_count(2)
    compared.command("helix:explore")
    expect(tab(compared, "explore").locator("visible=true").locator(".hx-node")).to_have_count(4)
    # a restart of one leaves the other alone
    label(compared, "other.ipynb").click()
    compared.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    expect(compared.sidebar).to_contain_text("Not loaded")
    label(compared, "book.ipynb").click()
    expect(compared.sidebar.locator(".hx-node")).to_have_count(4)
    assert compared.page.evaluate(THERE)
