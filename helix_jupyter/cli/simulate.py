"""``helix-jupyter simulate``: what would 5 GB buy me? Text, and a plot if asked."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helix_jupyter.cli.opening import add_store, workflow
from helix_jupyter.cli.plot import plot
from helix_jupyter.plan.materialise import POLICIES
from helix_jupyter.session.simulating import simulate
from helix_jupyter.units import format_bytes, format_duration, parse_bytes

if TYPE_CHECKING:
    from helix_jupyter.plan.simulate.compare import Comparison


def add_to(commands: Any) -> None:
    """Add the command to a parser's subcommands."""
    parser = commands.add_parser(
        "simulate",
        help="replay a workflow's history under other budgets and policies",
        description="Replay a workflow's recorded iterations under budgets and policies, each as after a restart of "
        "the kernel, beside the least that is possible (by one who knows all edits to come).",
    )
    add_store(parser)
    parser.add_argument(
        "--budget",
        action="append",
        metavar="SIZE",
        help="bytes for stored values, as 5GB; may be repeated (default: shares of all that was ever made)",
    )
    parser.add_argument(
        "--policy",
        action="append",
        metavar="NAME",
        help=f"one of {', '.join(POLICIES)}; may be repeated (default: adaptive, helix, none)",
    )
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw it, too, as .png, .svg or .pdf")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    """Carry out the command; raises ``HelixError`` where it cannot be done as asked."""
    budgets = [parse_bytes(text) for text in chosen.budget] if chosen.budget else None
    policies = dict.fromkeys(chosen.policy or ("adaptive", "helix", "none"))
    comparison = simulate(chosen.store, workflow(chosen.store, chosen.workflow), budgets, tuple(policies))
    print(table(comparison))
    if chosen.plot is not None:
        plot(comparison, chosen.plot)
        print(f"drawn: {chosen.plot}")


def table(comparison: Comparison) -> str:
    """A line for each budget: cumulative time and its ratio to the least possible, per policy."""
    trace = comparison.trace
    names = list(comparison.replays)
    rerun, every = format_duration(trace.rerun_seconds), format_bytes(trace.artifact_bytes)
    lines = [
        f"{trace.name}: {len(trace.steps)} iterations, {rerun} without reuse, {every} of values",
        "",
        "".join([f"{'budget':>10}", *(f"{name:>18}" for name in names), f"{'least possible':>18}"]),
    ]
    for at, budget in enumerate(comparison.budgets):
        least = comparison.bounds[at]
        took = [comparison.replays[name][at].seconds for name in names]
        cells = [f"{format_duration(one)} ({_ratio(one, least.seconds)})" for one in took]
        bound = format_duration(least.seconds) + ("" if least.exact else " or more")
        lines.append("".join([f"{format_bytes(budget):>10}", *(f"{cell:>18}" for cell in cells), f"{bound:>18}"]))
    return "\n".join(lines)


def _ratio(seconds: float, least: float) -> str:
    return f"x{seconds / least:.2f}" if least > 0 else "x1.00" if seconds == 0 else "-"
