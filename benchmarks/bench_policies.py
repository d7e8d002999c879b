"""Policies against the clairvoyant bound: `python -m benchmarks.bench_policies [--seeds 40] [--random 24]`.

Generated traces (`plan.simulate.generate`), each under budgets of 100 %, 50 %, 12 % and 5 % of all its artifacts.
Prints medians and worst tenths of cumulative seconds / bound, the speed-up over no reuse at 12 %, how often `adaptive`
is worse than the paper's rule, and what a decision takes. Raw results go to `benchmarks/results/policies.json`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import targets
from helix_jupyter.plan.keeping import Candidate, Decision, Policy, Storage
from helix_jupyter.plan.materialise import POLICIES
from helix_jupyter.plan.simulate import clairvoyant, replay
from helix_jupyter.plan.simulate.generate import FAMILIES, random_graph
from helix_jupyter.plan.trace import Trace

SHARES = (1.0, 0.5, 0.12, 0.05)
COMPARED = ("adaptive", "helix", "all")
TIGHT = 0.12
WORSE = 1.02
TIME_LIMIT = 5.0
RESULTS = Path(__file__).parent / "results" / "policies.json"


def traces(seeds: int, random_graphs: int) -> Iterator[tuple[str, int, Trace]]:
    for family, generate in FAMILIES.items():
        for seed in range(random_graphs if family == "random" else seeds):
            yield family, seed, generate(seed)


def measure(family: str, seed: int, trace: Trace) -> Iterator[dict[str, object]]:
    for share in SHARES:
        budget = round(share * trace.artifact_bytes)
        bound = clairvoyant(trace, budget, time_limit=TIME_LIMIT)
        done = {name: replay(trace, POLICIES[name], budget) for name in COMPARED}
        if any(one.peak > budget for one in done.values()):
            raise AssertionError(f"{family} {seed}: a policy took more than its budget")
        yield {
            "family": family,
            "seed": seed,
            "share": share,
            "nodes": max(len(step.needed) for step in trace.steps),
            "rerun_seconds": trace.rerun_seconds,
            "bound_seconds": bound.seconds,
            "bound_exact": bound.exact,
            "seconds": {name: one.seconds for name, one in done.items()},
        }


def worst_tenth(values: Sequence[float]) -> float:
    """The value that a tenth of all reach or exceed."""
    return sorted(values)[int(0.9 * (len(values) - 1) + 0.5)]


def report(rows: Sequence[dict]) -> None:
    families = [*dict.fromkeys(row["family"] for row in rows), "all"]
    titles = "".join(f"{f'{share:.0%}':>16}" for share in SHARES)
    print(f"cumulative seconds / clairvoyant bound, median (worst tenth)\n{'':<21}{titles}{'speed-up at 12 %':>20}")
    for family in families:
        own = [row for row in rows if family in (row["family"], "all")]
        for name in COMPARED:
            cells = ""
            for share in SHARES:
                ratios = [row["seconds"][name] / row["bound_seconds"] for row in own if row["share"] == share]
                cells += f"{f'{statistics.median(ratios):.3f} ({worst_tenth(ratios):.2f})':>16}"
            speedups = [row["rerun_seconds"] / row["seconds"][name] for row in own if row["share"] == TIGHT]
            print(f"{family:<12}{name:<9}{cells}{statistics.median(speedups):>20.2f}")
    worse = [row for row in rows if row["seconds"]["adaptive"] > WORSE * row["seconds"]["helix"]]
    by_family = {family: sum(row["family"] == family for row in worse) for family in families[:-1]}
    print(
        f"\nadaptive is more than 2 % worse than helix on {len(worse)} of {len(rows)} ({len(worse) / len(rows):.2%}):"
    )
    print("  " + ", ".join(f"{family} {count}" for family, count in by_family.items()))
    own = [row for row in rows if row["family"] == "shared"]
    tight = [row["rerun_seconds"] / row["seconds"]["adaptive"] for row in own if row["share"] == TIGHT]
    figures = {"adaptive worse": 100 * len(worse) / len(rows), "speed-up at 12 %": statistics.median(tight)}
    for share in SHARES:
        ratios = [row["seconds"]["adaptive"] / row["bound_seconds"] for row in rows if row["share"] == share]
        figures |= {f"adaptive at {share:.0%}".replace("%", " %"): statistics.median(ratios)}
        figures |= {f"tenth at {share:.0%}".replace("%", " %"): worst_tenth(ratios)}
    targets.note(figures)
    better = sum(row["seconds"]["helix"] > WORSE * row["seconds"]["adaptive"] for row in rows)
    print(f"  and more than 2 % better on {better} ({better / len(rows):.0%})")
    exact = sum(bool(row["bound_exact"]) for row in rows)
    print(f"the bound is exact on {exact} of {len(rows)}, a lower bound of it on the rest")


def timed(policy: Policy, taken: list[float]) -> Policy:
    def decide(candidate: Candidate, storage: Storage) -> Decision:
        started = time.perf_counter()
        decision = policy(candidate, storage)
        taken.append(time.perf_counter() - started)
        return decision

    return decide


def decisions(nodes: int = 1_000, iterations: int = 8) -> None:
    """What decisions take where room is always short; the first of a run also makes the outlook."""
    trace = random_graph(1, nodes=nodes, iterations=iterations)
    print(f"\nadaptive's decisions at {nodes:,} nodes, {iterations} iterations")
    for share in SHARES:
        taken: list[float] = []
        replay(trace, timed(POLICIES["adaptive"], taken), round(share * trace.artifact_bytes))
        per_run = sum(taken) / iterations
        print(
            f"  budget {share:>4.0%}: {len(taken)} decisions, mean {statistics.mean(taken) * 1e3:.2f} ms, "
            f"median {statistics.median(taken) * 1e3:.3f} ms, at most {max(taken) * 1e3:.0f} ms; "
            f"{per_run * 1e3:.0f} ms a run"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=40, help="traces of each family")
    parser.add_argument("--random", type=int, default=24, help="random graphs of 10 to 2,000 nodes")
    parser.add_argument("--results", type=Path, default=RESULTS)
    chosen = parser.parse_args()
    started = time.perf_counter()
    rows: list[dict] = []
    for family, seed, trace in traces(chosen.seeds, chosen.random):
        rows += measure(family, seed, trace)
        print(f"\r{family} {seed}, {time.perf_counter() - started:.0f} s  ", end="", flush=True)
    print("\r" + " " * 40 + "\r", end="")
    report(rows)
    decisions()
    chosen.results.parent.mkdir(exist_ok=True)
    chosen.results.write_text(json.dumps(rows, indent=1))
    print(f"\nraw: {chosen.results}")


if __name__ == "__main__":
    main()
