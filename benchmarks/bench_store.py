"""How fast the store is: ``python benchmarks/bench_store.py [FOLDER]``; FOLDER lies on the disk to measure.

Prints the load of a 250 MB frame, the bandwidth of writing against a plain write with fsync of the same
bytes, what the user waits for in ``write``, the same for a frame of 30 columns in files of their own, what ten
frames that differ by a column take, many small artifacts, opening, and the lookup of 100 keys in a fresh store.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from helix_jupyter.store.pickling import prepare
from helix_jupyter.store.store import Store
from helix_jupyter.store.types import OutputFact, OutsideFact, Result


def timed(action: Callable[[], object]) -> float:
    """Seconds that ``action`` takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def plain_write(path: Path, content: bytes) -> None:
    """The bytes in one file, durable."""
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def large_frame(folder: Path) -> None:
    """Write and load a frame of 250 MB, five times."""
    store = Store.open(folder / "large", budget=10**10)
    frame = pd.DataFrame(np.random.default_rng(0).random((1_041_667, 30)), columns=[f"c{n}" for n in range(30)])
    content = b"".join(prepare(frame).buffers)
    asked, stored, plain, loaded = [], [], [], []
    for number in range(5):
        plain.append(timed(lambda: plain_write(folder / "plain", content)))
        prepared = prepare(frame)
        started = time.perf_counter()
        pending = store.write(f"frame{number}", prepared, worth_seconds=1, node="frame", workflow="main")
        asked.append(time.perf_counter() - started)
        pending.wait()
        stored.append(time.perf_counter() - started)
        loaded.append(timed(lambda name=f"frame{number}": store.load(name)))
        assert store.load(f"frame{number}").equals(frame)
        store.evict([f"frame{number}"], "measured")
    store.close()
    megabytes = prepared.bytes / 1e6
    print(f"load a frame of {megabytes:.0f} MB      {statistics.median(loaded) * 1e3:8.2f} ms")
    print(f"write(): the user waits        {statistics.median(asked) * 1e3:8.2f} ms")
    print(f"written and durable            {megabytes / statistics.median(stored):8.0f} MB/s")
    print(f"plain write + fsync            {megabytes / statistics.median(plain):8.0f} MB/s")


def many_columns(folder: Path) -> None:
    """Write and load a frame of 250 MB whose 30 columns lie in files of their own, five times."""
    store = Store.open(folder / "columns", budget=10**10)
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"c0": random.random(1_041_667)}).assign(
        **{f"c{number}": random.random(1_041_667) for number in range(1, 30)}
    )
    stored, loaded = [], []
    for number in range(5):
        prepared = prepare(frame)
        stored.append(timed(lambda p=prepared: store.write("frame", p, worth_seconds=1, node="n", workflow="w").wait()))
        loaded.append(timed(lambda: store.load("frame")))
        store.evict(["frame"], f"measured {number + 1} times")
    store.close()
    print(f"load 250 MB of 30 columns      {statistics.median(loaded) * 1e3:8.2f} ms")
    print(f"written and durable            {frame.shape[1] * 8.333336 / statistics.median(stored):8.0f} MB/s")


def variants(folder: Path) -> None:
    """Ten frames of 50 MB that are each ``frame.assign`` of the one before, with a new column each."""
    store = Store.open(folder / "variants", budget=10**10)
    random = np.random.default_rng(0)
    frame = pd.DataFrame(random.random((625_000, 10)), columns=[f"c{number}" for number in range(10)])
    whole, started = 0, time.perf_counter()
    for number in range(10):
        frame = frame.assign(**{f"new{number}": random.random(len(frame))})
        prepared = prepare(frame)
        whole += prepared.bytes
        store.write(f"variant{number}", prepared, worth_seconds=1, node="frame", workflow="main")
    store.flush()
    print(f"ten frame.assign variants      {whole / 1e6:8.0f} MB")
    print(f"  that lie on disk             {store.used_bytes / 1e6:8.0f} MB")
    print(f"  written and durable after    {time.perf_counter() - started:8.2f} s")
    store.close()


def many_small(folder: Path) -> None:
    """300 artifacts of 10 kB, then open the store and look 100 keys up."""
    store = Store.open(folder / "small", budget=10**10)
    value = prepare(np.zeros(1250))
    asked = [
        timed(lambda name=f"{number:03}x": store.write(name, value, worth_seconds=1, node="n", workflow="main"))
        for number in range(300)
    ]
    print(f"write() of a small value       {statistics.median(asked) * 1e3:8.2f} ms")
    print(f"flush of 300 small values      {timed(store.flush) * 1e3:8.0f} ms")
    facts = (OutsideFact("a", "b"),)
    for number in range(2000):
        outputs = (OutputFact("x", f"{number:03}x", True, 10_000, "array 1250"),)
        store.add_result(Result(f"k{number}", "main", f"node{number}", outputs, 1.0, 0.0, outside=facts))
    store.close()
    opened, found = [], []
    for _ in range(9):
        started = time.perf_counter()
        store = Store.open(folder / "small", budget=10**10)
        opened.append(time.perf_counter() - started)
        found.append(timed(lambda fresh=store: fresh.results(f"k{number}" for number in range(0, 2000, 20))))
        store.close()
    print(f"open                           {statistics.median(opened) * 1e3:8.2f} ms")
    print(f"results() of 100 of 2000 keys  {statistics.median(found) * 1e3:8.2f} ms")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else ".") as name:
        large_frame(Path(name))
        many_columns(Path(name))
        variants(Path(name))
        many_small(Path(name))
