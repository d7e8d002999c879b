"""Tokens of scalars of exact builtin types, one by one and by the column. Subclasses have other rules."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from itertools import chain
from struct import pack
from typing import Any

from xxhash import xxh3_128_digest

from helix_jupyter.fingerprint.framing import seal

SCALARS: dict[type, Callable[[Any], bytes]] = {
    type(None): lambda _: b"None;",
    type(...): lambda _: b"Ellipsis;",
    type(NotImplemented): lambda _: b"NotImplemented;",
    bool: lambda value: b"True;" if value else b"False;",
    # hexadecimal: Python refuses to write more than 4,300 decimal digits
    int: lambda value: b"int:%x;" % value,
    # the eight bytes, so that -0.0 is not 0.0 and every NaN is its own payload
    float: lambda value: b"float:" + pack("<d", value),
    complex: lambda value: b"complex:" + pack("<dd", value.real, value.imag),
    str: lambda value: seal("str", value.encode("utf-8", "surrogatepass")),
    bytes: lambda value: seal("bytes", value),
    bytearray: lambda value: seal("bytearray", value),
}

# a shorter sequence is told element by element: a column's fixed cost would not pay
COLUMN_LENGTH = 16
SEPARATOR = "\x1f"
# rows that are longer on average are told one by one: each is a column, and one that stands in many places is told once
ROW_LENGTH = 64


def column_token(values: Sequence[Any]) -> bytes | None:
    """The token of a long sequence of scalars, None where something else is in it.

    The sequence is its types, element by element, and then the elements of each type together. So a million
    strings cost two passes in C, not a million calls.
    """
    kinds = set(map(type, values))
    if not kinds <= _COLUMNS.keys():
        return None
    ordered = sorted(kinds, key=lambda kind: kind.__name__)
    if len(ordered) == 1:
        return b"column:%d:%s:" % (len(values), ordered[0].__name__.encode()) + _COLUMNS[ordered[0]](values)
    number = {kind: index for index, kind in enumerate(ordered)}
    names = ",".join(kind.__name__ for kind in ordered).encode()
    order = xxh3_128_digest(bytes(map(number.__getitem__, map(type, values))))
    bodies = [_COLUMNS[kind]([value for value in values if type(value) is kind]) for kind in ordered]
    return b"columns:%d:%s:" % (len(values), names) + order + b"".join(bodies)


def rows_token(values: Sequence[Any]) -> bytes | None:
    """The token of many short lists (or tuples) of scalars, as sentences of words are; None where they are not that.

    Their lengths (int64), and all elements as one column. Rests on the values alone, not on which rows are one object.
    """
    kinds = set(map(type, values))
    if len(kinds) != 1 or not kinds <= {list, tuple}:
        return None
    lengths = array("q", map(len, values))
    if sum(lengths) > ROW_LENGTH * len(values):
        return None
    column = column_token(list(chain.from_iterable(values)))
    if column is None:
        return None
    return b"rows:%d:%s:" % (len(values), kinds.pop().__name__.encode()) + xxh3_128_digest(memoryview(lengths)) + column


def string_column(values: Sequence[str]) -> bytes:
    """The text, cut by a separator that none of it holds; where one does, the lengths (int64) are told as well.

    Always telling the lengths was rejected: they take longer than all the rest.
    """
    text = SEPARATOR.join(values)
    data = xxh3_128_digest(text.encode("utf-8", "surrogatepass"))
    if text.count(SEPARATOR) == len(values) - 1:
        return b"s" + data
    return b"l" + data + xxh3_128_digest(memoryview(array("q", map(len, values))))


def bytes_column(values: Sequence[bytes]) -> bytes:
    """Lengths in bytes (int64) and all the bytes."""
    lengths = xxh3_128_digest(memoryview(array("q", map(len, values))))
    return lengths + xxh3_128_digest(b"".join(values))


def _int_column(values: Sequence[int]) -> bytes:
    try:
        return b"q" + xxh3_128_digest(memoryview(array("q", values)))
    except OverflowError:
        # hexadecimal: there is no limit on its digits, and it takes linear time
        return b"t" + xxh3_128_digest(",".join(map(hex, values)).encode())


def _float_column(values: Sequence[float]) -> bytes:
    return xxh3_128_digest(memoryview(array("d", values)))


_COLUMNS: dict[type, Callable[[Sequence[Any]], bytes]] = {
    type(None): lambda _: b"",
    bool: lambda values: xxh3_128_digest(bytes(values)),
    int: _int_column,
    float: _float_column,
    str: string_column,
    bytes: bytes_column,
}
