"""How long a what-if takes from the hand to the picture: ``python -m benchmarks.bench_explore_page [NODES ...]``.

In JupyterLab with a real kernel: from a slider's movement until the page shows the answer, and the frames while the
slider is dragged. Needs playwright, Chromium and the built widget.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.bench_picture import FRAMES
from tests.browser.conftest import IDLE, Book
from tests.browser.jupyter import CHROMIUM, FLAGS, served, write_notebook

WORKFLOW = """import helix_jupyter, random
draw = random.Random(4)
session = helix_jupyter.Session('.helix', namespace={}, policy='all')
for at in range(NODES):
    above = sorted({max(0, at - 1 - int(draw.expovariate(1 / 12))) for _ in range(draw.choice([1, 1, 2, 2, 3]))})
    reads = ' + '.join(f'len(step_{one})' for one in above) if at else '1'
    session.declare(f"step_{at} = [{reads}] * {draw.randrange(2_000, 90_000)}", outputs=[f'step_{at}'])
for edited in draw.sample(range(NODES), 10):
    _ = session.run()
    old = session.declarations[f'step_{edited}'].source
    session.declare(old.replace('= [', '= [1 + '), outputs=[f'step_{edited}'])
session.flush()
session"""
MOVE = """async places => {
  const slider = document.querySelector('.hx-slider'), times = [];
  const shown = () => document.querySelector('.hx-then').getAttribute('cx');
  for (const place of places) {
    const before = shown(), began = performance.now();
    slider.value = place;
    slider.dispatchEvent(new Event('input'));
    while (shown() === before) await new Promise(done => setTimeout(done));
    times.push(performance.now() - began);
    await new Promise(done => setTimeout(done, 50));
  }
  slider.dispatchEvent(new Event('change'));
  return times;
}"""


def spread(times: list[float]) -> str:
    """The median, and what 95 % are within."""
    return f"median {statistics.median(times):.0f} ms, 95 % within {sorted(times)[int(0.95 * len(times))]:.0f} ms"


def measure(browser: Any, address: str, folder: Path, nodes: int) -> None:
    """Measure and print."""
    folder.mkdir()
    write_notebook(folder / "book.ipynb", ["%load_ext helix_jupyter", WORKFLOW.replace("NODES", str(nodes))])
    book = Book(browser.new_page(viewport={"width": 1400, "height": 1000}))
    book.page.goto(f"{address}/lab/tree/{folder.name}/book.ipynb?reset")
    book.page.wait_for_function(IDLE)
    book.run(0, 1)
    book.view.get_by_role("button", name="What if").click()
    book.view.locator(".hx-buys").wait_for()
    times = book.page.evaluate(MOVE, [60 + 10 * at + 450 * (at % 2) for at in range(40)])
    print(f"{nodes} nodes: from the slider to the page {spread(times)}")
    slider = book.view.locator(".hx-slider")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    across = [box["x"] + box["width"] * (0.1 + 0.8 * step / 60) for step in range(60)]
    book.page.mouse.move(across[0], box["y"] + box["height"] / 2)
    book.page.mouse.down()
    book.page.evaluate(FRAMES)
    for x in across:
        book.page.mouse.move(x, box["y"] + box["height"] / 2)
        book.page.wait_for_timeout(8)
    book.page.mouse.up()
    frames = book.page.evaluate("() => (cancelAnimationFrame(window.ticking), window.frames_.slice(2))")
    print(f"  frames while it is dragged: {spread(frames)}")
    book.page.close()


def main(counts: list[int]) -> None:
    """Measure each."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with served("lab", Path(folder), Path(folder) / "home") as address:
            for count in counts:
                measure(browser, address, Path(folder) / str(count), count)
        browser.close()


if __name__ == "__main__":
    main([int(one) for one in sys.argv[1:]] or [12, 200])
