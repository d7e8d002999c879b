"""Attributes of array subclasses, and hard masks: NumPy's own pickling leaves them behind, here they go along."""

from __future__ import annotations

import sys
from typing import Any


def reduced(value: Any) -> tuple[Any, ...] | None:
    """How to pickle an array with what it holds besides its elements; None for anything else."""
    numpy = sys.modules.get("numpy")
    if numpy is None or not isinstance(value, numpy.ndarray) or type(value) in (numpy.ndarray, numpy.memmap):
        return None
    if type(value).__reduce__ not in (numpy.ndarray.__reduce__, numpy.ma.MaskedArray.__reduce__):
        return None  # it says itself how it is pickled
    attributes = _left_behind(value)
    if not attributes:
        return None
    maker, arguments, state = value.__reduce__()
    return maker, arguments, (state, attributes), None, None, _restore


def _left_behind(value: Any) -> dict[str, Any]:
    from helix_jupyter.fingerprint.digest_numpy import PLUMBING

    held = getattr(value, "__dict__", {})
    attributes = {name: attribute for name, attribute in held.items() if name not in PLUMBING}
    return attributes | ({"_hardmask": True} if held.get("_hardmask") else {})


def _restore(value: Any, kept: tuple[Any, dict[str, Any]]) -> None:
    state, attributes = kept
    value.__setstate__(state)
    value.__dict__.update(attributes)
