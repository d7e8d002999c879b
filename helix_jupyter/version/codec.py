"""A version as JSON: a small summary for lists, and pieces with the nodes that are parsed when first needed.

What an edit leaves alone gives the same pieces as in the version before, so that a store can keep them once: a node's
code is one piece, what it gave another, packages and captures a third, and only what this run did with the nodes is
new in every version. Reads and returns plain values; where they are kept is the store's matter.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, TypeVar, overload

from helix_jupyter.plan.types import State
from helix_jupyter.version.types import Audit, AuditRow, Capture, NodeRecord, OutputRecord, PartRecord, Source, Version

FORMAT = 2
# further fields go to the end
_RUN = ("state", "reason", "seconds", "error", "accepted")
_RESULT = ("outputs", "compute_seconds", "bytes", "key", "parts", "console")
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
    }
    nodes = [_node(record) for record in version.nodes.values()]
    head = {"format": FORMAT, "runs": [[node.pop(name) for name in _RUN] for node in nodes]}
    results = [[node.pop(name) for name in _RESULT] for node in nodes]
    around = {
        "packages": dict(version.packages),
        "captures": [[c.name, c.form, c.text, c.digest] for c in version.captures.values()],
        "sources": [[s.module, s.file, s.digest] for s in version.sources.values()],
    }
    parts = (part for pair in zip(nodes, results, strict=True) for part in pair)
    return summary, [_json(part) for part in (head, around, *parts)]


_ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def _json(value: object) -> bytes:
    return _ENCODER.encode(value).encode("ascii")


def _body(pieces: Sequence[bytes]) -> dict[str, Any]:
    """Nodes, packages and captures from the pieces; format 1 had them all in one."""
    head: dict[str, Any] = json.loads(pieces[0])
    if head["format"] == 1:
        return {**head, "nodes": [_fields(node) for node in head["nodes"]]}
    nodes = [
        # not strict: a field that came later is missing in what was written before
        {**_code_fields(code), **_result_fields(result), **_fields(dict(zip(_RUN, run)))}  # noqa: B905
        for code, result, run in zip(pieces[2::2], pieces[3::2], head["runs"], strict=True)
    ]
    return {"nodes": nodes, **json.loads(pieces[1])}


# Versions share most pieces with those before them, and whoever looks through a history reads several: each piece is
# taken apart once. What is kept is never changed, and the records hold it anyway.
_PIECES_KEPT = 4096


@lru_cache(maxsize=_PIECES_KEPT)
def _code_fields(piece: bytes) -> dict[str, Any]:
    return _fields(json.loads(piece))


@lru_cache(maxsize=_PIECES_KEPT)
def _result_fields(piece: bytes) -> dict[str, Any]:
    return _fields(dict(zip(_RESULT, json.loads(piece))))  # noqa: B905 - as in _body


def _fields(data: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a record, as it has them, from what JSON made of them."""
    return {name: _FROM_JSON[name](value) if name in _FROM_JSON else value for name, value in data.items()}


def decode(id: int, workflow: str, summary: Mapping[str, Any], load_payload: Callable[[], Sequence[bytes]]) -> Version:
    """Build a version from what ``encode`` gave.

    ``load_payload`` is called when ``nodes``, ``packages``, ``captures`` or ``sources`` are first looked into, and at
    most once by one thread.
    """
    body = cache(lambda: _body(load_payload()))
    return Version(
        id=id,
        workflow=workflow,
        parent=summary["parent"],
        message=summary["message"],
        created=summary["created"],
        status=summary["status"],
        seconds=summary["seconds"],
        nodes=LazyMapping(lambda: _nodes(body()["nodes"])),
        targets=tuple(summary["targets"]),
        metrics=MappingProxyType({name: _parsed(value) for name, value in summary["metrics"].items()}),
        packages=LazyMapping(lambda: body()["packages"]),
        captures=LazyMapping(lambda: {row[0]: Capture(*row) for row in body()["captures"]}),
        sources=LazyMapping(lambda: {row[0]: Source(*row) for row in body().get("sources", ())}),
        error=summary["error"],
        audit=_read_audit(summary.get("audit")),  # versions of earlier releases have none
        recorded_counts=MappingProxyType({State(name): count for name, count in summary["counts"].items()}),
        recorded_full_seconds=summary["full_seconds"],
    )


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


def _nodes(records: list[dict[str, Any]]) -> dict[str, NodeRecord]:
    return {data["node"]: _record(data) for data in records}


def _node(record: NodeRecord) -> dict[str, Any]:
    return {
        "node": record.node,
        "outputs": [[o.name, o.digest, o.by_content, o.bytes, o.summary] for o in record.outputs],
        "source": record.source,
        "normalised": record.normalised,
        "state": record.state.value,
        "reason": record.reason,
        "seconds": record.seconds,
        "compute_seconds": record.compute_seconds,
        "bytes": record.bytes,
        "key": record.key,
        "parts": [[p.kind, p.label, p.digest, p.detail] for p in record.parts],
        "inputs": dict(record.inputs),
        "options": {name: _packed(value) for name, value in record.options.items()},
        "error": record.error,
        "code": record.code if record.code != record.source else None,
        "place": record.place,
        "captures": list(record.captures),
        "console": record.console,
        "accepted": record.accepted,
    }


def _record(data: dict[str, Any]) -> NodeRecord:
    return NodeRecord(**{**data, "code": data["source"] if data["code"] is None else data["code"]})


_FROM_JSON: Mapping[str, Callable[[Any], object]] = {
    "outputs": lambda outputs: tuple(OutputRecord(*output) for output in outputs),
    "parts": lambda parts: tuple(PartRecord(*part) for part in parts),
    "state": State,
    "inputs": MappingProxyType,
    "options": lambda options: MappingProxyType({name: _unpacked(value) for name, value in options.items()}),
    "captures": tuple,
}


def _packed(value: object) -> object:
    """``value`` in strict JSON; what JSON would lose (tuples, keys that are no strings, nan) becomes a
    tagged object."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"float": str(value)}
    if isinstance(value, list):
        return [_packed(item) for item in value]
    if isinstance(value, tuple):
        return {"tuple": [_packed(item) for item in value]}
    if isinstance(value, Mapping):
        return {"dict": [[_packed(key), _packed(item)] for key, item in value.items()]}
    raise TypeError(f"An option of type {type(value).__name__} cannot be recorded. Give it as text or numbers.")


def _unpacked(value: Any) -> object:
    if isinstance(value, list):
        return [_unpacked(item) for item in value]
    if not isinstance(value, dict):
        return value
    ((tag, body),) = value.items()
    if tag == "float":
        return float(body)
    if tag == "tuple":
        return tuple(_unpacked(item) for item in body)
    return {_unpacked(key): _unpacked(item) for key, item in body}
