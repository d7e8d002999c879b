"""How much memory readers of one large value take: ``python -m benchmarks.bench_memory [BYTES]``; default: 1 GB.

Five nodes read one array. Each mode is a fresh process; printed is its peak of resident memory (``ru_maxrss``), and
what the work added to that. The first line is an array that is made and nothing else.
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


def measured(mode: str, count: int, folder: str) -> tuple[int, int]:
    """Peak of resident memory, in bytes, of a process before and after its work."""
    code = _PROCESS.replace("READERS", str(READERS))
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-c", code, mode, str(count)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=True)
    before, after = map(int, done.stdout.split()[-2:])
    return before, after


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


if __name__ == "__main__":
    main()
