"""A version as JSON: a small summary for lists, and pieces with the nodes that are parsed when first needed.

What an edit leaves alone gives the same pieces as in the version before, so that a store can keep them once: a node's
code is one piece, what it gave another, packages and captures a third, and only what this run did with the nodes is
new in every version. Reads and returns plain values; where they are kept is the store's matter.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar, overload

from helix_jupyter.plan.types import State
from helix_jupyter.version.node_pieces import as_json, code_piece, record_from, record_of, result_piece, run_fields
from helix_jupyter.version.types import Audit, AuditRow, Capture, Source, Version

FORMAT = 2
_Value = TypeVar("_Value")


class LazyMapping(Mapping[str, _Value]):
    """A read-only mapping whose content is asked for at first access, and once."""

    __slots__ = ("_content", "_load")

    def __init__(self, load: Callable[[], Mapping[str, _Value]]) -> None:
        self._load = load
        self._content: Mapping[str, _Value] | None = None

    def _read(self) -> Mapping[str, _Value]:
        # two threads may both load; they get equal content, so no lock
        if self._content is None:
            self._content = self._load()
        return self._content

    def __getitem__(self, key: str) -> _Value:
        return self._read()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def __contains__(self, key: object) -> bool:
        return key in self._read()

    def __repr__(self) -> str:
        return "<not read yet>" if self._content is None else repr(dict(self._content))

    def __reduce__(self) -> tuple[type[dict[str, _Value]], tuple[dict[str, _Value]]]:
        return dict, (dict(self._read()),)


class LazySequence(Sequence[_Value]):
    """A read-only sequence of what ``make`` makes of each of ``items``, when it is first asked for."""

    __slots__ = ("_items", "_made", "_make")

    def __init__(self, items: Sequence[Any], make: Callable[[Any], _Value]) -> None:
        self._items, self._make = items, make
        self._made: dict[int, _Value] = {}

    @overload
    def __getitem__(self, place: int) -> _Value: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[_Value]: ...
    def __getitem__(self, place: int | slice) -> _Value | Sequence[_Value]:
        if isinstance(place, slice):
            return LazySequence(range(len(self))[place], self.__getitem__)
        at = range(len(self))[place]
        if at not in self._made:
            self._made[at] = self._make(self._items[at])
        return self._made[at]

    def __len__(self) -> int:
        return len(self._items)


def encode(version: Version) -> tuple[dict[str, Any], list[bytes]]:
    """Turn a version into a summary and a payload in pieces.

    Parameters
    ----------
    version
        Node options must be made of None, bool, int, float, str, and tuples, lists and dicts of these.

    Returns
    -------
    tuple
        ``summary``, plain values that strict JSON can hold (a metric that is no finite number becomes a
        string); and ``payload``, nodes, packages and captures, each piece JSON (the store compresses it).

    Raises
    ------
    TypeError
        An option holds something else.
    """
    summary = {
        "parent": version.parent,
        "message": version.message,
        "created": version.created,
        "status": version.status,
        "seconds": version.seconds,
        "full_seconds": version.full_seconds,
        "metrics": {name: _number(value) for name, value in version.metrics.items()},
        "counts": {state.value: version.count(state) for state in State},
        "error": version.error,
        "targets": list(version.targets),
        "audit": _audit(version.audit),
        **({"directions": dict(version.directions)} if version.directions else {}),
        **notes_of(version),
    }
    nodes = version.nodes.values()
    head = {"format": FORMAT, "runs": [run_fields(record) for record in nodes]}
    around = {
        "packages": dict(version.packages),
        "captures": [[c.name, c.form, c.text, c.digest] for c in version.captures.values()],
        "sources": [[s.module, s.file, s.digest] for s in version.sources.values()],
    }
    parts = (part for record in nodes for part in (code_piece(record), result_piece(record)))
    return summary, [as_json(head), as_json(around), *parts]


def _body(pieces: Sequence[bytes]) -> dict[str, Any]:
    """Nodes, packages and captures from the pieces; format 1 had them all in one."""
    head: dict[str, Any] = json.loads(pieces[0])
    if head["format"] == 1:
        return {**head, "nodes": [record_from(node) for node in head["nodes"]]}
    nodes = [record_of(*given) for given in zip(pieces[2::2], pieces[3::2], head["runs"], strict=True)]
    return {"nodes": nodes, **json.loads(pieces[1])}


def _earlier(parent: int | None, id: int) -> int | None:
    """A version is made from one before it; a store that says otherwise is damaged, and who follows parents ends."""
    return parent if parent is not None and parent < id else None


def decode(id: int, workflow: str, summary: Mapping[str, Any], load_payload: Callable[[], Sequence[bytes]]) -> Version:
    """Build a version from what ``encode`` gave.

    ``load_payload`` is called when ``nodes``, ``packages``, ``captures`` or ``sources`` are first looked into, and at
    most once by one thread.
    """
    body = cache(lambda: _body(load_payload()))
    return Version(
        id=id,
        workflow=workflow,
        parent=_earlier(summary["parent"], id),
        message=summary["message"],
        created=summary["created"],
        status=summary["status"],
        seconds=summary["seconds"],
        nodes=LazyMapping(lambda: {record.node: record for record in body()["nodes"]}),
        targets=tuple(summary["targets"]),
        metrics=MappingProxyType({name: _parsed(value) for name, value in summary["metrics"].items()}),
        packages=LazyMapping(lambda: body()["packages"]),
        captures=LazyMapping(lambda: {row[0]: Capture(*row) for row in body()["captures"]}),
        sources=LazyMapping(lambda: {row[0]: Source(*row) for row in body().get("sources", ())}),
        error=summary["error"],
        audit=_read_audit(summary.get("audit")),  # versions of earlier releases have none
        directions=MappingProxyType(dict(summary.get("directions", {}))),
        tags=tuple(summary.get("tags", ())),
        note=summary.get("note", ""),
        recorded_counts=MappingProxyType({State(name): count for name, count in summary["counts"].items()}),
        recorded_full_seconds=summary["full_seconds"],
    )


def notes_of(version: Version) -> dict[str, Any]:
    """What was said of a version afterwards, as it stands in its summary; nothing where nothing was."""
    notes = {"tags": list(version.tags), "note": version.note}
    return {name: value for name, value in notes.items() if value}


def _audit(audit: Audit | None) -> dict[str, Any] | None:
    if audit is None:
        return None
    rows = [[row.node, row.outcome, row.detail] for row in audit.rows]
    return {"share": audit.share, "seed": audit.seed, "rows": rows}


def _read_audit(found: Mapping[str, Any] | None) -> Audit | None:
    return Audit(found["share"], found["seed"], tuple(AuditRow(*row) for row in found["rows"])) if found else None


def _number(value: Any) -> int | float | str:
    if isinstance(value, int):
        return value
    if hasattr(value, "item"):  # a NumPy scalar; float() would turn its integers into floats
        value = value.item()
    return value if isinstance(value, int) or math.isfinite(value) else str(value)


def _parsed(value: int | float | str) -> float:
    return float(value) if isinstance(value, str) else value
