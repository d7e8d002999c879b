"""What a user waits for besides their own code: import, declare, plan, an unchanged run in a fresh process.

Each figure is the median of several fresh processes or repetitions, so that the noise of a machine shows in none.
Run: python -m benchmarks.bench_session
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import helix_jupyter as hx

REPEATS = 7
NODES = 100


def fresh(code: str, *arguments: str) -> float:
    """Run ``code`` in a fresh process; it prints one number."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
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
import helix_jupyter.session, numpy
started = time.perf_counter()
session = hx.Session(sys.argv[1], namespace={{"__name__": "__main__", "K": 3}})
for n in range({nodes}):
    value = "np.arange(100_000)" if n < 10 else f"v{{n - 10}} + K"
    session.declare(f"import numpy as np\\nwork = sum(range(3_000_000))\\nv{{n}} = {{value}}", [f"v{{n}}"])
declared = time.perf_counter()
version = session.run()
seconds = time.perf_counter() - declared
assert version.count(hx.State.COMPUTE) == {expected}, version.states
print((time.perf_counter() - started) * 1000 if {whole} else seconds * 1000)
session.close()
"""


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


def unchanged_milliseconds(whole: bool) -> float:
    """A run in which nothing changed, in a fresh process: alone, or with opening and declaring all nodes."""
    with tempfile.TemporaryDirectory() as folder:
        fill = UNCHANGED.format(nodes=NODES, expected=NODES, whole=False)
        subprocess.run([sys.executable, "-c", fill, folder], capture_output=True, text=True, check=True)
        again = UNCHANGED.format(nodes=NODES, expected=0, whole=whole)
        return median(lambda: fresh(again, folder))


def main() -> None:
    """Measure all and print a table."""
    rows = {
        "import helix_jupyter over IPython": median(lambda: fresh(IMPORT.format(more=""))),
        "import helix_jupyter.session over IPython": median(lambda: fresh(IMPORT.format(more=".session"))),
        "%load_ext helix_jupyter": median(lambda: fresh(LOAD_EXT)),
        "declare a cell of 11 lines": declare_milliseconds(),
        f"unchanged run of {NODES} nodes, fresh process: the run": unchanged_milliseconds(False),
        f"unchanged run of {NODES} nodes, fresh process: open, declare all, run": unchanged_milliseconds(True),
    }
    for name, milliseconds in rows.items():
        print(f"{name:75} {milliseconds:9.1f} ms")
    results = Path(__file__).parent / "results"
    results.mkdir(exist_ok=True)
    (results / "session.json").write_text(json.dumps(rows, indent=2))


if __name__ == "__main__":
    main()
