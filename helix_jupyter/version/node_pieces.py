"""One node's record as two pieces of JSON beside what the run did with it, and back.

What an edit leaves alone gives the same pieces as in the version before, and those are at hand: versions share most of
them, whoever looks through a history reads several, and a run writes those that it has read. So each piece is taken
apart, or put together, once.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from helix_jupyter.fingerprint.types import Part
from helix_jupyter.plan.types import State
from helix_jupyter.version.types import NodeRecord, OutputRecord

# further fields go to the end
RUN = ("state", "reason", "seconds", "error", "accepted", "offset", "metrics")
RESULT = ("outputs", "compute_seconds", "bytes", "key", "parts", "console")
_KEPT = 4096
# by what they hold
_pieces: dict[Hashable, bytes] = {}

_ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def as_json(value: object) -> bytes:
    """The piece that holds ``value``."""
    return _ENCODER.encode(value).encode("ascii")


def run_fields(record: NodeRecord) -> list[object]:
    """What the run did with the node: new in every version."""
    plain = [record.state.value, record.reason, record.seconds, record.error, record.accepted, record.offset]
    return [*plain, list(record.metrics)]


def code_piece(record: NodeRecord) -> bytes:
    """The node as it is declared."""
    return _once(_code_key(record), lambda: _code_fields(record))


def result_piece(record: NodeRecord) -> bytes:
    """What its computation gave, and all that it rests on."""
    return _once(_result_key(record), lambda: [getattr(record, name) for name in RESULT])


def record_of(code: bytes, result: bytes, run: Sequence[object]) -> NodeRecord:
    """The record that gave these."""
    # not strict: a field that came later is missing in what was written before
    fields = {**_code_of(code), **_result_of(result), **_fields(dict(zip(RUN, run)))}  # noqa: B905
    record = NodeRecord(**fields)
    _keep(_code_key(record), code)
    _keep(_result_key(record), result)
    return record


def record_from(data: Mapping[str, Any]) -> NodeRecord:
    """The record whose fields are all in one."""
    return NodeRecord(**_with_code(_fields(data)))


def _once(key: Hashable, fields: Callable[[], object]) -> bytes:
    piece = _pieces.get(key)
    if piece is None:
        piece = as_json(fields())
        _keep(key, piece)
    return piece


def _keep(key: Hashable, piece: bytes) -> None:
    if len(_pieces) >= _KEPT:
        _pieces.clear()
    _pieces[key] = piece


def _code_key(record: NodeRecord) -> Hashable:
    # as text: lists have no hash, and 1 is not True here
    mappings = str(record.inputs), str(record.options)
    return (record.node, record.source, record.normalised, record.code, record.place, record.captures, *mappings)


def _result_key(record: NodeRecord) -> Hashable:
    seconds = repr(record.compute_seconds)
    return (record.outputs, seconds, record.bytes, record.key, record.parts, record.console)


@lru_cache(maxsize=_KEPT)
def _code_of(piece: bytes) -> dict[str, Any]:
    return _with_code(_fields(json.loads(piece)))


@lru_cache(maxsize=_KEPT)
def _result_of(piece: bytes) -> dict[str, Any]:
    return _fields(dict(zip(RESULT, json.loads(piece))))  # noqa: B905 - as in record_of


def _fields(data: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a record, as it has them, from what JSON made of them."""
    return {name: _FROM_JSON[name](value) if name in _FROM_JSON else value for name, value in data.items()}


def _with_code(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "code": data["source"] if data["code"] is None else data["code"]}


def _code_fields(record: NodeRecord) -> dict[str, object]:
    return {
        "node": record.node,
        "source": record.source,
        "normalised": record.normalised,
        "inputs": dict(record.inputs),
        "options": {name: _packed(value) for name, value in record.options.items()},
        "code": record.code if record.code != record.source else None,
        "place": record.place,
        "captures": list(record.captures),
    }


_FROM_JSON: Mapping[str, Callable[[Any], object]] = {
    "outputs": lambda outputs: tuple(OutputRecord(*output) for output in outputs),
    "parts": lambda parts: tuple(Part(*part) for part in parts),
    "state": State,
    "inputs": MappingProxyType,
    "options": lambda options: MappingProxyType({name: _unpacked(value) for name, value in options.items()}),
    "captures": tuple,
    "metrics": tuple,
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
