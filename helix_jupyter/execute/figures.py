"""Pyplot's open figures, which belong to the process: a node that leaves some must not hand them to the next one.

As the notebook's inline backend does behind each cell; else ``plt.gcf()`` gives another node's figure where that was
computed just before, and a new one where it was loaded. Imports nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# backends that show nothing; what a window or a widget shows stays until the user closes it
_UNSEEN = frozenset({"agg", "cairo", "pdf", "pgf", "ps", "svg", "template"})


@contextmanager
def own_figures(nobody_looks: bool = False) -> Iterator[None]:
    """Close the figures that are left open of those made inside, unless they may be looked at."""
    before = _managers()
    try:
        yield
    finally:
        left = [manager for manager in _managers() if manager not in before]
        pyplot = sys.modules.get("matplotlib.pyplot")
        if left and pyplot is not None and (nobody_looks or pyplot.get_backend().lower() in _UNSEEN):
            for manager in left:
                pyplot.close(manager.canvas.figure)


def _managers() -> list[Any]:
    helpers = sys.modules.get("matplotlib._pylab_helpers")
    return list(helpers.Gcf.get_all_fig_managers()) if helpers is not None else []
