"""Which of scikit-learn's callables draw random numbers: asks their signatures, since the package is there anyway."""

from __future__ import annotations

import inspect
from functools import cache
from importlib import import_module


@cache
def takes_random_state(source: str) -> bool | None:
    """Whether ``sklearn.module.name`` has a parameter ``random_state``; None where there is no such name."""
    module, _, name = source.rpartition(".")
    try:
        found = getattr(import_module(module), name)
        return "random_state" in inspect.signature(found).parameters
    except (ImportError, AttributeError, TypeError, ValueError):
        return None
