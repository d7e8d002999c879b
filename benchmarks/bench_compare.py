"""Comparing versions: seconds for pictures, tables, and the list that a version browser draws.

Run: python -m benchmarks.bench_compare [--versions N]
"""

from __future__ import annotations

import argparse
import base64
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

import helix_jupyter as hx
from helix_jupyter.session.history import History
from helix_jupyter.store.store import Store
from helix_jupyter.version.compare_figures import compare_figures, pictures
from helix_jupyter.version.compare_frames import compare_frames
from helix_jupyter.view.documents import versions_document


def seconds(action: Callable[[], object], repeats: int = 5) -> float:
    """The median of several runs."""
    took = []
    for _ in range(repeats):
        started = time.perf_counter()
        action()
        took.append(time.perf_counter() - started)
    return statistics.median(took)


def png(content: int) -> dict[str, str]:
    """200 kB that count as a picture."""
    return {"image/png": base64.b64encode(bytes([content]) * 200_000).decode()}


def history(folder: Path, count: int) -> History:
    """So many versions of twelve nodes and three metrics."""
    session = hx.Session(folder)
    for number in range(11):
        session.declare(f"n{number} = {f'n{number - 1} + ' if number else ''}{number}", [f"n{number}"])
    session.declare("scores = {'accuracy': 0.5, 'loss': n10, 'auc': 1.0}", ["scores"], metrics=True)
    version = session.run()
    session.close()
    made = History(Store.open(folder, budget=10**9), "main")
    for number in range(1, count):
        made.add(replace(version, id=0, parent=number, message=f"try {number}"), print)
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--versions", type=int, default=10_000)
    chosen = parser.parse_args()
    before, after = [png(n) for n in range(50)], [png(n if n != 7 else 99) for n in range(50)]
    print(f"50 pictures of 200 kB       {seconds(lambda: compare_figures(pictures(before), pictures(after))):.4f} s")
    numbers = pd.DataFrame(np.random.default_rng(0).normal(size=(100_000, 70)))
    print(f"56 MB of numbers, all other {seconds(lambda: compare_frames(numbers, numbers + 0.1)):.2f} s")
    print(f"56 MB of numbers, equal     {seconds(lambda: compare_frames(numbers, numbers.copy())):.3f} s")
    words = np.random.default_rng(0).choice(["aa", "bb", "cc"], size=(200_000, 8))
    old, new = pd.DataFrame(words), pd.DataFrame(words[::-1])
    print(f"1.6 million texts           {seconds(lambda: compare_frames(old, new)):.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        made = history(Path(folder), chosen.versions)
        folder_store = made._store
        listed = seconds(lambda: History(folder_store, "main").all())
        whole = seconds(lambda: json.dumps(versions_document(History(folder_store, "main").all())))
        size = len(json.dumps(versions_document(made.all())))
        print(f"{chosen.versions:,} versions             {listed:.2f} s as a list")
        print(f"  as the JSON of a browser  {whole:.2f} s, {size:,} bytes")
        noted = seconds(lambda: made.annotate(chosen.versions // 2, None, ["x"], [], None))
        print(f"a tag                       {noted * 1000:.1f} ms")
        folder_store.close()


if __name__ == "__main__":
    main()
