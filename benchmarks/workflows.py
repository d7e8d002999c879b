"""The published workflows, iteration by iteration, under helix-jupyter, its other policies and the nearest tools.

    python -m benchmarks.workflows [NAME ...] [--iterations N] [--repeat N] [--only SYSTEM ...]

What is measured, and how, says ``driver.py``; each workflow leaves its raw figures and a picture in
``benchmarks/results``. Exits with 1 if any result differs from the full rerun's.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from typing import Any

from benchmarks import driver, figures, peers, report, targets
from benchmarks.kernel import ROOT
from benchmarks.scripts import SCRIPTS

SYSTEMS = (*driver.POLICIES, "rerun", *peers.SYSTEMS)


def main() -> int:
    """Measure what the command line asks for; 0 if every result is that of the full rerun."""
    options = _options()
    systems = [system for system in SYSTEMS if system in {"helix", "rerun", *options.only}]
    measured = {name: measure(name, systems, options) for name in options.names or SCRIPTS}
    report.print_table({name: report.totals(iterations, systems) for name, iterations in measured.items()}, systems)
    return int(any(iteration["differences"] for iterations in measured.values() for iteration in iterations))


def measure(name: str, systems: list[str], options: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure one workflow, print and draw it."""
    script = replace(SCRIPTS[name], iterations=SCRIPTS[name].iterations[: options.iterations])
    small = script.workflow()
    workflow = script.scaled(small)
    print(f"\n{name}: {len(workflow.nodes)} nodes{', ' + script.scale[1] if script.scale else ''}")
    iterations = driver.run(script, small, workflow, systems, options.repeat)
    report.print_totals(iterations, systems)
    report.print_excess(iterations)
    raw = report.write(name, iterations, scale=script.scale)
    picture = report.RESULTS / f"workflow-{name}.png"
    figures.draw(name, iterations, systems, picture)
    print(f"raw figures: {raw}, picture: {picture.relative_to(ROOT)}")
    report.print_differences(iterations)
    _note(name, iterations, systems)
    return iterations


def _note(name: str, iterations: list[dict[str, Any]], systems: list[str]) -> None:
    """Whole runs go into the table of what must be reached."""
    others = [key for key in systems if key in ("rerun", *peers.SYSTEMS)]
    if len(iterations) < len(SCRIPTS[name].iterations):
        return
    total = report.totals(iterations, systems)
    targets.note(
        {
            f"{name} / bound": total["helix"] / total["lower bound"],
            f"{name} / best": total["helix"] / min(total[key] for key in others),
        }
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(SCRIPTS)}; all if none is named")
    parser.add_argument("--iterations", type=int, metavar="N", help="only the first of them")
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="measurements of every iteration")
    parser.add_argument(
        "--only", nargs="*", default=SYSTEMS, choices=SYSTEMS, help="beside helix and rerun; default: all"
    )
    options = parser.parse_args()
    if unknown := [name for name in options.names if name not in SCRIPTS]:
        parser.error(f"there is no workflow {', '.join(unknown)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
