"""Versions beside each other in JupyterLab and Notebook: two, and more than two."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import expect

from helix_jupyter.view.words import MINUS
from tests.browser.conftest import eventually
from tests.browser.test_browser_dag import LAB, faults

FIRST = (
    "%%helix rows\nimport numpy as np, pandas as pd\nrandom = np.random.default_rng(0)\n"
    "rows = pd.DataFrame({'age': random.integers(17, 60, 500), 'zone': 1})",
    "%%helix total\ntotal = {'age': int(rows['age'].sum())}",
    "%%helix model\nimport numpy as np\nfrom sklearn.linear_model import LinearRegression\n"
    "model = LinearRegression().fit(rows[['age']], np.arange(len(rows)))",
    "%%helix chart\nfrom IPython.display import SVG, display\n"
    "display(SVG(f\"<svg xmlns='http://www.w3.org/2000/svg' width='60' height='20'><rect width='{len(rows) // 10}' "
    "height='20'/></svg>\"))\nchart = len(rows)",
    "%%helix scores --metrics\nscores = {'auc': 0.5, 'loss': len(rows) / 1000}",
)
SECOND = tuple(
    cell.replace("\n", " --replace\n", 1)
    for cell in (
        FIRST[0].replace("60, 500), 'zone': 1", "90, 400), 'gain': 1.5"),
        FIRST[2].replace("LinearRegression()", "LinearRegression(fit_intercept=False, positive=True)"),
        FIRST[4].replace("0.5", "0.75"),
    )
)
CELLS = (*FIRST, "%helix run -m base", *SECOND, "%helix run -m '<b>more</b>'", "%helix forget total")


def compared(open_book: Any, line: str, dark: bool = False) -> Any:
    """A notebook of two versions, a value of the second forgotten; shows what ``line`` gives."""
    book = open_book(*CELLS, line, dark=dark)
    book.run(*range(1, len(CELLS) + 2))
    expect(book.view).to_be_visible()
    return book


def section(book: Any, title: str) -> Any:
    return book.view.locator(f'[data-part="{title}"]')


def card(book: Any, node: str) -> Any:
    return book.view.locator(f'.hxd-card[data-node="{node}"]')


def test_two_versions_side_by_side(open_book: Any, server: Any) -> None:
    book = compared(open_book, "%helix diff 1 2")
    expect(book.view.locator("[data-version]")).to_have_text([re.compile("base"), re.compile("<b>more</b>")])
    # differences only: total is affected, nothing is the same
    states = {"rows": "edited", "total": "affected", "model": "edited", "chart": "affected", "scores": "edited"}
    for node, state in states.items():
        expect(book.node(node)).to_have_attribute("data-state", state)
        expect(card(book, node)).to_have_attribute("data-state", state)
    # words of code
    expect(card(book, "rows").locator("del")).to_have_text(["60", "500", "zone", "1"])
    expect(card(book, "rows").locator("ins")).to_have_text(["90", "400", "gain", "1.5"])
    expect(card(book, "rows").locator(".hx-k-k").first).to_have_text("import")
    expect(card(book, "total").locator(".hxd-code")).to_be_hidden()
    # a click in the graph leads to the code, a key to the next one
    book.node("model").click()
    expect(card(book, "model")).to_be_focused()
    expect(card(book, "model")).to_be_in_viewport()
    book.page.keyboard.press("p")
    expect(card(book, "total")).to_be_focused()
    assert book.page.locator(".jp-CodeCell").count() == len(CELLS) + 2, "no shortcut of the notebook was taken"
    # which way is better
    verdicts = section(book, "Metrics").locator(".hxd-verdict")
    expect(verdicts).to_have_text(["▲ better higher is better", "▼ better lower is better"])
    # data, model, figures
    data = section(book, "Data")
    expect(data.locator(".hxd-chip")).to_have_text(["+ gain float64", f"{MINUS} zone int64"])
    expect(data.locator(".hxd-histogram")).to_have_count(1)
    expect(data.locator(".hxd-shift")).to_have_text(re.compile(r"0\.\d+ strong"))
    models = section(book, "Models")
    expect(models.get_by_role("rowheader", name="fit_intercept")).to_be_visible()
    expect(models.get_by_role("img", name=re.compile("^age: .* before, .* after$"))).to_be_visible()
    figures = section(book, "Figures")
    expect(figures.locator("img")).to_have_count(2)
    figures.get_by_role("button", name="Swipe").click()
    expect(figures.get_by_role("slider")).to_be_visible()
    assert faults(book) == []


def test_what_is_gone_is_computed_on_request_and_all_is_exported(open_book: Any, server: Any) -> None:
    book = compared(open_book, "%helix diff 1 2")
    gone = section(book, "Values").locator(".hxd-value", has_text="total")
    expect(gone).to_contain_text(re.compile("No longer stored in versions 1 and 2: computing it again takes about"))
    gone.get_by_role("button", name="Compute it again").click()
    expect(gone.locator("del")).to_be_visible()
    expect(gone.locator(".hxd-missing")).to_have_count(0)
    expect(book.view.get_by_role("button", name="Differences")).to_have_attribute("aria-pressed", "true")
    book.view.get_by_role("button", name="Export").click()
    expect(book.view.locator(".hxd-said")).to_contain_text("helix-diff-1-2.html")
    (page,) = server[2].glob("test_what_is_gone*/helix-diff-1-2.html")
    assert "<script" not in page.read_text()
    assert "no longer stored" not in page.read_text()
    book.view.get_by_role("button", name="Other versions").click()
    book.view.get_by_label("version after").select_option("1")
    book.view.get_by_role("button", name="Compare").click()
    expect(book.view.locator(".hxd-body")).to_have_text("Nothing differs.")
    book.view.get_by_role("button", name="All", exact=True).click()
    expect(book.view.locator(".hxd-card")).to_have_count(5)
    expect(card(book, "rows")).to_have_attribute("data-state", "same")
    card(book, "rows").get_by_role("button", name="3 lines of code").click()
    expect(card(book, "rows").locator(".hxd-code")).to_contain_text("pd.DataFrame")
    book.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    (path,) = server[2].glob("test_what_is_gone*/book.ipynb")
    (output,) = json.loads(path.read_text())["cells"][len(CELLS) + 1]["outputs"]
    live = {"application/vnd.jupyter.widget-view+json", "application/vnd.helix-jupyter.view+json"}
    assert {"text/plain", "text/html"} | live == output["data"].keys()


@LAB
def test_three_versions_beside_each_other(open_book: Any) -> None:
    book = compared(open_book, "%helix run -m third\n%helix diff 1 2 3")
    best = [re.compile(f"★ {figure}") for figure in ("0.7500", "0.7500", "0.4000", "0.4000")]
    expect(book.view.locator("[data-best]")).to_have_text(best)
    book.view.locator('td[data-at="1"]').first.hover()
    expect(book.view.locator(".hxd-curve.hxd-on")).to_have_attribute("data-version", "2")
    assert book.view.locator("b").count() == 0, "a message is text"
    assert faults(book) == []
    book.view.get_by_role("button", name="version 2").click()
    expect(card(book, "rows")).to_be_visible()
    book.page.keyboard.press("Escape")
    expect(card(book, "rows")).to_have_count(0)
    expect(book.view.locator(".hxd-curve")).to_have_count(3)


@LAB
def test_dark_and_narrow(open_book: Any) -> None:
    book = compared(open_book, "%helix diff 1 2", dark=True)
    theme = {"theme": "JupyterLab Dark"}
    book.page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', theme)", theme)
    book.page.locator("body[data-jp-theme-light=false]").wait_for(state="attached")
    expect(book.view.locator(".hxd-frame")).to_be_visible()
    assert faults(book) == []
    book.view.evaluate("element => { element.style.width = '500px'; }")
    sides = [card(book, "model").locator(f".hxd-{side}").first for side in ("del", "ins")]
    eventually(lambda: len({side.bounding_box()["x"] for side in sides}), 1)  # one below the other
    eventually(
        lambda: book.view.locator(".hxd-body").evaluate("body => body.scrollWidth <= body.clientWidth + 1"), True
    )
    assert faults(book) == []
