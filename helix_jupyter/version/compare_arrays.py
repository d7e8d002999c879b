"""Two arrays: shape, type, norm of the difference. Reads NumPy, SciPy sparse and torch values; changes none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from helix_jupyter.version.distributions import Histogram, compare_numbers, sampled

# elements that are subtracted at once: a difference of two large arrays would be a third one
_BLOCK = 1_000_000


@dataclass(frozen=True)
class ArrayDiff:
    """Two arrays, before and after.

    ``norms`` are their Euclidean norms, ``difference`` that of after minus before and ``largest`` the largest entry of
    it, None where the shapes differ or the entries are no numbers. ``changed`` counts the entries that differ
    (None as before). Entries that are no finite number are left out of the norms.
    """

    shapes: tuple[tuple[int, ...], tuple[int, ...]]
    dtypes: tuple[str, str]
    norms: tuple[float | None, float | None] = (None, None)
    difference: float | None = None
    largest: float | None = None
    changed: int | None = None
    shift: float | None = None
    histogram: Histogram | None = None

    @property
    def relative(self) -> float | None:
        """The norm of the difference by the norm before; None where that cannot be said."""
        before = self.norms[0]
        return self.difference / before if self.difference is not None and before else None

    @property
    def size(self) -> int:
        """Number of entries after."""
        return math.prod(self.shapes[1])


def is_array(value: Any) -> bool:
    """Whether ``compare_arrays`` reads this."""
    home, name = type(value).__module__.partition(".")[0], type(value).__name__
    if home == "scipy":
        return hasattr(value, "tocsr") and hasattr(value, "nnz")
    return (home, name) in {("numpy", "ndarray"), ("torch", "Tensor")}


def compare_arrays(before: Any, after: Any) -> ArrayDiff:
    """Compare two arrays, each of a kind that ``is_array`` knows."""
    shapes = tuple(before.shape), tuple(after.shape)
    dtypes = str(before.dtype), str(after.dtype)
    if hasattr(before, "tocsr") and hasattr(after, "tocsr") and shapes[0] == shapes[1]:
        return _sparse(before.tocsr(), after.tocsr(), shapes, dtypes)
    old, new = _flat(before), _flat(after)
    if old.dtype.kind not in "biufc" or new.dtype.kind not in "biufc":
        changed = _changed(old, new) if shapes[0] == shapes[1] else None
        return ArrayDiff(shapes, dtypes, changed=changed)
    norms = _norm(old), _norm(new)
    found = compare_numbers(_real(sampled(old)), _real(sampled(new)))
    difference = largest = changed = None
    if shapes[0] == shapes[1] and not _sparse_side(before, after):
        difference, largest, changed = _subtracted(old, new)
    return ArrayDiff(shapes, dtypes, norms, difference, largest, changed, found.shift, found.histogram)


def _flat(value: Any) -> Any:
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    return value.tocsr().data if hasattr(value, "tocsr") else value.reshape(-1)


def _sparse_side(before: Any, after: Any) -> bool:
    return hasattr(before, "tocsr") or hasattr(after, "tocsr")


def _sparse(before: Any, after: Any, shapes: Any, dtypes: tuple[str, str]) -> ArrayDiff:
    delta = (after.astype(float) - before.astype(float)).data
    old, new = before.data, after.data
    found = compare_numbers(_real(sampled(old)), _real(sampled(new)))
    largest = float(abs(delta).max()) if delta.size else 0.0
    changed = int((delta != 0).sum())
    norms = _norm(old), _norm(new)
    return ArrayDiff(shapes, dtypes, norms, _norm(delta), largest, changed, found.shift, found.histogram)


def _real(values: Any) -> Any:
    return abs(values) if values.dtype.kind == "c" else values


def _norm(values: Any) -> float:
    import numpy as np

    total = 0.0
    for start in range(0, len(values), _BLOCK):
        with np.errstate(all="ignore"):
            block = _real(values[start : start + _BLOCK]).astype(float)
            block = block[np.isfinite(block)]
            total += float(block @ block)
    return math.sqrt(total)


def _changed(old: Any, new: Any) -> int:
    """How many entries differ; what is not even equal to itself (nan, NaT) is the same on both sides."""
    nothing = (old != old) & (new != new)
    return int(((old != new) & ~nothing).sum())


def _subtracted(old: Any, new: Any) -> tuple[float, float, int]:
    import numpy as np

    total, largest, changed = 0.0, 0.0, 0
    kind = complex if "c" in (old.dtype.kind, new.dtype.kind) else float
    for start in range(0, len(old), _BLOCK):
        first, second = (side[start : start + _BLOCK] for side in (old, new))
        changed += _changed(first, second)
        with np.errstate(all="ignore"):
            delta = abs(second.astype(kind) - first.astype(kind))
            delta = delta[np.isfinite(delta)]
            total += float(delta @ delta)
        largest = max(largest, float(delta.max(initial=0.0)))
    return math.sqrt(total), largest, changed
