"""How good forecasts are: Census, edited seventeen times, each time planned and then run in a fresh kernel.

    python -m benchmarks.bench_forecast [--copies N] [--twice N]

Compares what ``%helix plan`` said with what the run took, for every node that had run at least twice before, and for
whole runs of such nodes alone. A run in which a plan was changed by an early cut-off counts as a run, too.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import targets
from benchmarks.driver import IMPORTS
from benchmarks.kernel import ROOT, call_in_kernel
from benchmarks.report import RESULTS
from benchmarks.scripts.census import ITERATIONS
from benchmarks.scripts.script import Edit
from benchmarks.workflow import read_workflow

# behind the ten iterations, so that nodes come to be computed for the third time and more
MORE = (
    Edit("L/I", "regularise less", "model", "C=0.1,", "C=0.3,"),
    Edit("PPR", "decide later", "predicted", "0.4", "0.45"),
    Edit("DPR", "other age buckets", "age_bucket", "bins=[20, 25, 30,", "bins=[22, 26, 30,"),
    Edit("L/I", "regularise less again", "model", "C=0.3,", "C=0.5,"),
    Edit("DPR", "logarithm to base 2", "continuous", "np.log1p(values", "np.log2(1 + values"),
    Edit("PPR", "decide earlier", "predicted", "0.45", "0.35"),
    Edit("L/I", "regularise more", "model", "C=0.5,", "C=0.05,"),
)


def main() -> None:
    """Run the benchmark and print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--copies", type=int, default=10, metavar="N", help="how often the rows are repeated")
    parser.add_argument("--twice", type=int, default=2, metavar="N", help="runs of a node before its forecasts count")
    options = parser.parse_args()
    workflow = read_workflow(ROOT / "notebooks" / "census.ipynb").with_setup("COPIES = 1", f"COPIES = {options.copies}")
    runs: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="helix-forecast-", ignore_cleanup_errors=True) as folder:
        for edit in (*ITERATIONS, *MORE):
            if edit is not None:
                workflow = workflow.with_edit(edit.node, edit.old, edit.new)
            setup = ["%load_ext helix_jupyter", IMPORTS, *workflow.setup]
            cells = [node.cell for node in workflow.nodes.values()]
            message = edit.description if edit else "the first version"
            run = call_in_kernel("benchmarks.inside.run_forecast", cells, message, setup=setup, folder=Path(folder))
            runs.append({"edit": message, **run})
    nodes, whole = known_twice(runs, options.twice)
    print(f"Census x{options.copies}, {len(runs)} runs; forecasts of what ran {options.twice} times before")
    tell("nodes", nodes)
    long = [one for one in nodes if one["seconds"] >= 0.05]
    tell("nodes of 50 ms", long)
    if long:
        targets.note({"forecast": 100 * statistics.median(errors_of(long))})
    tell("whole runs", whole)
    tell("whole runs of 1 s", [one for one in whole if one["seconds"] >= 1])
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"forecast-{time.strftime('%Y%m%d-%H%M%S')}.json"
    path.write_text(json.dumps({"copies": options.copies, "runs": runs}, indent=1), encoding="utf-8")
    print(f"raw figures: {path.relative_to(ROOT)}")


def known_twice(runs: Sequence[dict[str, Any]], twice: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The nodes' and the whole runs' forecasts that rest on at least ``twice`` runs."""
    before: Counter[str] = Counter()
    nodes, whole = [], []
    for run in runs:
        nodes += [one for name, one in run["nodes"].items() if before[name] >= twice]
        if run["planned"] and all(before[name] >= twice for name in run["planned"]):
            whole.append(run)
        before.update(run["computed"])
    return nodes, whole


def errors_of(forecasts: Sequence[dict[str, Any]]) -> list[float]:
    """By how much of the actual seconds each forecast is wrong, in order of size."""
    return sorted(abs(one["forecast"] - one["seconds"]) / one["seconds"] for one in forecasts)


def tell(what: str, forecasts: Sequence[dict[str, Any]]) -> None:
    """Median error, worst tenth, and how many lie in the range that was told."""
    if not forecasts:
        print(f"{what:<24} none")
        return
    errors = errors_of(forecasts)
    inside = sum(one["range"][0] <= one["seconds"] <= one["range"][1] for one in forecasts)
    print(
        f"{what:<24} {len(errors):>4}: |forecast - actual| / actual, median {statistics.median(errors):6.1%}, "
        f"worst tenth {errors[int(0.9 * len(errors))]:6.1%}; within the range {inside / len(errors):4.0%}"
    )


if __name__ == "__main__":
    main()
