"""A document as a short text: what a widget carries, and a saved notebook with it. Pure.

Objects in a row that have the same fields become a table that names them once, and a text that comes again is said
once. Compressing was rejected: a page unpacks that only in turns, and drawing would wait. A text rather than JSON
values, since notebooks are written with each number on a line of its own.

The text is JSON: ``[texts, value]``. Within the value an object with an empty name stands for something else:

* ``{"": 3}`` for a text by its place,
* ``{"": [names], "columns": [[values], ..]}`` for objects in a row; a column of objects is such a row again,
* ``{"": {"names": [..], "values": [..]}}`` for an object that has an empty name itself.

``src/widget/unpack.ts`` reads it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

# what stands for a text takes as much
_SHORTEST = 9


def pack(document: Mapping[str, Any]) -> str:
    """The document, plain JSON values, as a text."""
    found = Counter(_texts(document))
    texts = {text: place for place, text in enumerate(text for text, count in found.items() if count > 1)}
    return json.dumps([list(texts), _packed(document, texts)], separators=(",", ":"), allow_nan=False)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if len(value) >= _SHORTEST:
            yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(one)


def _packed(value: Any, texts: Mapping[str, int]) -> Any:
    if isinstance(value, str):
        return {"": texts[value]} if value in texts else value
    if isinstance(value, Mapping):
        return _object(value, texts)
    if isinstance(value, (list, tuple)):
        if (names := _shared_names(value)) is not None:
            return {"": names, "columns": [_packed([one[name] for one in value], texts) for name in names]}
        return [_packed(one, texts) for one in value]
    return value


def _object(value: Mapping[str, Any], texts: Mapping[str, int]) -> dict[str, Any]:
    values = {str(name): _packed(one, texts) for name, one in value.items()}
    return {"": {"names": list(values), "values": list(values.values())}} if "" in values else values


def _shared_names(values: list[Any] | tuple[Any, ...]) -> list[str] | None:
    """The names that all of these objects have, in the same order; None where they do not."""
    if len(values) < 2 or not all(isinstance(one, Mapping) and one for one in values):
        return None
    names = list(values[0])
    return names if all(list(one) == names for one in values) else None
