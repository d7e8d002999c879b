"""A long history: seconds to open the list of versions, to look into one, and bytes of the database.

Versions of 100 nodes in layers of ten, each after one edit of a random node; all below it has new results.
Run: python -m benchmarks.bench_versions [--versions N]
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import helix_jupyter as hx
from benchmarks import targets
from benchmarks.bench_session import CELL
from helix_jupyter.plan.types import State
from helix_jupyter.session.history import History
from helix_jupyter.session.version_pane import version_pane
from helix_jupyter.store.store import Store
from helix_jupyter.version.types import NodeRecord, Version
from helix_jupyter.view.render import as_html, mimebundle
from helix_jupyter.view.types import VersionList

LAYERS = WIDTH = 10


def first_version(folder: Path) -> Version:
    """A real version of a real session, its cells like those of bench_session."""
    import pandas as pd

    namespace = {"__name__": "__main__", "pd": pd, "THRESHOLD": 3}
    exec(CELL.split("\n\n\n", 1)[0], namespace)
    session = hx.Session(folder, namespace=namespace)
    body = CELL.split("\n\n\n", 1)[1]
    for number in range(LAYERS * WIDTH):
        above = f"table{number - WIDTH}" if number >= WIDTH else "pd.DataFrame({'a': [1], 'b': [2]})"
        session.declare(f"rows = {above}\n{body.format(n=number)}", [f"table{number}"])
    version = session.run()
    session.close()
    return version


def edited(version: Version, draw: random.Random) -> Version:
    """The version after one edit: new code in one node, new results in it and in all below it in its column."""
    names = list(version.nodes)
    place = draw.randrange(len(names))
    changed = set(names[place::WIDTH])
    nodes = {name: _again(record, name in changed, draw) for name, record in version.nodes.items()}
    chosen = nodes[names[place]]
    source = f"{chosen.source.rstrip()}  # {draw.random()}\n"
    nodes[names[place]] = replace(chosen, source=source, code=source, reason="line 3 changed: 1 -> 2")
    return replace(version, nodes=nodes, created=version.created + 60, parent=version.id, metrics={"f1": draw.random()})


def _again(record: NodeRecord, is_changed: bool, draw: random.Random) -> NodeRecord:
    if not is_changed:
        return replace(record, state=State.PRUNE, seconds=0.0, reason="not needed: nothing that runs reads it")
    digest = f"{draw.getrandbits(128):032x}"
    return replace(
        record,
        state=State.COMPUTE,
        seconds=draw.random(),
        compute_seconds=draw.random(),
        reason="its input `rows` changed",
        key=f"{draw.getrandbits(128):032x}",
        outputs=tuple(output._replace(digest=digest) for output in record.outputs),
        parts=tuple(
            part._replace(digest=f"{draw.getrandbits(128):032x}") if part.kind in ("code", "input") else part
            for part in record.parts
        ),
    )


def seconds_of(work: Callable[[], object], repeats: int = 5) -> float:
    taken = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def main() -> None:
    """Write the history, then measure it in a store that is opened anew."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--versions", type=int, default=10_000, metavar="N")
    count = parser.parse_args().versions
    draw = random.Random(0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        version = first_version(folder)
        store = Store.open(folder, budget=10**9)
        history, adding = History(store, "long"), []
        version = history.add(version, print)
        for _ in range(count - 1):
            version = edited(version, draw)
            started = time.perf_counter()
            version = history.add(version, print)
            adding.append(time.perf_counter() - started)
        store.close()
        size = (folder / "helix.db").stat().st_size
        store = Store.open(folder, budget=10**9)
        listing = seconds_of(lambda: as_html(VersionList(History(store, "long").all())))
        looking = seconds_of(lambda: dict(History(store, "long").version(count // 2).nodes))
        store.close()
        with hx.Session(folder, workflow="long", namespace={}) as session:
            opening = seconds_of(lambda: (mimebundle(session.versions), version_pane(session)))
            document = len(json.dumps(version_pane(session).document))
    rows = {
        "versions of 100 nodes": float(count),
        "add one, median (ms)": statistics.median(adding) * 1000,
        "list them, as HTML (ms)": listing * 1000,
        "look into one (ms)": looking * 1000,
        "open the browser, in the kernel (ms)": opening * 1000,
        "its document (kB)": document / 1e3,
        "database (MB)": size / 1e6,
    }
    for label, value in rows.items():
        print(f"{label:38}{value:12,.1f}")
    if count >= 10_000:
        targets.note({"open versions": opening * 1000, "database": size / 1e6})
    results = Path(__file__).parent / "results"
    results.mkdir(exist_ok=True)
    (results / "versions.json").write_text(json.dumps(rows, indent=2))


if __name__ == "__main__":
    main()
