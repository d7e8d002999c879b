"""The paper's figure of a workflow: cumulative run time by iteration with the kinds marked, storage, and states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from benchmarks.report import LABELS, STATES

_KINDS = {"DPR": "#7b3fa0", "L/I": "#c2620c", "PPR": "#2b7a4b", "": "#555555"}
_COLOURS = {
    "helix": "#1f6fb4",
    "rule": "#7fb2dd",
    "all": "#8a9a5b",
    "none": "#c49c94",
    "rerun": "#555555",
    "lower bound": "#000000",
    "joblib": "#d1495b",
    "hamilton": "#edae49",
}


def draw(name: str, iterations: Sequence[Mapping[str, Any]], systems: Sequence[str], path: Path) -> None:
    """Draw one workflow's measurement as a picture; ``path`` ends in .png."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(13, 4.2), layout="constrained", dpi=100)
    time, storage, states = figure.subplots(1, 3, width_ratios=[1.6, 1, 1])
    numbers = range(1, len(iterations) + 1)
    for key in [*systems, "lower bound"]:
        seconds = list(accumulate(iteration["seconds"][key] for iteration in iterations))
        style = "--" if key == "lower bound" else "-"
        time.plot(numbers, seconds, style, color=_COLOURS[key], lw=2.4 if key == "helix" else 1.3, label=LABELS[key])
        if key in iterations[0]["bytes"]:
            kept = [iteration["bytes"][key] / 1e6 for iteration in iterations]
            storage.plot(numbers, kept, color=_COLOURS[key], lw=2.4 if key == "helix" else 1.3)
    time.set(title=f"{name}: cumulative run time", ylabel="seconds", ylim=(0, None))
    time.legend(fontsize=8)
    storage.set(title="kept on disk", ylabel="MB", ylim=(0, None))
    _states(states, iterations)
    for axes in (time, storage, states):
        axes.set_xticks(
            numbers, [f"{at}\n{iteration['kind']}" for at, iteration in zip(numbers, iterations, strict=True)]
        )
        for label, iteration in zip(axes.get_xticklabels(), iterations, strict=True):
            label.set(color=_KINDS[iteration["kind"]], fontsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)


def _states(axes: Any, iterations: Sequence[Mapping[str, Any]]) -> None:
    bottom = [0.0] * len(iterations)
    colours = {"compute": "#c2620c", "load": "#1f6fb4", "prune": "#cccccc"}
    for state, word in STATES.items():
        shares = []
        for iteration in iterations:
            found = list(iteration["helix"]["states"].values())
            shares.append(100 * found.count(state) / len(found))
        axes.bar(range(1, len(iterations) + 1), shares, bottom=bottom, color=colours[state], label=word)
        bottom = [low + share for low, share in zip(bottom, shares, strict=True)]
    axes.set(title="nodes of helix", ylabel="%")
    axes.legend(fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=3, frameon=False)
