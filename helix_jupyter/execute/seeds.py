"""Each node draws from random generators under its own seed, so that order, reuse and restarts do not matter."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from contextlib import contextmanager

from helix_jupyter.graph.declaration import Declaration


def node_seed(workflow_seed: int, declaration: Declaration) -> int:
    """The seed of a node, 32 bits: its own where it declares one, else derived from the workflow's and its outputs.

    The links of a chain give one name, so a link's own name counts, too.
    """
    if declaration.seed is not None:
        return declaration.seed % 2**32
    names = (*declaration.outputs, *([declaration.node] if declaration.update else []))
    text = f"{workflow_seed}:{','.join(names)}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Seed Python's and NumPy's global generators inside, and give the notebook its own state back after."""
    # imported, though it costs 70 ms once: a node that is the first to import it would draw unseeded numbers
    from numpy import random as numpy_random

    python_state, numpy_state = random.getstate(), numpy_random.get_state()
    random.seed(seed)
    numpy_random.seed(seed)
    try:
        yield
    finally:
        random.setstate(python_state)
        numpy_random.set_state(numpy_state)
