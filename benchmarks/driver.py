"""Iterations of a workflow, each in a fresh kernel: helix-jupyter beside a full rerun, other tools and the lower bound.

Every iteration edits one cell of a notebook and then measures, one after the other: declaring all cells and
``%helix run`` in a fresh kernel, on the store that the iterations before left behind (under the default policy and any
other that is asked for); all cells as plain Python in another fresh kernel; the same steps under joblib.Memory and
Apache Hamilton's cache. Who begins changes, so that nobody is always the first. With ``times``
every iteration is measured several times, on copies of what the iterations
before left behind, and medians are taken: one fit on a busy machine varies more than all that is measured here.
Starting a kernel, imports (of the tools too, and those that a library puts off until it is first used: a run of the
workflow in the tutorial's size tells which) and the data's download are in no figure. The lower bound is the plain
seconds of the nodes that nobody could have known (``lower_bound.py``).
"""

from __future__ import annotations

import compileall
import shutil
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import peers, report
from benchmarks.kernel import ROOT, call_in_kernel
from benchmarks.lower_bound import Oracle
from benchmarks.scripts.script import Edit, Script
from benchmarks.workflow import Workflow

# what a session imports when it is first used; imports are in nobody's figure
IMPORTS = (
    "import ipywidgets, cloudpickle, helix_jupyter.session.session, helix_jupyter.view.render, "
    "helix_jupyter.execute.notebook_console"
)
# helix-jupyter as it comes, and under other policies of what to keep
POLICIES: Mapping[str, str] = {"helix": "adaptive", "rule": "helix", "all": "all", "none": "none"}


def run(
    script: Script, small: Workflow, workflow: Workflow, systems: Sequence[str], times: int = 1
) -> list[dict[str, Any]]:
    """Measure every iteration of a script under every system, and print each as it is done.

    ``small`` is the workflow in the tutorial's size, in which it is found out what is imported late.
    """
    # as pip does when it installs a package: else the first kernel would compile it within its figure
    compileall.compile_dir(ROOT / "helix_jupyter", quiet=2)
    imports = late_imports(small)
    iterations: list[dict[str, Any]] = []
    oracle = Oracle()
    with tempfile.TemporaryDirectory(prefix="helix-bench-", ignore_cleanup_errors=True) as folder:
        for number, edit in enumerate(script.iterations, start=1):
            if edit is not None:
                workflow = workflow.with_edit(edit.node, edit.old, edit.new)
            last = number == len(script.iterations)
            iteration = repeated(workflow, imports, number, edit, oracle, Path(folder), systems, last, times)
            iterations.append(iteration)
            report.print_iteration(iteration, systems)
    return iterations


def late_imports(workflow: Workflow) -> str:
    """A setup cell that imports what the cells, and the session under them, import only as they run."""
    with tempfile.TemporaryDirectory(prefix="helix-bench-", ignore_cleanup_errors=True) as folder:
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
    systems: Sequence[str],
    last: bool,
    times: int,
) -> dict[str, Any]:
    """One iteration measured ``times`` times, each from the same state: medians of seconds, what is wrong in any."""
    measured = []
    for _ in range(times - 1):
        with tempfile.TemporaryDirectory(prefix="helix-bench-", ignore_cleanup_errors=True) as scratch:
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
    workflow: Workflow,
    imports: str,
    number: int,
    edit: Edit | None,
    folder: Path,
    systems: Sequence[str],
    last: bool,
) -> dict[str, Any]:
    """One iteration under every system, checked against the full rerun."""
    outputs = [name for node in workflow.nodes.values() for name in node.gives]
    results = [name for sink in workflow.sinks() for name in workflow.nodes[sink].gives]
    message = edit.description if edit else "the first version"
    cells = [node.cell for node in workflow.nodes.values()]
    plain = [(node.name, node.plain) for node in workflow.nodes.values()]

    def run_one(system: str) -> Any:
        if system in peers.SYSTEMS:
            return peers.measure(system, workflow, imports, results, folder)
        if system == "rerun":
            setup = [*workflow.setup, imports]
            return call_in_kernel("benchmarks.inside.run_plain", plain, outputs, setup=setup, folder=folder / system)
        setup = ["%load_ext helix_jupyter", IMPORTS, *_policy(system), *workflow.setup, imports]
        asked = (cells, message, results, outputs, last)
        return call_in_kernel("benchmarks.inside.run_helix", *asked, setup=setup, folder=folder / system)

    measured = {system: run_one(system) for system in in_turn(systems, number)}
    rerun = measured["rerun"]
    under = {system: measured[system] for system in systems if system in POLICIES}
    others = {system: measured[system] for system in systems if system in peers.SYSTEMS}
    helix = under["helix"]
    computed = [name for name, state in helix["states"].items() if state == "compute"]
    return {
        "iteration": number,
        "kind": edit.kind if edit else "",
        "edit": message,
        "node": edit.node if edit else "",
        "seconds": {
            "rerun": sum(rerun["seconds"].values()),
            **{system: one["seconds"] for system, one in {**under, **others}.items()},
        },
        "bytes": {system: _bytes(folder / system) for system in (*under, *others)},
        "computed": computed,
        "metrics": rerun["scores"],
        "helix": helix,
        "rerun": rerun,
        "policies": {system: one for system, one in under.items() if system != "helix"},
        "peers": others,
        "differences": _differences(number, under, rerun, others),
    }


def in_turn(systems: Sequence[str], number: int) -> list[str]:
    """Another is measured first in each iteration: it comes right behind what the last one left the machine to do."""
    begin = number % len(systems)
    return [*systems[begin:], *systems[:begin]]


def _policy(system: str) -> list[str]:
    return [] if system == "helix" else [f"%helix config policy={POLICIES[system]}"]


def _bytes(folder: Path) -> int:
    """What a system keeps on disk; the steps that a peer reads are text of a few kB."""
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())


def _differences(
    number: int,
    under: Mapping[str, Mapping[str, Any]],
    rerun: Mapping[str, Any],
    others: Mapping[str, Any],
) -> list[str]:
    found = [
        f"iteration {number}: metrics of {system} {measured['metrics']}, full rerun {rerun['scores']}"
        for system, measured in under.items()
        if measured["metrics"] != rerun["scores"]
    ]
    for system, measured in {**under, **others}.items():
        found += [
            f"iteration {number}: {system} gives another {name} than the full rerun"
            for name, digest in measured["digests"].items()
            if digest != rerun["digests"][name]
        ]
    return found
