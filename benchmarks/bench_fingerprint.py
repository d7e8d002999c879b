"""What fingerprinting costs: digests of large values, the key of an ordinary cell, the idle audit hook.

Run ``python benchmarks/bench_fingerprint.py``; prints one line per measurement (best of several).
"""

from __future__ import annotations

import os
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import targets
from helix_jupyter import Session
from helix_jupyter.cell.types import CellAnalysis
from helix_jupyter.fingerprint.capture import capture
from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.fingerprint.files import file_state
from helix_jupyter.fingerprint.key import fingerprint
from helix_jupyter.fingerprint.loaded import watch
from helix_jupyter.fingerprint.local_imports import import_parts
from helix_jupyter.fingerprint.reads import ReadRecorder
from helix_jupyter.graph.declaration import Declaration

GIGABYTE = 10**9
ROWS = 500_000
UTILS = """
import numpy as np
import pandas as pd
import helpers
LIMIT = 3
COLUMNS = ["age", "education", "occupation", "hours"]
def clean(rows):
    rows = rows[rows["age"] > LIMIT]
    return helpers.bucket(rows[COLUMNS].dropna(), 10)
class Encoder:
    def __init__(self, columns): self.columns = columns
    def fit(self, rows): self.values = {c: sorted(rows[c].unique()) for c in self.columns}; return self
    def transform(self, rows): return np.hstack([pd.get_dummies(rows[c]) for c in self.columns])
"""
HELPERS = """
import numpy as np
def edges(values, count): return np.quantile(values, np.linspace(0, 1, count + 1))
def bucket(rows, count):
    rows = rows.copy()
    rows["bucket"] = np.digitize(rows["age"], edges(rows["age"], count))
    return rows
"""


def best(run: Callable[[], Any], times: int = 7) -> float:
    """Seconds of the fastest of several runs."""
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def report(what: str, value: float, unit: str) -> None:
    print(f"{what:<58}{value:>10.3g} {unit}")


def arrays() -> None:
    array = np.random.default_rng(0).random(GIGABYTE // 8)
    speed = array.nbytes / best(lambda: digest(array), 5) / GIGABYTE
    targets.note({"digest": speed})
    report("1 GB float array", speed, "GB/s")
    matrix = array[: GIGABYTE // 80].reshape(1000, -1).T
    report("100 MB array, transposed", matrix.nbytes / best(lambda: digest(matrix), 3) / GIGABYTE, "GB/s")


def tables_and_containers() -> None:
    words = ["Private", "Self-emp-not-inc", "Local-gov", "State-gov", "?", "Never-married", "Prof-specialty"]
    choices = np.random.default_rng(0).choice(words, (ROWS, 9))
    frame = pd.DataFrame(choices, columns=[f"c{i}" for i in range(9)]).astype("str")
    seconds = min(best(partial(digest, again(frame)), 1) for _ in range(7))  # what was told once is known by then
    report(f"frame, {ROWS:,} rows, 9 string columns", seconds * 1e3, "ms")
    report("the same", int(frame.memory_usage(index=False, deep=True).sum()) / seconds / GIGABYTE, "GB/s")
    missing = frame.mask(np.random.default_rng(0).random(frame.shape) < 0.1)
    seconds_missing = min(best(partial(digest, again(missing)), 1) for _ in range(7))
    report("the same, a tenth of it missing", seconds_missing * 1e3, "ms")
    report("the same, told before", best(lambda: digest(missing)) * 1e3, "ms")
    floats = pd.DataFrame({f"c{i}": np.random.default_rng(i).random(ROWS) for i in range(25)})
    report(f"frame, {ROWS:,} rows, 25 float columns", 25 * ROWS * 8 / best(lambda: digest(floats)) / GIGABYTE, "GB/s")
    rows = pd.DataFrame(np.random.default_rng(0).random((ROWS, 25)), copy=False)
    report("the same, row by row in memory", 25 * ROWS * 8 / best(lambda: digest(rows)) / GIGABYTE, "GB/s")
    objects = frame.astype(object)
    report("the same as Python strings", best(lambda: digest(objects), 3) * 1e3, "ms")
    categories = frame.astype("category")
    report("the same as categories", best(lambda: digest(categories)) * 1e3, "ms")
    numbers = list(range(1_000_000))
    report("list of a million integers", best(lambda: digest(numbers)) * 1e3, "ms")
    records = [{"name": "a", "age": index, "tags": ["x", "y"]} for index in range(10_000)]
    report("10,000 small dicts", best(lambda: digest(records)) * 1e3, "ms")


def again(frame: pd.DataFrame) -> pd.DataFrame:
    """The same text in other objects."""
    return pd.DataFrame({name: pd.array(column.tolist(), dtype="str") for name, column in frame.items()})


def ordinary_cell() -> None:
    watch()  # as %load_ext does, before any cell
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "utils.py").write_text(UTILS)
        Path(folder, "helpers.py").write_text(HELPERS)
        sys.path.insert(0, folder)
        namespace: dict[str, Any] = {"__name__": "__main__"}
        exec("import pandas as pd\nimport utils\nfrom utils import Encoder\nBINS = 10\nC = {'C': 0.1}", namespace)
        exec(textwrap.dedent("def load(path): return utils.clean(pd.read_csv(path)), BINS"), namespace)
        code = "import utils, sklearn.linear_model\nmodel = Encoder(C).fit(load(rows))"
        declaration = Declaration("model", ("model",), code, code, code, CellAnalysis())

        def key() -> object:
            captured = capture(["load", "Encoder", "C", "pd"], {"pd": frozenset({"read_csv"})}, namespace, {"rows"})
            imports = import_parts((), folder, code)
            return fingerprint(declaration, captured, imports, {"rows": "0" * 32}).key

        cold = best(key, 1) * 1e3
        targets.note({"key": cold})
        report("ordinary cell, cold", cold, "ms")
        report("ordinary cell, warm", best(key, 50) * 1e3, "ms")
        path = Path(folder, "utils.py")
        os.utime(path, (1, 1))
        known = file_state(path)
        report("state of a file whose stat holds", best(lambda: file_state(path, known), 50) * 1e6, "us")
        sys.path.remove(folder)


def child_of_a_large_parent() -> None:
    """What a fresh session reads to find the child of a stored parent of 1 GB."""
    parent = f"import numpy\nparent = numpy.random.default_rng(0).random({GIGABYTE // 8})"
    with tempfile.TemporaryDirectory() as folder:

        def workflow() -> Session:
            session = Session(folder=folder, policy="all", budget=3 * GIGABYTE, namespace={"__name__": "__main__"})
            session.declare(parent, ["parent"])
            session.declare("import time\ntime.sleep(0.1)\nchild = float(parent.sum())", ["child"])
            return session

        first = workflow()
        first.run()
        first.close()
        opened: list[str] = []
        sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
        started, before = time.perf_counter(), _bytes_read()
        session = workflow()
        states = session.plan().states
        seconds, after = time.perf_counter() - started, _bytes_read()
        assert str(states["child"]) == "load", states
        artifacts = set(session.store.artifacts())
        session.close()
    report("child of a stored 1 GB parent, found in", seconds * 1e3, "ms")
    report("artifacts opened meanwhile", sum(Path(path).name in artifacts for path in opened), "")
    if before is not None and after is not None:
        report("bytes read meanwhile, the database's included", (after - before) / 1e3, "kB")


def _bytes_read() -> int | None:
    """Bytes that this process has read with system calls; None where the system does not count them."""
    try:
        counters = Path("/proc/self/io").read_text(encoding="ascii")
    except OSError:
        return None
    return int(dict(line.split(": ") for line in counters.splitlines())["rchar"])


def audit_hook() -> None:
    def opened() -> None:
        for _ in range(10_000):
            sys.audit("helix.bench")

    without = best(opened)
    with ReadRecorder():
        pass
    report("idle audit hook, per event", (best(opened) - without) / 10_000 * 1e6, "us")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a")
        path.write_text("a")

        def reads() -> None:
            for _ in range(1000):
                path.read_bytes()

        idle = best(reads)
        with ReadRecorder():
            report("recording, per open", (best(reads) - idle) / 1000 * 1e6, "us")


if __name__ == "__main__":
    arrays()
    tables_and_containers()
    ordinary_cell()
    audit_hook()
    child_of_a_large_parent()
