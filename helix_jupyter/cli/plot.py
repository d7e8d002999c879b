"""A comparison as a picture: cumulative time against budget, a line for each policy.

Matplotlib loads when something is drawn.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from helix_jupyter.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from helix_jupyter.plan.simulate.compare import Comparison


def plot(comparison: Comparison, path: Path) -> None:
    """Draw ``comparison`` to ``path``; its suffix says in which format.

    Raises
    ------
    ConfigError
        Matplotlib is not installed, or has no such format.
    StoreError
        The file cannot be written.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ConfigError(
            f"--plot needs Matplotlib ({error}). Install it (pip install matplotlib) or leave --plot out."
        ) from error
    order = sorted(range(len(comparison.budgets)), key=lambda at: comparison.budgets[at])
    sizes = [comparison.budgets[at] / 1e9 for at in order]
    figure = Figure(figsize=(7, 4.2), layout="constrained")
    axes = figure.add_subplot()
    for name, replays in comparison.replays.items():
        axes.plot(sizes, [replays[at].seconds for at in order], marker="o", label=name)
    least = [comparison.bounds[at].seconds for at in order]
    axes.plot(sizes, least, color="black", linestyle="--", label="least possible")
    axes.axhline(comparison.trace.rerun_seconds, color="grey", linestyle=":", label="without reuse")
    axes.set(
        xlabel="budget (GB)",
        ylabel="cumulative seconds",
        ylim=(0, None),
        title=f"{comparison.trace.name}: {len(comparison.trace.steps)} iterations",
    )
    axes.legend()
    try:
        figure.savefig(path)
    except ValueError as error:
        raise ConfigError(f"{path} cannot be drawn: {error}. Give a name that ends in .png, .svg or .pdf.") from error
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}. Choose another place.") from error
