"""Bring values into the form in which they stay. Knows nothing of nodes."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from helix_jupyter.fingerprint.kinds import is_a

# a user's subclass may answer anything, or raise
_CONTAINERS = (list, tuple, dict)
# of a container's values, and how deep
_MOST, _DEEPEST = 100, 2


def settle(values: Iterable[Any], depth: int = 0) -> None:
    """Sort SciPy's compressed matrices among ``values`` in place, and sum up their duplicates.

    SciPy leaves both to whoever reads a matrix next, who then changes it in place: while it is being written, say.
    Their content stays what it is.
    """
    sparse = sys.modules.get("scipy.sparse")
    if sparse is None:
        return
    compressed = (sparse.csr_matrix, sparse.csc_matrix, sparse.csr_array, sparse.csc_array)
    for value in values:
        if is_a(value, compressed):
            with suppress(ValueError):  # its memory is not to be written to
                value.sum_duplicates()
        elif depth < _DEEPEST and type(value) in _CONTAINERS and len(value) <= _MOST:
            settle(value.values() if is_a(value, dict) else value, depth + 1)
