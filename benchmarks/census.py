"""Ten iterations of Census, each in a fresh kernel: helix-jupyter beside a full rerun and the lower bound.

    python -m benchmarks.census [--iterations N] [--copies N] [--repeat N] [--peers]

What is measured, and how, says ``driver.py``. Exits with 1 if any result differs from the full rerun's.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks import driver, peers, report, targets
from benchmarks.scripts.census import ITERATIONS, SCRIPT
from benchmarks.workflow import read_workflow


def main() -> int:
    """Run the benchmark as the command line asks; 0 if every result is that of the full rerun."""
    options = _options()
    script = replace(SCRIPT, iterations=ITERATIONS[: options.iterations])
    notebook = read_workflow(options.notebook)
    workflow = notebook.with_setup("COPIES = 1", f"COPIES = {options.copies}")
    systems = ["helix", "rerun", *(peers.SYSTEMS if options.peers else ())]
    print(f"Census x{options.copies}: {48_842 * options.copies:,} rows, {len(workflow.nodes)} nodes")
    iterations = driver.run(script, notebook, workflow, systems, options.repeat)
    report.print_totals(iterations, systems)
    if options.copies == 10 and len(iterations) == len(ITERATIONS):
        total = report.totals(iterations, systems)
        others = {"bound": "lower bound", "rerun": "rerun", "hamilton": "hamilton", "joblib": "joblib"}
        runs = [iteration["helix"] for iteration in iterations]
        computing = sum(sum(run["node_seconds"].values()) for run in runs)
        targets.note({"waiting": 100 * sum(run["keep_seconds"] for run in runs) / computing})
        targets.note({f"census / {key}": total["helix"] / total[name] for key, name in others.items() if name in total})
    print(f"raw figures: {report.write('census', iterations, copies=options.copies)}")
    return report.print_differences(iterations)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument(
        "--iterations", type=int, default=len(ITERATIONS), choices=range(1, len(ITERATIONS) + 1), metavar="N"
    )
    parser.add_argument("--copies", type=int, default=10, metavar="N", help="how often the rows are repeated")
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="measurements of every iteration")
    parser.add_argument(
        "--peers", action="store_true", help="measure joblib.Memory and Apache Hamilton's cache as well"
    )
    parser.add_argument("--notebook", type=Path, default=SCRIPT.notebook)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
