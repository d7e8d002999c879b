"""Which nodes are stale once plain cells run that were edited since they ran: from names to nodes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helix_jupyter.fingerprint.capture import Captured
from helix_jupyter.graph.dag import Graph
from helix_jupyter.session.resolve import Known

# parts of what a node reaches whose label is a name of the notebook, or begins with one
_OF_NAMES = frozenset({"function", "class", "value", "name"})


@dataclass(frozen=True)
class PlainEdit:
    """A name that a plain cell binds otherwise than when it ran last, or no more (``gone``).

    ``prompt``: the number by the cell's prompt; None where it has none.
    """

    prompt: int | None = None
    gone: bool = False


def waiting(edits: Mapping[str, PlainEdit], known: Mapping[str, Known], graph: Graph) -> dict[str, str]:
    """By node that will be stale: why, in words. ``known``: what was found of the nodes when somebody looked last."""
    found: dict[str, str] = {}
    for node in graph.order:
        names = _names(known[node].captured) if node in known else frozenset()
        name = next((name for name in edits if name in names), None)
        if name is not None:
            found[node] = f"`{name}` {_told(edits[name])}"
        elif above := next((parent for parent in graph.parents(node) if parent in found), None):
            found[node] = f"it rests on `{above}`: {found[above].rpartition(': ')[2]}"
    return {node: f"{reason}; run that cell" for node, reason in found.items()}


def _told(edit: PlainEdit) -> str:
    where = "in a plain cell" if edit.prompt is None else f"in cell [{edit.prompt}]"
    return f"is not defined any more {where}" if edit.gone else f"is edited {where}"


def _names(captured: Captured) -> frozenset[str]:
    """The notebook's names that it reaches; those included that a value leads to, as a table of functions does."""
    labels = (part.label.partition(".")[0] for part in captured.parts if part.kind in _OF_NAMES)
    return frozenset((*captured.reached, *labels))
