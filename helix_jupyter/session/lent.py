"""The notebook's own values that nodes use: looked at after each node, and put back where it changed one in place.

A later run in this kernel would else start from other values than a fresh kernel does, and another node of the same
run from other values than its key tells. What a node changes of its inputs is the matter of ``inputs``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from types import FunctionType
from typing import Any

from helix_jupyter.execute.types import Outcome
from helix_jupyter.fingerprint.capture import Captured
from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.fingerprint.types import Part
from helix_jupyter.graph.dag import Graph
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.culprit import where_changed
from helix_jupyter.session.resolve import Known
from helix_jupyter.session.savepoint import Savepoint
from helix_jupyter.store.pickling import prepare
from helix_jupyter.version.types import Capture

# modules count by version, imported ones by the syntax of their files: no node changes these
_FIXED = frozenset({"module", "source", "helper", "constant", "python"})
# told of values that are told as a whole, too
_WITHIN = frozenset({"default", "attribute", "rest"})


class Lent:
    """What nodes captured; ``captures`` tells what of it is small enough to be copied before a node runs."""

    def __init__(
        self,
        bench: Bench,
        graph: Graph,
        known: Callable[[], Mapping[str, Known]],
        captures: Mapping[str, Capture],
        warn: Callable[[str], None],
    ) -> None:
        self._bench, self._graph, self._known, self._captures, self._warn = bench, graph, known, captures, warn
        self._savepoints: dict[str, Savepoint | None] = {}

    def lend(self, node: str, captured: Captured) -> None:
        """Remember what ``node``, which is about to run in this process, finds."""
        if all(part.kind in _FIXED for part in captured.parts):
            return
        values = {name: value for name, value in captured.reached.items() if self._is_put_back(name, value)}
        try:
            self._savepoints[node] = Savepoint(values)
        except Exception:  # whatever pickling raises: then it stays changed
            self._savepoints[node] = None

    def settle(self, node: str, captured: Captured, done: Outcome) -> tuple[Outcome, bool, bool]:
        """Put back what ``node`` changed of ``captured``.

        Returns
        -------
        tuple
            What the node gave, apart from what was put back; whether it changed anything, and whether some of it stays.
        """
        if node not in self._savepoints:
            return done, False, False  # nothing was lent, or to a worker, which has values of its own
        savepoint = self._savepoints.pop(node)
        changed = self._changed(node, captured)
        unsteady = self._differ_by_looking(node, changed)
        changed = [label for label in changed if label not in unsteady]
        if not changed:
            return done, bool(unsteady), bool(unsteady)
        values = {label: self._bench.namespace.get(label) for label in changed}
        stays, others = changed, list[str]()
        if savepoint is not None and savepoint.compare():
            done, copied = self._put_back(savepoint, done, changed)
            stays = self._changed(node, captured)
            if again := [label for label in changed if label in stays and label in savepoint.values]:
                copies = savepoint.copies()
                copied |= self._bind({label: copies[label] for label in again}, savepoint.values)
                stays = self._changed(node, captured)
            others = self._changed_elsewhere(changed) if copied else []
        for label in changed:
            place = where_changed(self._graph.declarations[node], label, values[label], by_helper=True)
            self._warn(f"Node '{node}' changed the captured '{label}' in place{place}; {_fate(label, stays, others)}")
        return done, True, bool(stays or others or unsteady)

    def _put_back(self, savepoint: Savepoint, done: Outcome, changed: Collection[str]) -> tuple[Outcome, bool]:
        """Roll back, and whether a name has another object now; what the node gave stays as it gave it."""
        before = dict(savepoint.values)
        try:
            shared = {name: value for name, value in done.values.items() if savepoint.concerns(value)}
            done = replace(done, values={**done.values, **prepare(shared).copy()})
        except Exception:  # whatever pickling raises: then the objects are left to what the node gave
            copies = savepoint.copies()
            return done, self._bind({name: copies[name] for name in changed if name in copies}, before)
        savepoint.roll_back()
        return done, self._bind(savepoint.values, before)

    def _bind(self, values: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
        """Bind ``values``, under all names of the notebook for what they replace; whether they replace anything."""
        namespace = self._bench.namespace
        replaced = {id(before[name]): value for name, value in values.items() if before[name] is not value}
        for name, held in tuple(namespace.items()):
            if id(held) in replaced and name not in self._graph.producers:
                namespace[name] = replaced[id(held)]
        namespace.update(values)
        return bool(replaced)

    def _changed(self, node: str, before: Captured) -> list[str]:
        """The labels of what is no longer what it was."""
        now = self._captured(node)
        if now.parts == before.parts:
            return []
        left = set(_marks(before.parts)) ^ set(_marks(now.parts))
        return sorted({label for kind, label, _ in left if kind not in _WITHIN})

    def _differ_by_looking(self, node: str, changed: Collection[str]) -> list[str]:
        """Those of ``changed`` that are another at each look, whoever changed them: from now on they have no digest."""
        found = self._changed(node, self._captured(node)) if changed else []
        self._bench.resolver.unsteady.note(found)
        for label in found:
            self._warn(
                f"'{label}' is another each time it is looked at: nodes that use it, like '{node}', run every time."
            )
        return found

    def _captured(self, node: str) -> Captured:
        return self._bench.resolver.captured(self._graph.declarations[node], frozenset(self._graph.outputs))

    def _changed_elsewhere(self, told: Collection[str]) -> list[str]:
        """What other nodes captured and is no longer what it was."""
        found = {label for node, known in self._known().items() for label in self._changed(node, known.captured)}
        return sorted(found.difference(told))

    def _is_put_back(self, name: str, value: Any) -> bool:
        capture = self._captures.get(name)
        # another class would not know its instances
        return capture is not None and capture.form in ("literal", "artifact") and not is_a(value, (type, FunctionType))


def _fate(label: str, stays: Collection[str], others: Sequence[str]) -> str:
    advice = "Copy it first, or make it in the cell."
    if label in stays:
        return f"it stays changed here: what uses it is computed anew. {advice}"
    if others:
        shown = ", ".join(f"'{other}'" for other in others)
        return f"it was put back, but not within {shown}: what uses that is computed anew. {advice}"
    return f"it was put back, as a fresh kernel has it. {advice}"


def _marks(parts: Iterable[Part]) -> Iterable[tuple[str, str, str]]:
    return ((part.kind, part.label, part.digest) for part in parts if part.kind not in _FIXED)
