"""Digest rule of ``scipy.sparse``: format, shape and entries, sorted and with duplicates summed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np


def digest_sparse(value: Any) -> Iterator[tuple[str, object]]:
    yield ".format", value.format
    yield ".shape", tuple(map(int, value.shape))
    yield ".dtype", value.dtype
    if value.format in ("csr", "csc"):
        canonical = value if value.has_canonical_format else _summed(value.copy())
        yield ".indptr", canonical.indptr.astype(np.int64, copy=False)
        yield ".indices", canonical.indices.astype(np.int64, copy=False)
    else:
        canonical = _summed(value.tocoo(copy=True))
        for axis, positions in enumerate(getattr(canonical, "coords", None) or (canonical.row, canonical.col)):
            yield f".coords[{axis}]", positions.astype(np.int64, copy=False)
    yield ".data", canonical.data


def _summed(value: Any) -> Any:
    value.sum_duplicates()
    return value
