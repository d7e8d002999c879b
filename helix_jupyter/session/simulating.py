"""What another budget or policy would have made of a recorded workflow: reads a store's versions, changes nothing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from helix_jupyter.errors import HelixError, StoreError, listing, nearest
from helix_jupyter.plan.simulate.compare import Comparison, compare
from helix_jupyter.plan.trace import Trace
from helix_jupyter.session.history import History
from helix_jupyter.store.store import Store

# Of all values that the workflow ever made, where no budgets are given.
SHARES = (1.0, 0.5, 0.25, 0.12, 0.05)


def recorded_trace(store: str | os.PathLike[str] = ".helix", workflow: str = "main") -> Trace:
    """The iterations of a workflow, as its versions tell of them.

    Versions that failed count as edits of the one after them.

    Raises
    ------
    StoreError
        There is no store.
    HelixError
        The workflow has no version that was done.
    """
    folder = Path(store)
    if not (folder / "helix.db").is_file():
        raise StoreError(f"There is no store in {folder}. Give the folder that %helix config store names: --store.")
    opened = Store.open(folder, budget=0)
    try:
        known = opened.workflows()
        if workflow not in known:
            hint = nearest(workflow, known)
            fix = f"Did you mean '{hint}'?" if hint else f"There are: {listing(known)}."
            raise HelixError(f"The store {folder} has no versions of a workflow '{workflow}'. {fix}")
        steps = History(opened, workflow).steps()
    finally:
        opened.close()
    if not steps:
        raise HelixError(f"No version of '{workflow}' was done, so there is nothing to replay: %helix run.")
    return Trace(workflow, steps)


def simulate(
    store: str | os.PathLike[str] = ".helix",
    workflow: str = "main",
    budgets: Sequence[int] | None = None,
    policies: Sequence[str] = ("adaptive", "helix"),
) -> Comparison:
    """Replay a workflow's history under budgets and policies: what would 5 GB buy?

    Parameters
    ----------
    budgets
        In bytes; by default some shares of all values that the workflow ever made.
    policies
        Names, as ``%helix config policy`` takes them.

    Raises
    ------
    StoreError, HelixError, ConfigError
        As ``recorded_trace`` and ``plan.simulate.compare``.
    """
    trace = recorded_trace(store, workflow)
    sizes = budgets if budgets is not None else [round(share * trace.artifact_bytes) for share in SHARES]
    return compare(trace, sizes, policies)
