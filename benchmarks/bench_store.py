"""How fast the store is: ``python benchmarks/bench_store.py [FOLDER]``; FOLDER lies on the disk to measure.

Prints the load of a 250 MB frame, the bandwidth of writing against a plain write with fsync of the same
bytes, what the user waits for in ``write``, the same for a frame of 30 columns in files of their own, what ten
frames that differ by a column take, many small artifacts, opening, the lookup of 100 keys in a fresh store, a
fresh process that gets a stored node of 100 MB, and what compressing saves and costs.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import targets
from helix_jupyter.store.compress import compressed
from helix_jupyter.store.layout import lay_out
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
    ratio = statistics.median(plain) / statistics.median(stored)
    targets.note({"load frame": statistics.median(loaded) * 1e3, "write": 100 * ratio})
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


def hit(folder: Path) -> None:
    """A fresh process gets a node of 100 MB that is stored: declared, planned, loaded; five processes.

    Imports and opening the session are given beside it.
    """
    script = HIT.format(folder=str(folder / "hit"))
    figures = []
    for _ in range(6):
        done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
        figures.append(json.loads(done.stdout.splitlines()[-1]))
    assert [one["state"] for one in figures] == ["compute", *["load"] * 5]
    hits = {name: statistics.median(one[name] for one in figures[1:]) for name in ("opened", "hit", "load")}
    targets.note({"hit": hits["hit"] * 1e3})
    print(f"100 MB hit end to end          {hits['hit'] * 1e3:8.2f} ms")
    print(f"  the session's opening too    {(hits['hit'] + hits['opened']) * 1e3:8.2f} ms")
    print(f"  of which the store's load    {hits['load'] * 1e3:8.2f} ms")


HIT = """
import json, time
import pandas, IPython, helix_jupyter.session.session
from helix_jupyter import Session
started = time.perf_counter()
options = dict(folder="{folder}", namespace={{"__name__": "__main__"}}, policy="all", budget="1GB")
session = Session("{folder}/.helix", **options)
make = "import time, numpy as np\\ntime.sleep(0.5)\\nbig = np.random.default_rng(0).random(12_500_000)"
session.declare(make, ["big"])
opened = time.perf_counter()
loading = []
load = session.store.load
def timed(digest):
    began = time.perf_counter()
    value = load(digest)
    loading.append(time.perf_counter() - began)
    return value
session.store.load = timed
before = time.perf_counter()
plan = session.plan("big")
value = session["big"] if plan.states["big"].value == "load" else session.run("big") and session["big"]
hit = time.perf_counter() - before
assert value.nbytes == 100_000_000
print(json.dumps(dict(opened=opened - started, hit=hit, load=sum(loading), state=plan.states["big"].value)))
session.close()
"""


def compressed_values(folder: Path) -> None:
    """Columns of whole numbers, rounded measurements, words and noise: room, and seconds to load, in both forms."""
    store = Store.open(folder / "compressed", budget=10**10)
    random = np.random.default_rng(0)
    columns = {
        "whole numbers below 100": random.integers(0, 100, 6_000_000),
        "rounded measurements": np.round(random.normal(50, 10, 6_000_000), 1),
        "words": pd.DataFrame({"s": pd.Series(random.choice(["red", "green", "blue"], 4_000_000), dtype="str")}),
        "noise": random.random(6_000_000),
    }
    for name, value in columns.items():
        prepared = prepare(value)
        plain = lay_out("abc", prepared)
        sampled = timed(lambda one=plain, of=prepared: compressed(one, of))
        form = compressed(plain, prepared)
        if form is None:
            print(f"{name:<31}not compressed ({sampled * 1e3:.1f} ms to sample it)")
            continue
        started = time.perf_counter()
        store.write("abc", prepared, worth_seconds=1, node="n", workflow="w", layout=form).wait()
        written = time.perf_counter() - started
        loads = [timed(lambda: store.load("abc")) for _ in range(5)]
        share, rate = store.used_bytes / prepared.bytes, prepared.bytes / 1e6
        print(
            f"{name:<31}{share:8.0%} of the room, compressed at {rate / written:,.0f} MB/s, "
            f"loaded at {rate / statistics.median(loads):,.0f} MB/s ({sampled * 1e3:.1f} ms to sample it)"
        )
        store.evict(["abc"], "measured")
    store.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else ".") as name:
        large_frame(Path(name))
        many_columns(Path(name))
        variants(Path(name))
        many_small(Path(name))
        hit(Path(name))
        compressed_values(Path(name))
