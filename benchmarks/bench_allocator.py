"""What the C allocator's first state costs a fit on loaded data: with and without ``settle_allocator``, in turn.

    python -m benchmarks.bench_allocator [--repeat N]

Each fit runs in a fresh process on a sparse matrix that is mapped from disk, as a kernel's first node after a restart
does; prints medians of seconds and page faults.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

FIT = """
import json, resource, sys, time
import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from helix_jupyter.execute.allocator import settle_allocator

folder, settled = sys.argv[1:]
if settled == "settled":
    settle_allocator()
parts = [np.load(f"{folder}/{name}.npy", mmap_mode="c") for name in ("data", "indices", "indptr", "y")]
X = sparse.csr_matrix(tuple(parts[:3]))
before, started = resource.getrusage(resource.RUSAGE_SELF).ru_minflt, time.perf_counter()
LogisticRegression(C=100.0, tol=1e-9, max_iter=100).fit(X, parts[3])
seconds = time.perf_counter() - started
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before]))
"""


def main() -> None:
    """Run the fits in turn and print both states beside each other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    measured: dict[str, list[list[float]]] = {"as it begins": [], "settled": []}
    with tempfile.TemporaryDirectory(prefix="helix-allocator-") as folder:
        _make_data(Path(folder))
        for _ in range(options.repeat):
            for state, taken in measured.items():
                command = [sys.executable, "-c", FIT, folder, state]
                taken.append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
    for state, taken in measured.items():
        seconds, faults = (statistics.median(column) for column in zip(*taken, strict=True))
        print(f"{state:<14}{seconds:6.2f} s{faults:10,.0f} page faults")
    pairs = zip(measured["settled"], measured["as it begins"], strict=True)
    print(f"settled / as it begins, median of pairs: {statistics.median(a[0] / b[0] for a, b in pairs):.2f}")


def _make_data(folder: Path) -> None:
    import numpy as np
    from scipy import sparse

    generator = np.random.default_rng(0)
    rows, width, filled = 400_000, 120, 13
    indices = np.sort(generator.integers(0, width, (rows, filled), dtype=np.int32), axis=1).ravel()
    indptr = np.arange(0, rows * filled + 1, filled, dtype=np.int32)
    matrix = sparse.csr_matrix((generator.random(rows * filled, dtype=np.float32), indices, indptr))
    y = matrix @ generator.normal(size=width) + generator.normal(size=rows) > 0
    for name, array in {"data": matrix.data, "indices": matrix.indices, "indptr": matrix.indptr, "y": y}.items():
        np.save(folder / name, array)


if __name__ == "__main__":
    main()
