"""Digest rule of ``scipy.sparse``: format, shape and entries, sorted and with duplicates summed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np


def digest_sparse(value: Any) -> Iterator[tuple[str, object]]:
    # SciPy takes either index type for small matrices, and mostly this one: no copy is made of it
    positions = np.int32 if max(*value.shape, value.nnz) < 2**31 else np.int64
    yield ".format", value.format
    yield ".shape", tuple(map(int, value.shape))
    yield ".dtype", value.dtype
    if value.format in ("csr", "csc"):
        canonical = value if value.has_canonical_format else _summed(value.copy())
        yield ".indptr", canonical.indptr.astype(positions, copy=False)
        yield ".indices", canonical.indices.astype(positions, copy=False)
    else:
        canonical = _summed(value.tocoo(copy=True))
        for axis, coordinates in enumerate(getattr(canonical, "coords", None) or (canonical.row, canonical.col)):
            yield f".coords[{axis}]", coordinates.astype(positions, copy=False)
    yield ".data", canonical.data


def _summed(value: Any) -> Any:
    value.sum_duplicates()
    return value
