"""Classes of the notebook keep their identity: a loaded value's class is the notebook's own, where that is the same.

cloudpickle stores classes of ``__main__`` by value. After a restart such a value's class would be a twin of the one
that the notebook defines again: enum members would not be ``is``, dataclasses not equal, ``isinstance`` false.
"""

from __future__ import annotations

import pickle
import sys
from typing import Any

from helix_jupyter.errors import Undigestable
from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.fingerprint.global_generators import dumps


def reduced(value: Any) -> tuple[Any, ...] | None:
    """How to pickle ``value`` if it is a class of the notebook: by name and digest, and by value; None if it is not."""
    if not isinstance(value, type) or value.__module__ != "__main__" or _current(value.__qualname__) is not value:
        return None
    try:
        return restore, (value.__qualname__, digest(value), dumps(value))
    except Undigestable:
        return None


def restore(name: str, recorded: str, by_value: bytes) -> Any:
    """The notebook's class of this name if it is the recorded one, else the class as it was pickled.

    Called while an artifact is unpickled, whose signature covers ``by_value``.
    """
    current = _current(name)
    try:
        if isinstance(current, type) and digest(current) == recorded:
            return current
    except Undigestable:
        pass
    return pickle.loads(by_value)


def _current(name: str) -> Any:
    return getattr(sys.modules.get("__main__"), name, None)
