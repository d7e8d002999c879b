"""Values that a node captured of the notebook, as they were when it was last recorded. Reads the store when asked."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from helix_jupyter.fingerprint.explain import Values
from helix_jupyter.store.store import Store
from helix_jupyter.version.types import Capture


def earlier_values(captures: Mapping[str, Capture], reached: Mapping[str, Any], store: Store) -> Values:
    """Finds captured values and attributes of captured instances, before and after.

    Parameters
    ----------
    captures
        What the version that tells of the node captured.
    reached
        What the node reaches now, by name.
    """

    def values(kind: str, label: str) -> tuple[Any, Any] | None:
        name, _, attribute = (label, "", "") if kind == "value" else label.partition(".")
        capture = captures.get(name)
        if capture is None or name not in reached:
            return None
        try:
            pair = _recorded(capture, store), reached[name]
            if kind == "value":
                return pair
            was, became = (object.__getattribute__(side, "__dict__")[attribute] for side in pair)
        except Exception:  # no longer stored, no value of its own, or its class does not unpickle it any more
            return None
        return was, became

    return values


def _recorded(capture: Capture, store: Store) -> Any:
    if capture.form == "literal":
        return ast.literal_eval(capture.text)
    if capture.form == "artifact":
        return store.load(capture.digest)
    raise LookupError(capture.form)
