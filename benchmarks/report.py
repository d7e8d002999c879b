"""What was measured, as lines for the terminal and as raw JSON in ``benchmarks/results``."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import peers
from benchmarks.excess import excess
from benchmarks.kernel import ROOT

RESULTS = ROOT / "benchmarks" / "results"
LABELS: Mapping[str, str] = {
    "helix": "helix",
    "rule": "HELIX's rule",
    "all": "keep all",
    "none": "keep nothing",
    "rerun": "full rerun",
    "lower bound": "lower bound",
    **peers.SYSTEMS,
}
STATES = {"compute": "computed", "load": "loaded", "prune": "pruned"}


def print_iteration(iteration: Mapping[str, Any], systems: Sequence[str]) -> None:
    """One iteration in a few lines."""
    states = list(iteration["helix"]["states"].values())
    counts = ", ".join(f"{states.count(state)} {word}" for state, word in STATES.items())
    seconds = iteration["seconds"]
    again = [name for name in iteration["computed"] if name not in iteration["new"]]
    print(f"\n{iteration['iteration']:>2}  {iteration['kind']:<4}{iteration['edit']}", end="")
    print(f"  [{iteration['node']}]" if iteration["node"] else "")
    print(f"    {counts}")
    names = " ".join(f"{name}*" if name in again else name for name in iteration["computed"])
    print(f"    ran: {names or 'nothing'}" + ("  (* known, but computed again)" if again else ""))
    print("    " + "   ".join(f"{LABELS[key]} {seconds[key]:.2f} s" for key in [*systems, "lower bound"]))
    print("    " + "   ".join(f"{name} {value:.4f}" for name, value in iteration["metrics"].items()), flush=True)


def totals(iterations: Sequence[Mapping[str, Any]], systems: Sequence[str]) -> dict[str, float]:
    """Cumulative seconds of every system and of the lower bound."""
    return {key: sum(iteration["seconds"][key] for iteration in iterations) for key in [*systems, "lower bound"]}


def print_totals(iterations: Sequence[Mapping[str, Any]], systems: Sequence[str]) -> None:
    """Cumulative seconds of every system, relative to the full rerun and to the lower bound, and what it keeps."""
    total = totals(iterations, systems)
    kept = iterations[-1]["bytes"]
    print(f"\n{'cumulative':<24}{'seconds':>9}{'rerun / it':>12}{'it / lower bound':>18}{'MB kept':>9}")
    for key, seconds in sorted(total.items(), key=lambda item: -item[1]):
        print(
            f"{LABELS[key]:<24}{seconds:>9.2f}{total['rerun'] / seconds:>11.2f}x"
            f"{seconds / total['lower bound']:>17.2f}x" + (f"{kept[key] / 1e6:>9.0f}" if key in kept else "")
        )


def print_excess(iterations: Sequence[Mapping[str, Any]]) -> None:
    """What helix took beyond the lower bound, and for what."""
    parts = excess(iterations)
    print(f"\nhelix less the lower bound: {sum(parts.values()):+.2f} s")
    for kind, seconds in parts.items():
        print(f"    {seconds:>+8.2f} s  {kind}")


def print_table(measured: Mapping[str, Mapping[str, float]], systems: Sequence[str]) -> None:
    """All workflows as one table in Markdown: cumulative seconds of each system."""
    print("\n| workflow | " + " | ".join(LABELS[key] for key in [*systems, "lower bound"]) + " | helix / bound |")
    print("|---|" + "---|" * (len(systems) + 2))
    for name, total in measured.items():
        cells = [f"{total[key]:.1f}" for key in [*systems, "lower bound"]]
        print(f"| {name} | " + " | ".join(cells) + f" | {total['helix'] / total['lower bound']:.2f}x |")


def print_differences(iterations: Sequence[Mapping[str, Any]]) -> int:
    """Say what differs from the full rerun; 1 if anything does."""
    differences = [difference for iteration in iterations for difference in iteration["differences"]]
    print("\n".join(differences) or "every result equals that of the full rerun")
    return 1 if differences else 0


def write(name: str, iterations: Sequence[Mapping[str, Any]], **facts: Any) -> Path:
    """Leave the raw figures in ``benchmarks/results``; gives the path from the project's folder."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{name}-{time.strftime('%Y%m%d-%H%M%S')}.json"
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    machine = {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "load of the last minute": load,
    }
    path.write_text(json.dumps({**facts, "machine": machine, "iterations": iterations}, indent=1), encoding="utf-8")
    return path.relative_to(ROOT)
