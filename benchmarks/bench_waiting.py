"""What a user waits for materialisation: seconds spent on deciding and handing over, beside those of computing.

A workflow of layers, each node a sort of its own; the store has room for a part of the values only, so that every
decision looks at the history. Each iteration edits one node and runs in a fresh process.
Run: python -m benchmarks.bench_waiting [--nodes N] [--share S]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import targets

LENGTH = 100_000
WIDTH = 25

ITERATION = """
import json, sys, time
import numpy
import helix_jupyter as hx
from helix_jupyter.session import keep
folder, nodes, budget, edited = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
waits, original = [], keep.Keeper.keep

def timed(self, *arguments):
    started = time.perf_counter()
    original(self, *arguments)
    waits.append(time.perf_counter() - started)

keep.Keeper.keep = timed
session = hx.Session(folder, budget=budget, namespace={{"__name__": "__main__"}})
for n in range(nodes):
    above = f"v{{n - {width}}}[:-1].sum() + v{{n - {width} - 1}}[-1]" if n > {width} else "0"
    seed = n + 1_000_000 * (n == edited)
    code = f"import numpy as np\\nv{{n}} = np.sort(np.random.default_rng({{seed}}).random({length})) + ({{above}})"
    session.declare(code, [f"v{{n}}"])
started = time.perf_counter()
version = session.run()
whole = time.perf_counter() - started
states = {{name: str(state) for name, state in version.states.items()}}
computing = sum(version.nodes[name].seconds for name, state in states.items() if state == "compute")
session.close()
print(json.dumps(dict(computing=computing, run=whole, computed=list(states.values()).count("compute"),
                      waiting=sum(waits), longest=max(waits, default=0.0))))
"""


def main() -> None:
    """Run the iterations and print a line for each, and the share of all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--nodes", type=int, default=1_000, metavar="N")
    parser.add_argument("--share", type=float, default=0.12, metavar="S", help="of all values that there is room for")
    options = parser.parse_args()
    budget = round(options.share * options.nodes * LENGTH * 8)
    edits = (-1, options.nodes * 9 // 10, options.nodes // 2, options.nodes // 20, options.nodes * 9 // 10)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for edited in edits:
            code = ITERATION.format(width=WIDTH, length=LENGTH)
            command = [sys.executable, "-c", code, folder, str(options.nodes), str(budget), str(edited)]
            environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
            done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
            rows.append(json.loads(done.stdout.splitlines()[-1]))
            print(
                "computed {computed:>5}, computing {computing:6.2f} s, waiting {waiting:6.3f} s".format(**rows[-1]),
                "(longest {:.0f} ms)".format(rows[-1]["longest"] * 1000),
            )
    share = sum(row["waiting"] for row in rows) / sum(row["computing"] for row in rows)
    print(f"waiting / computing, all iterations: {share:.1%}")
    targets.note({"waiting small": 100 * share})
    results = Path(__file__).parent / "results"
    results.mkdir(exist_ok=True)
    (results / "waiting.json").write_text(json.dumps(rows, indent=2))


if __name__ == "__main__":
    main()
