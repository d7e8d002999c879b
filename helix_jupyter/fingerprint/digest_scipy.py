"""Digest rule of ``scipy.sparse``: format, shape and entries, sorted; those for one place stay apart."""

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
        ordered = value if value.has_sorted_indices else value.sorted_indices()
        yield ".indptr", ordered.indptr.astype(positions, copy=False)
        yield ".indices", ordered.indices.astype(positions, copy=False)
        yield ".data", ordered.data
    else:
        entries = value.tocoo()
        coords = getattr(entries, "coords", None) or (entries.row, entries.col)
        order = np.lexsort((entries.data, *reversed(coords)))
        for axis, coordinates in enumerate(coords):
            yield f".coords[{axis}]", coordinates[order].astype(positions, copy=False)
        yield ".data", entries.data[order]
