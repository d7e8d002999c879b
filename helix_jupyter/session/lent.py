"""The notebook's own values that nodes use: looked at after each node, and put back where it changed one in place.

A later run in this kernel would else start from other values than a fresh kernel does, and another node of the same
run from other values than its key tells. What a node changes of its inputs is the matter of ``inputs``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import FunctionType
from typing import Any

from helix_jupyter.fingerprint.capture import Captured
from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.fingerprint.types import Part
from helix_jupyter.graph.dag import Graph
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.captures import restore
from helix_jupyter.session.culprit import where_changed
from helix_jupyter.version.types import Capture

# modules count by version, imported ones by the syntax of their files: no node changes these
_FIXED = frozenset({"module", "source", "helper", "constant", "python"})


# told of values that are told as a whole, too
_WITHIN = frozenset({"default", "attribute", "rest"})


class Lent:
    """What nodes captured, and the form in which ``captures`` recorded it before anything ran."""

    def __init__(
        self, bench: Bench, graph: Graph, captures: Mapping[str, Capture], warn: Callable[[str], None]
    ) -> None:
        self._bench, self._graph, self._captures, self._warn = bench, graph, captures, warn

    def check(self, node: str, captured: Captured) -> tuple[bool, bool]:
        """Put back what ``node`` changed of ``captured``; whether it changed anything, and whether some of it stays."""
        if all(part.kind in _FIXED for part in captured.parts):
            return False, False
        changed = self._changed(node, captured)
        if not changed:
            return False, False
        values = {label: self._bench.namespace.get(label) for label in changed}
        for label in changed:
            self._put_back(label)
        stays = self._changed(node, captured)
        for label in changed:
            place = where_changed(self._graph.declarations[node], label, values[label], by_helper=True)
            told = f"Node '{node}' changed the captured '{label}' in place{place}; "
            if label in stays:
                told += "it stays changed here: what uses it is computed anew. Copy it first, or make it in the cell."
            else:
                told += "it was put back, as a fresh kernel has it. Copy it first, or make it in the cell."
            self._warn(told)
        return True, bool(stays)

    def _changed(self, node: str, before: Captured) -> list[str]:
        """The labels of what is no longer what it was."""
        now = self._bench.resolver.captured(self._graph.declarations[node], frozenset(self._graph.outputs))
        if now.parts == before.parts:
            return []
        left = set(_marks(before.parts)) ^ set(_marks(now.parts))
        return sorted({label for kind, label, _ in left if kind not in _WITHIN})

    def _put_back(self, name: str) -> None:
        capture, namespace = self._captures.get(name), self._bench.namespace
        if capture is None or capture.form not in ("literal", "artifact") or name not in namespace:
            return
        if is_a(namespace[name], (type, FunctionType)):  # another class would not know its instances
            return
        found: dict[str, Any] = {}
        self._bench.store.flush()
        if restore({name: capture}, self._bench.store, found):
            return  # large, or no longer stored: whoever asked sees that it stays changed
        if not _refilled(namespace[name], found[name]):
            namespace[name] = found[name]


def _refilled(value: Any, earlier: Any) -> bool:
    """Give a plain container its earlier content, so that all who hold it see that."""
    if type(value) is not type(earlier) or not is_a(value, (list, dict, set, bytearray)):
        return False
    value.clear()
    if is_a(value, (list, bytearray)):
        value.extend(earlier)
    else:
        value.update(earlier)
    return True


def _marks(parts: Iterable[Part]) -> Iterable[tuple[str, str, str]]:
    return ((part.kind, part.label, part.digest) for part in parts if part.kind not in _FIXED)
