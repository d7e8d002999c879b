"""What was set on local modules when a version ran, put back in the process that recomputes it.

A version records the digests of such values, and what is short and plain as it is: that is put back, others are named.
"""

from __future__ import annotations

import ast
import importlib
from typing import Any

from helix_jupyter.errors import Undigestable
from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.fingerprint.types import Part
from helix_jupyter.version.types import Version

_NOTHING = object()


def put_back(version: Version) -> dict[str, str]:
    """Set it on the modules as they are imported here; by node what could not be."""
    problems = {}
    for node, record in version.nodes.items():
        told = [part.label for part in record.parts if part.kind == "value" and not _is_as_it_was(part, version)]
        if told:
            named = ", ".join(f"`{label}`" for label in told)
            problems[node] = (
                f"{named} had been set on {'its' if len(told) == 1 else 'their'} module, which is not put back"
            )
    return problems


def _is_as_it_was(part: Part, version: Version) -> bool:
    name, _, member = part.label.rpartition(".")
    if name not in version.sources:
        return True
    try:
        module = importlib.import_module(name)
    except Exception:  # whoever imports it will say so
        return True
    if _is(getattr(module, member, _NOTHING), part.digest):
        return True
    value = _literal(part.detail)
    if not _is(value, part.digest):
        return False
    setattr(module, member, value)
    return True


def _is(value: Any, recorded: str) -> bool:
    """Whether a value is the one on record, which may count with its order or without."""
    try:
        return value is not _NOTHING and recorded in (digest(value), digest(value, ordered=True))
    except Undigestable:
        return False


def _literal(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return _NOTHING
