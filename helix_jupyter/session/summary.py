"""A value in a few words, for tables: its type, and what its type makes worth knowing. Never raises, never slow."""

from __future__ import annotations

import sys
from contextlib import suppress
from itertools import islice
from typing import Any

from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.units import plain_scalar

_LIMIT = 60
_FIRST = 100


def summarise(value: Any) -> str:
    """For instance ``DataFrame 32,561 x 15``, ``ndarray float64 (10, 3)``, ``dict of 4``, ``0.25``."""
    name = type(value).__name__
    try:
        shape = getattr(value, "shape", None)
        if is_a(shape, tuple) and shape:
            size = " x ".join(f"{length:,}" for length in shape)
            kind = getattr(value, "dtype", None)
            return f"{name} {size}" + (f" {kind}" if kind is not None and len(str(kind)) < 20 else "")
        if value is None or is_a(value, (bool, int, float, complex, str)):
            text = repr(plain_scalar(value))
            return text if len(text) <= _LIMIT else f"{text[: _LIMIT - 1]}…"
        if is_a(value, (list, tuple, set, frozenset, dict)):
            return f"{name} of {len(value):,}"
    except Exception:  # a value's own attributes may do anything; the name always stands
        return name
    return name


def packages_of(value: Any) -> tuple[str, ...]:
    """Top-level modules of the packages that a value's type comes from, or those of the first values in a container."""
    values = [value]
    if is_a(value, dict):
        values += islice(dict.values(value), _FIRST)
    elif is_a(value, (list, tuple, set, frozenset)):
        with suppress(Exception):  # a subclass may go through its items in a way of its own
            values += islice(value, _FIRST)
    tops = {type(one).__module__.partition(".")[0] for one in values}
    return tuple(sorted(tops - sys.stdlib_module_names - {"__main__", "builtins"}))
