"""How much memory large values take: ``python -m benchmarks.bench_memory [BYTES]``; default: 1 GB.

Five nodes read one array; then a workflow of branches, each a wide array and what sums it up, declared arrays first,
under a memory budget of a quarter of all arrays, in the order of place and in the one that the run chooses. Each mode
is a fresh process; printed is its peak of resident memory (``ru_maxrss``), and what the work added to that. The first
line is an array that is made and nothing else.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

READERS = 5
_PROCESS = """
import resource, sys
import helix_jupyter
import numpy, cloudpickle, sqlite3, xxhash
mode, count = sys.argv[1], int(sys.argv[2])
unit = 1 if sys.platform == "darwin" else 1024
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
start = peak()
if mode == "made":
    array = numpy.ones(count)
else:
    with helix_jupyter.Session(policy="none" if mode == "memory" else "all", budget="100GB", memory="100GB") as session:
        session.declare(f"import numpy, time; time.sleep(0.5); x = numpy.ones({count})", ["x"])
        for number in range(READERS):
            session.declare(f"r{number} = float(x.sum()) + {number}", [f"r{number}"])
        states = session.run().states
        if mode == "loaded":
            assert str(states["x"]) == "load", states
print(start, peak())
"""

BRANCHES = 8
_BRANCHING = """
import os, resource, sys, time
import helix_jupyter
import numpy, cloudpickle, sqlite3, xxhash
from helix_jupyter.session import iteration
mode, count, budget = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
unit = 1 if sys.platform == "darwin" else 1024
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
if mode == "place":
    iteration.walk_order = lambda bench, graph, known, plan, done: tuple(
        node for node, state in plan.states.items() if str(state) != "prune" and node not in done
    )
def declare(session, size, base):
    session.declare(f"base = {base}", ["base"])
    for number in range(BRANCHES):
        session.declare(f"import numpy; wide{number} = numpy.full({size}, base * 1000 + {number}.0)", [f"wide{number}"])
    for number in range(BRANCHES):
        session.declare(f"narrow{number} = float(wide{number}.sum())", [f"narrow{number}"])
with helix_jupyter.Session(policy="none", memory=budget) as session:
    if mode == "sizes":
        declare(session, count, 0)
        session.run()
        sys.exit()
    start = peak()
    declare(session, count, 1)
    states = session.run().states
    assert all(str(state) == "compute" for state in states.values()), states
print(start, peak())
"""


def branching(size: int, folder: str) -> None:
    """Print a line per order: sizes are known from a run before, in a process of its own."""
    each = size // BRANCHES
    budget = size // 4
    print(f"\n{BRANCHES} branches of {each / 1e9:.3f} GB each, memory budget {budget / 1e9:.2f} GB")
    _run(_BRANCHING, folder, "sizes", str(each // 8), str(budget))
    for mode, told in (("place", "in order of place"), ("chosen", "in the order that is chosen")):
        before, after = _run(_BRANCHING, folder, mode, str(each // 8), str(budget))
        print(f"  {told:28} {after / 1e9:5.2f} GB (the work alone {(after - before) / 1e9:5.2f} GB)", flush=True)
        for name in ("helix.db", "helix.db-wal", "helix.db-shm"):
            Path(folder, ".helix", name).unlink(missing_ok=True)
        _run(_BRANCHING, folder, "sizes", str(each // 8), str(budget))


def _run(code: str, folder: str, *arguments: str) -> tuple[int, int]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    text = code.replace("READERS", str(READERS)).replace("BRANCHES", str(BRANCHES))
    command = [sys.executable, "-c", text, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=True)
    before, after = map(int, done.stdout.split()[-2:] or (0, 0))
    return before, after


def measured(mode: str, count: int, folder: str) -> tuple[int, int]:
    """Peak of resident memory, in bytes, of a process before and after its work."""
    return _run(_PROCESS, folder, mode, str(count))


def main() -> None:
    """Print a line per mode."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000_000
    print(f"an array of {size / 1e9:.2f} GB, read by {READERS} nodes; peak of resident memory")
    with tempfile.TemporaryDirectory(dir=".") as folder:
        for mode, told in (
            ("made", "made, no session"),
            ("memory", "computed, kept in memory"),
            ("stored", "computed, stored meanwhile"),
            ("loaded", "loaded in a fresh process"),
        ):
            before, after = measured(mode, size // 8, folder)
            print(f"  {told:28} {after / 1e9:5.2f} GB (the work alone {(after - before) / 1e9:5.2f} GB)", flush=True)
            if mode == "stored":  # the readers are to run again, on the stored value
                database = Path(folder, ".helix", "helix.db")
                with sqlite3.connect(database) as connection:
                    connection.execute("DELETE FROM results WHERE node != 'x'")
    with tempfile.TemporaryDirectory(dir=".") as folder:
        branching(size, folder)


if __name__ == "__main__":
    main()
