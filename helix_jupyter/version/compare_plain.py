"""Two of Python's own values: numbers, texts, and dicts, lists and tuples of them, entry by entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.units import plain_scalar

ENTRIES = 100
"""Entries that are told; of more, the first."""
_LONGEST = 200
_DEPTH = 3
_SIMPLE = (type(None), bool, int, float, complex, str, bytes)


@dataclass(frozen=True)
class EntryChange:
    """One entry that differs, as Python would write it; None where a side does not have it. ``path`` is empty for the
    value as a whole."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class PlainDiff:
    """Two values; ``lengths`` where they have any. ``left`` entries differ and are not told."""

    entries: tuple[EntryChange, ...]
    lengths: tuple[int, int] | None = None
    left: int = 0


def is_plain(value: Any) -> bool:
    """Whether ``compare_plain`` reads this."""
    return is_a(value, (*_SIMPLE, dict, list, tuple, set, frozenset))


def compare_plain(before: Any, after: Any) -> PlainDiff:
    """Compare two values, each of a kind that ``is_plain`` knows."""
    entries = []
    count = 0
    for entry in _entries("", before, after, 0):
        count += 1
        if count <= ENTRIES:
            entries.append(entry)
    sized = is_a(before, (dict, list, tuple, set, frozenset)) and hasattr(after, "__len__")
    lengths = (len(before), len(after)) if sized and len(before) != len(after) else None
    return PlainDiff(tuple(entries), lengths, max(count - ENTRIES, 0))


def _entries(path: str, old: Any, new: Any, depth: int) -> Iterator[EntryChange]:
    if type(old) is type(new) and depth < _DEPTH:
        if is_a(old, dict):
            return _of_mappings(path, old, new, depth)
        if is_a(old, (list, tuple)):
            return _of_mappings(path, dict(enumerate(old)), dict(enumerate(new)), depth)
        if is_a(old, (set, frozenset)):
            return _of_sets(path, old, new)
    return _whole(path, old, new)


def _of_mappings(path: str, old: Mapping[Any, Any], new: Mapping[Any, Any], depth: int) -> Iterator[EntryChange]:
    for key in dict.fromkeys((*new, *old)):
        inside = f"{path}[{written(key)}]" if path else written(key)
        if key not in new:
            yield EntryChange(inside, written(old[key]), None)
        elif key not in old:
            yield EntryChange(inside, None, written(new[key]))
        else:
            yield from _entries(inside, old[key], new[key], depth + 1)


def _of_sets(path: str, old: Any, new: Any) -> Iterator[EntryChange]:
    for one in sorted(old - new, key=written):
        yield EntryChange(path, written(one), None)
    for one in sorted(new - old, key=written):
        yield EntryChange(path, None, written(one))


def _whole(path: str, old: Any, new: Any) -> Iterator[EntryChange]:
    if is_a(old, _SIMPLE) and is_a(new, _SIMPLE):
        if old == new or (old != old and new != new):
            return
    elif written(old) == written(new):
        return
    yield EntryChange(path, written(old), written(new))


def written(value: Any) -> str:
    """A value as Python writes it, shortened; of what is not plain data the name of its type."""
    if is_a(value, _SIMPLE):
        value = plain_scalar(value)
    if is_a(value, str):
        return _cut(value if value.isidentifier() else repr(value[:_LONGEST]))
    if is_a(value, int) and not is_a(value, bool) and value.bit_length() > 1000:
        return f"int of {value.bit_length():,} bits"  # Python refuses to write very long ones
    if is_a(value, bytes):
        return _cut(repr(value[:_LONGEST]))
    if is_a(value, _SIMPLE):
        return _cut(repr(value))
    if is_a(value, (dict, list, tuple, set, frozenset)):
        return f"{type(value).__name__} of {len(value)}"
    return type(value).__name__


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
