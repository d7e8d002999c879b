"""What a user waits for besides their own code: import, declare, plan, an unchanged run in a fresh process.

Each figure is the median of several fresh processes or repetitions, so that the noise of a machine shows in none.
Run: python -m benchmarks.bench_session [--gigabytes N]

The store of 1,000 nodes holds N gigabytes (default 10, for which twice as much must be free): 40 arrays that are really
computed, digested and written, each filled with a number of its own, and 960 small values that rest on them. Each takes
some 20 ms to compute: else a load that was slow once makes computing the better plan.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import helix_jupyter as hx
from benchmarks import targets

REPEATS = 7
NODES = 100


def fresh(code: str, *arguments: str) -> float:
    """Run ``code`` in a fresh process; it prints one number."""
    # with compiled files, as every process after the first has them
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return float(done.stdout.split()[-1])


def median(measure: Callable[[], float], repeats: int = REPEATS) -> float:
    return statistics.median(measure() for _ in range(repeats))


IMPORT = """
import time, IPython.core.interactiveshell
started = time.perf_counter()
import helix_jupyter{more}
print((time.perf_counter() - started) * 1000)
"""

LOAD_EXT = """
import time
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance(colors="nocolor")
started = time.perf_counter()
shell.run_line_magic("load_ext", "helix_jupyter")
print((time.perf_counter() - started) * 1000)
"""

CELL = """def local(frame):
    return frame.assign(total=frame.a + frame.b)


parts = []
for name in ("a", "b", "c"):
    part = local(rows)
    part["name"] = name
    part = part[part["total"] > THRESHOLD]
    parts.append(part)
table{n} = pd.concat(parts, ignore_index=True)
table{n} = table{n}.sort_values("total").reset_index(drop=True)
"""

UNCHANGED = """
import sys, time
import helix_jupyter as hx
import helix_jupyter.session.session, numpy
started = time.perf_counter()
session = hx.Session(sys.argv[1], namespace={{"__name__": "__main__", "K": 3}})
for n in range({nodes}):
    value = f"np.arange({{n}}_000, 100_000 + {{n}}_000)" if n < 10 else f"v{{n - 10}} + K"
    session.declare(f"import numpy as np\\nwork = sum(range(3_000_000))\\nv{{n}} = {{value}}", [f"v{{n}}"])
declared = time.perf_counter()
version = session.run()
seconds = time.perf_counter() - declared
assert version.count(hx.State.COMPUTE) == {expected}, version.states
print((time.perf_counter() - started) * 1000 if {whole} else seconds * 1000)
session.close()
"""


LARGE, LARGE_NODES = 40, 1_000

LARGE_WORKFLOW = """
import sys, time
import helix_jupyter as hx
import helix_jupyter.session.session, numpy
folder, count, fill = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "fill"
session = hx.Session(folder, policy="all", budget="1TB", memory="1GB", namespace={"__name__": "__main__", "K": 3})
seconds = []
for n in range(1_000):
    value = f"np.full({count}, {n}.0)" if n < 40 else f"v{n - 40}[:1000] + K"
    started = time.perf_counter()
    session.declare(f"import numpy as np\\nwork = sum(range(1_000_000))\\nv{n} = {value}", [f"v{n}"])
    seconds.append(time.perf_counter() - started)
if fill:
    for n in range(0, 40, 4):  # not all at once: what waits to be written is held in memory
        session.run([f"v{n + more}" for more in range(4)])
        session.flush()
started = time.perf_counter()
version = session.run()
milliseconds = (time.perf_counter() - started) * 1000
assert fill or version.count(hx.State.COMPUTE) == 0, version
assert len(version.nodes) == 1_000
session.flush()
if not fill:
    assert session.store.used_bytes > 40 * 8 * count
print(sorted(seconds[-50:])[25] * 1000 if sys.argv[3] == "declare" else milliseconds)
session.close()
"""


def large_milliseconds(gigabytes: float) -> dict[str, float]:
    """An unchanged run, and one declaration, beside 1,000 nodes and that much in the store; none without the room."""
    count = round(gigabytes * 1e9 / LARGE / 8)
    with tempfile.TemporaryDirectory() as folder:
        free = shutil.disk_usage(folder).free
        if free < 2 * gigabytes * 1e9:
            print(f"1,000 nodes are left out: {free / 1e9:.0f} GB are free, {2 * gigabytes:.0f} GB are needed")
            return {}
        fresh(LARGE_WORKFLOW, folder, str(count), "fill")
        stored = f"{LARGE_NODES:,} nodes, {gigabytes:g} GB stored"
        return {
            f"unchanged run of {stored}, fresh process: the run": median(
                lambda: fresh(LARGE_WORKFLOW, folder, str(count), "run")
            ),
            f"declare a cell of three lines beside {stored}": median(
                lambda: fresh(LARGE_WORKFLOW, folder, str(count), "declare"), 3
            ),
        }


def declare_milliseconds() -> float:
    """Declaring one cell of a dozen lines beside fifty others."""
    with tempfile.TemporaryDirectory() as folder:
        import pandas as pd

        session = hx.Session(folder, namespace={"__name__": "__main__", "pd": pd, "THRESHOLD": 3})
        session.declare("rows = pd.DataFrame({'a': [1], 'b': [2]})", ["rows"])
        for n in range(50):
            session.declare(CELL.format(n=n), [f"table{n}"])
        seconds = []
        for n in range(50, 71):
            started = time.perf_counter()
            session.declare(CELL.format(n=n), [f"table{n}"])
            seconds.append(time.perf_counter() - started)
        session.close()
    return statistics.median(seconds) * 1000


def declare_all_milliseconds(count: int) -> float:
    """Declaring ``count`` cells of two lines, one after the other, in one session."""
    with tempfile.TemporaryDirectory() as folder:
        session = hx.Session(folder, namespace={"__name__": "__main__", "K": 3})
        started = time.perf_counter()
        for n in range(count):
            value = f"np.full(10, {n}.0)" if n < LARGE else f"v{n - LARGE} + K"
            session.declare(f"import numpy as np\nv{n} = {value}", [f"v{n}"])
        milliseconds = (time.perf_counter() - started) * 1000
        session.close()
    return milliseconds


def unchanged_milliseconds(whole: bool) -> float:
    """A run in which nothing changed, in a fresh process: alone, or with opening and declaring all nodes."""
    with tempfile.TemporaryDirectory() as folder:
        fill = UNCHANGED.format(nodes=NODES, expected=NODES, whole=False)
        subprocess.run([sys.executable, "-c", fill, folder], capture_output=True, text=True, check=True)
        again = UNCHANGED.format(nodes=NODES, expected=0, whole=whole)
        return median(lambda: fresh(again, folder))


def main() -> None:
    """Measure all and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--gigabytes", type=float, default=10.0, metavar="N")
    gigabytes = parser.parse_args().gigabytes
    rows = {
        "import helix_jupyter over IPython": median(lambda: fresh(IMPORT.format(more=""))),
        "import helix_jupyter.session.session over IPython": median(
            lambda: fresh(IMPORT.format(more=".session.session"))
        ),
        "%load_ext helix_jupyter": median(lambda: fresh(LOAD_EXT)),
        "declare a cell of 11 lines": declare_milliseconds(),
        **{
            f"declare {count:,} cells of two lines": median(partial(declare_all_milliseconds, count), 3)
            for count in (500, 1_000, 2_000)
        },
        f"unchanged run of {NODES} nodes, fresh process: the run": unchanged_milliseconds(False),
        f"unchanged run of {NODES} nodes, fresh process: open, declare all, run": unchanged_milliseconds(True),
        **large_milliseconds(gigabytes),
    }
    for name, milliseconds in rows.items():
        print(f"{name:75} {milliseconds:9.1f} ms")
    noted = {"declare": "declare a cell of 11 lines", "load_ext": "%load_ext helix_jupyter"}
    noted["unchanged 100"] = f"unchanged run of {NODES} nodes, fresh process: the run"
    large = next((name for name in rows if name.startswith(f"unchanged run of {LARGE_NODES:,}")), None)
    if large and gigabytes >= 10:
        noted["unchanged 1000"] = large
    targets.note({key: rows[name] for key, name in noted.items()})
    results = Path(__file__).parent / "results"
    results.mkdir(exist_ok=True)
    (results / "session.json").write_text(json.dumps(rows, indent=2))


if __name__ == "__main__":
    main()
