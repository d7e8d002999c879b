"""How long a large picture takes: laid out in the kernel, drawn in Chromium, moved by dragging.

``python -m benchmarks.bench_picture [NODES]``; needs playwright, Chromium and the built widget.
"""

from __future__ import annotations

import random
import shutil
import statistics
import sys
import time
from typing import Any

from helix_jupyter.view.assets import widget_module
from helix_jupyter.view.packing import pack
from helix_jupyter.view.picture import picture

NODE = {
    "outputs": [], "state": "compute", "reason": "code edited", "seconds": 1.0, "compute_seconds": 1.0, "bytes": 5_000,
    "group": None, "code": "", "place": None, "update": False, "metrics": False, "value": "stale", "last": None,
    "status": "",
}  # fmt: skip

DRAW = """async ([module, packed]) => {
  const url = URL.createObjectURL(new Blob([module], {type: 'text/javascript'}));
  const {default: widget} = await import(url);
  const model = {get: name => (name === 'kind' ? 'dag' : packed), on() {}, off() {}, send() {}};
  const began = performance.now();
  widget.render({model, el: document.body});
  document.body.getBoundingClientRect();
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - began;
}"""
FRAMES = """() => {
  window.frames_ = []; let last = performance.now();
  const tick = now => { window.frames_.push(now - last); last = now; window.ticking = requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}"""


def workflow(count: int) -> dict[str, Any]:
    """Nodes that read one to three of those some places above them."""
    draw = random.Random(1)
    ends = {
        (max(0, at - 5 - int(draw.expovariate(1 / 30))), at)
        for at in range(8, count)
        for _ in range(draw.choice([1, 1, 2, 2, 3]))
    }
    nodes = [{**NODE, "name": f"step_{at}"} for at in range(count)]
    edges = [{"parent": f"step_{a}", "child": f"step_{b}", "names": [], "chain": False} for a, b in sorted(ends)]
    return {"format": 1, "nodes": nodes, "edges": edges, "plan": None, "version": None}


def main(count: int) -> None:
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    module = widget_module("dag")
    assert module is not None, "the widget is not built: make assets"
    snapshot = workflow(count)
    began = time.perf_counter()
    drawn = picture(snapshot)
    print(f"{count} nodes, {len(drawn['edges'])} edges: laid out in {time.perf_counter() - began:.2f} s")
    with sync_playwright() as playwright:
        path = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        times = []
        for _ in range(3):
            page.goto("about:blank")
            times.append(page.evaluate(DRAW, [module, pack(drawn)]))
        print(f"drawn in {statistics.median(times) / 1000:.2f} s (median of 3, first frame included)")
        page.mouse.move(640, 400)
        page.mouse.down()
        page.evaluate(FRAMES)
        for step in range(120):
            page.mouse.move(640 - 4 * step, 400 - 2 * step)
        page.mouse.up()
        frames = page.evaluate("() => (cancelAnimationFrame(window.ticking), window.frames_.slice(2))")
        worst = sorted(frames)[int(len(frames) * 0.95)]
        print(f"dragged: {len(frames)} frames, median {statistics.median(frames):.0f} ms, 95 % below {worst:.0f} ms")
        browser.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
