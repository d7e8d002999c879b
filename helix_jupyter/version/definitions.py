"""The notebook's functions and classes that differ between two versions, as they were written. Reads two records."""

from __future__ import annotations

from dataclasses import dataclass

from helix_jupyter.version.reasons import own_parts
from helix_jupyter.version.types import NodeRecord, Version

_KINDS = frozenset({"function", "class"})


@dataclass(frozen=True)
class DefinitionChange:
    """A function or class of the notebook that nodes of both versions reach, and that counts as another.

    ``before`` and ``after`` are its texts, ``nodes`` those that reach it.
    """

    name: str
    before: str
    after: str
    nodes: tuple[str, ...]


def changed_definitions(a: Version, b: Version) -> tuple[DefinitionChange, ...]:
    """Those whose texts both versions keep."""
    reached: dict[str, list[str]] = {}
    for node, after in b.nodes.items():
        before = a.nodes.get(node)
        for name in _changed(before, after) if before else ():
            reached.setdefault(name, []).append(node)
    changes = (DefinitionChange(name, _text(a, name), _text(b, name), tuple(nodes)) for name, nodes in reached.items())
    return tuple(change for change in changes if change.before and change.after and change.before != change.after)


def _changed(before: NodeRecord, after: NodeRecord) -> list[str]:
    old = {(part.kind, part.label): part.digest for part in own_parts(before)}
    parts = [part for part in own_parts(after) if part.kind in _KINDS]
    return [part.label for part in parts if old.get((part.kind, part.label), part.digest) != part.digest]


def _text(version: Version, name: str) -> str:
    capture = version.captures.get(name)
    return capture.text if capture is not None and capture.form == "source" else ""
