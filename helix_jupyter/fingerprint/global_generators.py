"""Python's and NumPy's global random generators are told and pickled by name, never by their state.

Every process has its own, under the seed of the node that runs there: a copy of another process' would draw other
numbers, and what holds one would seem to change with each draw.
"""

from __future__ import annotations

import io
import sys
from functools import cache
from typing import Any

# the module of the type, which has the one that its functions draw from under this name
_NAMES = {"random": "_inst", "numpy.random.mtrand": "_rand"}


def global_name(value: object) -> str | None:
    """The name of a global generator in the module of its type; None for anything else."""
    module = type(value).__module__
    name = _NAMES.get(module)
    return name if name and getattr(sys.modules.get(module), name, None) is value else None


@cache
def pickler() -> Any:
    """cloudpickle's ``Pickler``, for which a global generator is a name. Imported when first asked for."""
    import cloudpickle

    class Pickler(cloudpickle.Pickler):  # type: ignore[misc]  # cloudpickle has no types
        def reducer_override(self, obj: Any) -> Any:
            return global_name(obj) or super().reducer_override(obj)

    return Pickler


def dumps(value: object) -> bytes:
    """As ``cloudpickle.dumps``, with global generators by name."""
    file = io.BytesIO()
    pickler()(file).dump(value)
    return file.getvalue()
