"""Adopting in JupyterLab and Notebook: seen before it is written, written beside the original, or refused with why."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

LAB = pytest.mark.parametrize("server", ["lab"], indirect=True)
CELLS = ["import math", "numbers = [math.sqrt(n) for n in range(100)]", "total = sum(numbers)", "print(total)"]


def adopting(open_book: Any, server: Any, test: str, *cells: str) -> tuple[Any, Path]:
    """An ordinary notebook of these cells is open; gives its folder, too."""
    book = open_book(*cells, load=False)
    folder = max(server[2].glob(f"{test}*"), key=lambda path: path.stat().st_ctime_ns)  # the one just made
    # what the fixture writes on top is no part of an ordinary notebook
    book.page.evaluate("() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.deleteCell(0)")
    book.start_command("helix:adopt")
    return book, folder


def test_the_preview_comes_first_and_then_the_notebook_beside_the_original(open_book: Any, server: Any) -> None:
    book, folder = adopting(open_book, server, "test_the_preview_comes_first", *CELLS)
    dialog = book.page.locator(".helix-AdoptDialog")
    expect(dialog.locator(".helix-Adopt-cells > li")).to_have_count(4)
    expect(dialog.locator(".helix-Adopt-cells > li").nth(1)).to_contain_text("%%helix numbers")
    expect(dialog.locator(".helix-Merge .cm-content").last).to_contain_text("%%helix total")
    assert [path.name for path in folder.glob("*.ipynb")] == ["book.ipynb"], "nothing is written before"
    book.keep(".Toastify")
    book.command("helix:run")
    book.kept("not loaded in the kernel")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    assert [path.name for path in folder.glob("*.ipynb")] == ["book.ipynb"]
    book.start_command("helix:adopt")
    with book.page.context.expect_page() if server[0] == "notebook" else nullcontext():
        dialog.get_by_role("button", name="Write and Open").click()
        expect(dialog).to_have_count(0)
    if server[0] == "lab":
        expect(book.page.locator(".lm-DockPanel-tabBar").get_by_text("book-helix.ipynb")).to_be_visible()
    adopted = json.loads((folder / "book-helix.ipynb").read_text())
    assert ["".join(cell["source"]).partition("\n")[0] for cell in adopted["cells"]][:4] == [
        "%load_ext helix_jupyter", "import math", "%%helix numbers", "%%helix total",
    ]  # fmt: skip


@LAB
def test_a_file_that_is_there_is_overwritten_only_when_that_is_asked_for(open_book: Any, server: Any) -> None:
    book, folder = adopting(open_book, server, "test_a_file_that_is_there", *CELLS)
    taken = folder / "book-helix.ipynb"
    dialog = book.page.locator(".helix-AdoptDialog")
    dialog.get_by_role("button", name="Cancel").click()
    taken.write_text("mine")
    book.start_command("helix:adopt")
    name = dialog.get_by_label("Name of the adopted notebook")
    expect(name).to_have_value("book-helix-2.ipynb")
    name.fill("book-helix.ipynb")
    dialog.get_by_role("button", name="Write and Open").click()
    book.page.locator(".jp-Dialog", has_text="Overwrite").get_by_role("button", name="Cancel").click()
    expect(book.page.locator(".jp-Dialog")).to_have_count(0)
    assert taken.read_text() == "mine"


@LAB
@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (["import math"], "no work that a node could save"),
        (["x = ("], "Cell 1 does not parse"),
        (["%%helix x\nx = 1"], "there is nothing to adopt"),
    ],
    ids=["no work", "no Python", "adopted"],
)
def test_what_cannot_be_adopted_is_said_with_the_reason(
    open_book: Any, server: Any, cells: list[str], reason: str
) -> None:
    book, folder = adopting(open_book, server, "test_what_cannot_be_adopted", *cells)
    expect(book.page.locator(".jp-Dialog")).to_contain_text(reason)
    book.page.locator(".jp-Dialog").get_by_role("button", name="Close").click()
    expect(book.page.locator(".jp-Dialog")).to_have_count(0)
    assert [path.name for path in folder.glob("*.ipynb")] == ["book.ipynb"]
