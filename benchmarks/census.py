"""Ten iterations of Census, each in a fresh kernel: helix-jupyter beside a full rerun and the lower bound.

    python -m benchmarks.census [--iterations N] [--copies N] [--repeat N] [--peers]

Every iteration edits one cell of ``notebooks/census.ipynb`` and then measures, one after the other:
declaring all cells and ``%helix run`` in a fresh kernel, on the store that the iterations before left
behind; all cells as plain Python in another fresh kernel; with ``--peers`` the same steps under
joblib.Memory and Apache Hamilton's cache. ``--repeat`` measures every iteration several times, on copies of
what the iterations before left behind, and takes medians: one fit on a busy machine varies more than all that
is measured here. Starting a kernel, imports (of the tools too, and those that a library puts off until
it is first used: a run of one copy of the data tells which) and the data's download are in no figure. The
lower bound is the plain seconds of the nodes that nobody could have known (``lower_bound.py``). Exits with 1
if any result differs from the full rerun's.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import peers
from benchmarks.iterations import ITERATIONS, Edit
from benchmarks.kernel import ROOT, call_in_kernel
from benchmarks.lower_bound import Oracle
from benchmarks.workflow import Workflow, read_workflow

# what a session imports when it is first used; imports are in nobody's figure
IMPORTS = (
    "import ipywidgets, cloudpickle, helix_jupyter.session, helix_jupyter.view.render, helix_jupyter.magics.console"
)
RESULTS = ROOT / "benchmarks" / "results"


def main() -> int:
    """Run the benchmark as the command line asks; 0 if every result is that of the full rerun."""
    options = _options()
    notebook = read_workflow(options.notebook)
    workflow = notebook.with_setup("COPIES = 1", f"COPIES = {options.copies}")
    systems = ["helix", "rerun", *(peers.SYSTEMS if options.peers else ())]
    print(f"Census x{options.copies}: {48_842 * options.copies:,} rows, {len(workflow.nodes)} nodes")
    # as pip does when it installs a package: else the first kernel would compile it within its figure
    compileall.compile_dir(ROOT / "helix_jupyter", quiet=2)
    imports = late_imports(notebook)
    iterations: list[dict[str, Any]] = []
    oracle = Oracle()
    with tempfile.TemporaryDirectory(prefix="helix-census-", ignore_cleanup_errors=True) as folder:
        for number, edit in enumerate(ITERATIONS[: options.iterations], start=1):
            if edit is not None:
                workflow = workflow.with_edit(edit.node, edit.old, edit.new)
            last = number == options.iterations
            iteration = repeated(workflow, imports, number, edit, oracle, Path(folder), systems, last, options.repeat)
            iterations.append(iteration)
            print_iteration(iteration, systems)
    print_totals(iterations, systems)
    print(f"raw figures: {_write(options, iterations)}")
    differences = [difference for iteration in iterations for difference in iteration["differences"]]
    print("\n".join(differences) or "every result equals that of the full rerun")
    return 1 if differences else 0


def late_imports(workflow: Workflow) -> str:
    """A setup cell that imports what the cells, and the session under them, import only as they run."""
    with tempfile.TemporaryDirectory(prefix="helix-census-", ignore_cleanup_errors=True) as folder:
        measured = measure(workflow, "", 1, None, Path(folder), ["helix", "rerun"], False)
    modules = sorted({*measured["helix"]["imported"], *measured["rerun"]["imported"]})
    return f"import benchmarks.inside as _inside\n_inside.import_all({modules!r})"


def repeated(
    workflow: Workflow,
    imports: str,
    number: int,
    edit: Edit | None,
    oracle: Oracle,
    folder: Path,
    systems: list[str],
    last: bool,
    times: int,
) -> dict[str, Any]:
    """One iteration measured ``times`` times, each from the same state: medians of seconds, what is wrong in any."""
    measured = []
    for _ in range(times - 1):
        with tempfile.TemporaryDirectory(prefix="helix-census-", ignore_cleanup_errors=True) as scratch:
            shutil.copytree(folder, scratch, dirs_exist_ok=True)
            measured.append(measure(workflow, imports, number, edit, Path(scratch), systems, last))
    measured.append(measure(workflow, imports, number, edit, folder, systems, last))
    new = oracle.new_nodes(workflow, measured[-1]["rerun"]["digests"])
    for one in measured:
        one["seconds"]["lower bound"] = sum(one["rerun"]["seconds"][name] for name in new)
        stale = [name for name in new if name not in one["computed"]]
        if stale:
            problem = f"iteration {number}: not computed although code or inputs are new: {', '.join(stale)}"
            one["differences"].append(problem)
    seconds = {key: statistics.median(one["seconds"][key] for one in measured) for key in measured[-1]["seconds"]}
    differences = [difference for one in measured for difference in one["differences"]]
    repeats = [one["seconds"] for one in measured]
    return {**measured[-1], "new": new, "seconds": seconds, "repeats": repeats, "differences": differences}


def measure(
    workflow: Workflow, imports: str, number: int, edit: Edit | None, folder: Path, systems: list[str], last: bool
) -> dict[str, Any]:
    """One iteration under every system, checked against the full rerun."""
    outputs = [name for node in workflow.nodes.values() for name in node.gives]
    results = [name for sink in workflow.sinks() for name in workflow.nodes[sink].gives]
    message = edit.description if edit else "the first version"
    helix = call_in_kernel(
        "benchmarks.inside.run_helix",
        [node.cell for node in workflow.nodes.values()],
        message,
        results,
        outputs,
        last,
        setup=["%load_ext helix_jupyter", IMPORTS, *workflow.setup, imports],
        folder=folder / "helix",
    )
    rerun = call_in_kernel(
        "benchmarks.inside.run_plain",
        [(node.name, node.body) for node in workflow.nodes.values()],
        outputs,
        setup=[*workflow.setup, imports],
        folder=folder / "rerun",
    )
    others = {
        system: peers.measure(system, workflow, imports, results, folder)
        for system in systems
        if system in peers.SYSTEMS
    }
    computed = [name for name, state in helix["states"].items() if state == "compute"]
    return {
        "iteration": number,
        "kind": edit.kind if edit else "",
        "edit": message,
        "node": edit.node if edit else "",
        "seconds": {
            "helix": helix["seconds"],
            "rerun": sum(rerun["seconds"].values()),
            **{system: other["seconds"] for system, other in others.items()},
        },
        "computed": computed,
        "metrics": rerun["scores"],
        "helix": helix,
        "rerun": rerun,
        "peers": others,
        "differences": _differences(number, helix, rerun, others),
    }


def _differences(
    number: int,
    helix: Mapping[str, Any],
    rerun: Mapping[str, Any],
    others: Mapping[str, Any],
) -> list[str]:
    found = []
    if helix["metrics"] != rerun["scores"]:
        found.append(f"iteration {number}: metrics {helix['metrics']}, full rerun {rerun['scores']}")
    for system, measured in {"helix": helix, **others}.items():
        found += [
            f"iteration {number}: {system} gives another {name} than the full rerun"
            for name, digest in measured["digests"].items()
            if digest != rerun["digests"][name]
        ]
    return found


def print_iteration(iteration: Mapping[str, Any], systems: list[str]) -> None:
    """One iteration in a few lines."""
    states = list(iteration["helix"]["states"].values())
    counts = ", ".join(f"{states.count(state)} {word}" for state, word in _STATES.items())
    seconds = iteration["seconds"]
    again = [name for name in iteration["computed"] if name not in iteration["new"]]
    print(f"\n{iteration['iteration']:>2}  {iteration['kind']:<4}{iteration['edit']}", end="")
    print(f"  [{iteration['node']}]" if iteration["node"] else "")
    print(f"    {counts}")
    names = " ".join(f"{name}*" if name in again else name for name in iteration["computed"])
    print(f"    ran: {names or 'nothing'}" + ("  (* known, but computed again)" if again else ""))
    print("    " + "   ".join(f"{_LABELS[key]} {seconds[key]:.2f} s" for key in [*systems, "lower bound"]))
    print("    " + "   ".join(f"{name} {value:.4f}" for name, value in iteration["metrics"].items()), flush=True)


_STATES = {"compute": "computed", "load": "loaded", "prune": "pruned"}
_LABELS = {"helix": "helix", "rerun": "full rerun", "lower bound": "lower bound", **peers.SYSTEMS}


def print_totals(iterations: list[dict[str, Any]], systems: list[str]) -> None:
    """Cumulative seconds of every system, relative to the full rerun and to the lower bound."""
    total = {key: sum(iteration["seconds"][key] for iteration in iterations) for key in [*systems, "lower bound"]}
    print(f"\n{'cumulative':<24}{'seconds':>9}{'rerun / it':>12}{'it / lower bound':>18}")
    for key, seconds in sorted(total.items(), key=lambda item: -item[1]):
        print(
            f"{_LABELS[key]:<24}{seconds:>9.2f}{total['rerun'] / seconds:>11.2f}x"
            f"{seconds / total['lower bound']:>17.2f}x"
        )


def _write(options: argparse.Namespace, iterations: list[dict[str, Any]]) -> Path:
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"census-{time.strftime('%Y%m%d-%H%M%S')}.json"
    machine = {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()}
    facts = {"copies": options.copies, "machine": machine, "iterations": iterations}
    path.write_text(json.dumps(facts, indent=1), encoding="utf-8")
    return path.relative_to(ROOT)


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
    parser.add_argument("--notebook", type=Path, default=ROOT / "notebooks" / "census.ipynb")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
