"""The seconds that the package under test measures: those that are told it, however busy this machine is.

What a small budget keeps is decided by seconds. Measured ones would decide otherwise each time, so that no seed would
come again; and nodes of microseconds would never be worth keeping.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace
from unittest import mock

# who measures nodes, loads, and the handing over of values
_MEASURING = ("execute.node", "session.iteration", "session.keep", "store.store")
_TICK = 1e-4

_now = 0.0


def spend(seconds: float) -> None:
    """Let time pass."""
    global _now
    _now += seconds


def _look() -> float:
    spend(_TICK)
    return _now


@contextmanager
def told_seconds() -> Iterator[None]:
    """Nothing takes longer than a tick but what is told by ``spend``."""
    clock = SimpleNamespace(**{**vars(time), "perf_counter": _look})
    with ExitStack() as stack:
        for module in _MEASURING:
            stack.enter_context(mock.patch(f"helix_jupyter.{module}.time", clock))
        yield
