"""Milliseconds of planning, for random layered DAGs: `python benchmarks/bench_plan.py [--solvers]`.

With ``--solvers``, the two solvers on the networks that are left to them, and what importing SciPy takes:
what the switch between them (``plan.max_flow.ARCS_FOR_SCIPY`` and ``ARCS_FOR_IMPORT``) rests on.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from benchmarks import targets
from helix_jupyter.plan import Fact, Place, make_plan, min_cut, optimal_reuse
from helix_jupyter.plan.max_flow import Network, source_side_dinic, source_side_scipy

SIZES = (100, 1_000, 10_000, 100_000)
CASES = ("all changed", "half changed", "unchanged", "random", "adverse")


@dataclass(frozen=True)
class Workflow:
    """A reuse problem with up to four parents per node, from the three layers above it."""

    graph: dict[str, tuple[str, ...]]
    compute: dict[str, float]
    load: dict[str, float]
    targets: list[str]


def workflow(size: int, case: str, seed: int = 0) -> Workflow:
    """One of CASES.

    ``half changed``: edits and all below them. ``random``: every second node is stored, wherever it stands.
    ``adverse``: loads one to six times as dear as computing, which leaves most nodes to the cut.
    """
    draw = random.Random(seed)
    graph = layered(size, draw)
    compute = {node: draw.lognormvariate(-1, 1.5) for node in graph}
    load = {node: draw.lognormvariate(-2, 1.5) for node in graph}
    targets = sorted(graph.keys() - {parent for parents in graph.values() for parent in parents})
    gone: set[str] = set()
    if case == "all changed":
        gone = set(graph)
    elif case == "half changed":
        gone = changed_half(graph, draw)
    elif case == "random":
        gone = {node for node in graph if draw.random() < 0.5}
    elif case == "adverse":
        compute = {node: draw.uniform(0.5, 1.5) for node in graph}
        load = {node: seconds * draw.uniform(1, 6) for node, seconds in compute.items()}
        gone = set(targets)
    return Workflow(graph, compute, {node: load[node] for node in graph if node not in gone}, targets)


def layered(size: int, draw: random.Random) -> dict[str, tuple[str, ...]]:
    width = max(5, round(size**0.5))
    nodes = [f"node_{number}" for number in range(size)]
    graph = {}
    for number, node in enumerate(nodes):
        first = number // width * width
        above = nodes[max(0, first - 3 * width) : first]
        graph[node] = tuple(draw.sample(above, min(len(above), draw.randint(1, 4))))
    return graph


def changed_half(graph: dict[str, tuple[str, ...]], draw: random.Random) -> set[str]:
    """Edits, one at a time, with all that is below them, until half of the nodes are changed."""
    changed: set[str] = set()
    nodes = list(graph)
    while len(changed) < len(nodes) / 2:
        changed.add(draw.choice(nodes[len(nodes) // 4 :]))
        for node in nodes:
            if any(parent in changed for parent in graph[node]):
                changed.add(node)
    return changed


def milliseconds(work: Callable[[], object], repeats: int = 7) -> float:
    taken = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1000


def undecided_network(problem: Workflow) -> Network:
    """What is left to the solver."""
    seen = [Network(2, [], [], [])]
    solve = min_cut.source_side
    min_cut.source_side = lambda network: seen.append(network) or solve(network)
    try:
        optimal_reuse(problem.graph, problem.compute, problem.load, problem.targets)
    finally:
        min_cut.source_side = solve
    return seen[-1]


def facts_of(problem: Workflow) -> dict[str, Fact]:
    facts = {node: Fact(seconds) for node, seconds in problem.compute.items()}
    for node, seconds in problem.load.items():
        facts[node] = Fact(problem.compute[node], seconds, Place.STORE, bytes=1000)
    return facts


def planning() -> None:
    import scipy.sparse.csgraph  # noqa: F401  (it is loaded in any session that has scikit-learn)

    print("ms, median of 7")
    print(f"{'nodes':>6}  {'case':<13}{'arcs left':>10}{'optimal_reuse':>15}{'make_plan':>11}")
    for size in SIZES:
        slowest = 0.0
        for case in CASES:
            problem = workflow(size, case)
            arcs = len(undecided_network(problem).tails)
            reuse = milliseconds(partial(optimal_reuse, problem.graph, problem.compute, problem.load, problem.targets))
            plan = milliseconds(partial(make_plan, problem.graph, facts_of(problem), problem.targets))
            print(f"{size:>6}  {case:<13}{arcs:>10}{reuse:>15.2f}{plan:>11.2f}", flush=True)
            slowest = max(slowest, plan)
        if (name := f"plan {size}") in targets.TARGETS:
            targets.note({name: slowest})


def solvers() -> None:
    statement = "import time; t = time.perf_counter(); import scipy.sparse.csgraph; print(time.perf_counter() - t)"
    seconds = [float(subprocess.check_output([sys.executable, "-c", statement])) for _ in range(5)]
    print(f"import of scipy.sparse.csgraph: {statistics.median(seconds) * 1000:.0f} ms")
    print(f"{'nodes':>6}{'arcs':>8}{'Dinic':>9}{'SciPy':>9}  (ms, median of 7)")
    for size in (50, 100, 150, 200, 300, 500, 1_000, 2_000, 5_000, 10_000):
        network = undecided_network(workflow(size, "adverse"))
        dinic = milliseconds(partial(source_side_dinic, network))
        scipy = milliseconds(partial(source_side_scipy, network))
        print(f"{size:>6}{len(network.tails):>8}{dinic:>9.2f}{scipy:>9.2f}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--solvers", action="store_true", help="compare the solvers instead")
    (solvers if parser.parse_args().solvers else planning)()
