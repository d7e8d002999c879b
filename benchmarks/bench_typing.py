"""What a key that is pressed in a notebook costs the extension: ``python -m benchmarks.bench_typing [CELLS]``.

In JupyterLab with a real kernel and the sidebar open: milliseconds of the page's one thread that are spent in the
extension's code and in whatever that calls, by the browser's own profiler. Keys each of which is waited for, so that
all that follows counts (the question, the answer, the badges that are drawn anew); then keys without a pause. Needs
playwright, Chromium and the built extension.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.browser.conftest import IDLE, Book
from tests.browser.jupyter import CHROMIUM, FLAGS, served, write_notebook

OURS = "/extensions/helix-jupyter/"
KEYS = 24
BURST = 200
STEP_MICROSECONDS = 100
TYPE_HERE = """place => {
  const notebook = window.jupyterapp.shell.currentWidget.content;
  notebook.activeCellIndex = place;
  notebook.mode = 'edit';
  // it is refused where JupyterLab itself goes there meanwhile
  return notebook.scrollToItem(place, 'center').catch(() => null);
}"""


def main(count: int) -> None:
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with served("lab", Path(folder), Path(folder) / "home") as address:
            book = opened(browser, address, Path(folder), count)
            paused = [
                cost(book, key, state)
                for _ in range(KEYS // 2)
                for key, state in (("+", "error"), ("Backspace", "fresh"))
            ]
            whole = [total for total, _ in paused]
            print(f"{count} cells, an answer behind each key, milliseconds in the extension: {spread(whole)}")
            print(f"  of that at a stretch: {spread([stretch for _, stretch in paused])}")
            total, stretch = burst(book)
            print(f"{BURST} keys without pauses: {total / BURST:.2f} ms a key, at most {stretch:.2f} ms at a stretch")
        browser.close()


def opened(browser: Any, address: str, folder: Path, count: int) -> Book:
    """A notebook of so many nodes that has run, its cursor in the middle."""
    nodes = [f"%%helix step_{at}\nvalue = step_{max(at - 7, 0)} + {at}\nstep_{at} = value" for at in range(1, count)]
    write_notebook(folder / "book.ipynb", ["%load_ext helix_jupyter", "%%helix step_0\nstep_0 = 0", *nodes])
    book = Book(browser.new_page(viewport={"width": 1400, "height": 1000}))
    book.page.set_default_timeout(300_000)
    book.page.goto(f"{address}/lab/tree/book.ipynb?reset")
    book.page.wait_for_function(IDLE)
    book.command("notebook:run-all-cells")
    book.command("helix:run")
    book.command("helix:show-dag")
    book.page.evaluate(TYPE_HERE, count // 2)
    book.page.locator(".jp-mod-active .helix-Badge[data-state='fresh']").wait_for()
    book.page.keyboard.press("Control+End")
    book.page.wait_for_timeout(2_000)
    return book


def cost(book: Book, key: str, state: str) -> tuple[float, float]:
    """Milliseconds in the extension from a key until the cell's badge tells of it: together, the longest stretch."""
    with profiled(book) as stretches:
        book.page.keyboard.press(key)
        book.page.locator(f".jp-mod-active .helix-Badge[data-state='{state}']").wait_for()
    return sum(stretches), max(stretches, default=0.0)


def burst(book: Book) -> tuple[float, float]:
    """The same of many keys one after the other."""
    with profiled(book) as stretches:
        book.page.keyboard.type("7" * BURST)
    return sum(stretches), max(stretches, default=0.0)


@contextmanager
def profiled(book: Book) -> Iterator[list[float]]:
    """Gives a list in which the extension's stretches are when the block is over."""
    client = book.page.context.new_cdp_session(book.page)
    client.send("Profiler.enable")
    client.send("Profiler.setSamplingInterval", {"interval": STEP_MICROSECONDS})
    client.send("Profiler.start")
    stretches: list[float] = []
    yield stretches
    stretches += ours(client.send("Profiler.stop")["profile"])
    client.detach()


def ours(profile: Mapping[str, Any]) -> Iterator[float]:
    """The milliseconds of each stretch in which the extension's code, or what it calls, runs."""
    nodes = {node["id"]: node for node in profile["nodes"]}
    inside: dict[int, bool] = {}

    def mark(node: Mapping[str, Any], above: bool) -> None:
        inside[node["id"]] = above or OURS in node["callFrame"]["url"]
        for child in node.get("children", ()):
            mark(nodes[child], inside[node["id"]])

    sys.setrecursionlimit(10_000)
    mark(profile["nodes"][0], above=False)
    timed = zip(profile["samples"], [*profile["timeDeltas"][1:], 0], strict=True)
    for is_ours, samples in groupby(timed, key=lambda sample: inside[sample[0]]):
        if is_ours:
            yield sum(delta for _, delta in samples) / 1_000


def spread(times: list[float]) -> str:
    """The median, what 95 % are within, the most."""
    within = sorted(times)[int(0.95 * len(times))]
    return f"median {statistics.median(times):.2f}, 95 % within {within:.2f}, at most {max(times):.2f}"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
