"""Which elements of a value are others than before, in words: entries, items, attributes, columns.

Two values are taken apart as their digests take them apart, so that what is told is what counts. Reads values; calls
nothing of theirs but what their digests need.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice
from typing import Any, NamedTuple

from helix_jupyter.errors import Undigestable
from helix_jupyter.fingerprint.digest import Walk
from helix_jupyter.fingerprint.excerpts import excerpts
from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.fingerprint.rules import STANDS_AS, rule_for
from helix_jupyter.fingerprint.scalars import SCALARS
from helix_jupyter.fingerprint.shown import literal, shown
from helix_jupyter.fingerprint.tables import column_changes, is_plain_array, is_table, of_arrays

MOST = 5
"""Elements that are told one by one."""
_COUNTED = 1000
_DEEPEST = 4
# whose text says all of them
_WRITTEN = frozenset({"decimal", "fractions", "pathlib", "pathlib._local", "uuid"})
_WRITTEN_KINDS = (enum.Enum, datetime.date, datetime.time, datetime.timedelta)


class ElementChange(NamedTuple):
    """``path`` leads from the value to an element (``['lr']``, ``.layers[2]``; empty: the value itself), ``what`` is
    said of it, from the blank or colon on: `` changed: 0.1 -> 0.2``."""

    path: str
    what: str


def element_changes(before: Any, after: Any) -> tuple[ElementChange, ...]:
    """What of a value is another; empty where nothing more can be told than that it is. Never raises: a value's own
    code may fail at any question."""
    try:
        found = list(islice(_changes("", before, after, 0), _COUNTED + 1))
    except Exception:
        return ()
    left = len(found) - MOST
    if left <= 0:
        return tuple(ElementChange(*one) for one in found)
    many = "many more places" if len(found) > _COUNTED else "one more place" if left == 1 else f"{left} more places"
    return *(ElementChange(*one) for one in found[:MOST]), ElementChange("", f" changed in {many}")


_Changes = Iterator[tuple[str, str]]


def _changes(path: str, old: Any, new: Any, depth: int) -> _Changes:
    if _same(old, new):
        return
    kind = type(new)
    if type(old) is not kind or depth >= _DEEPEST or kind in SCALARS or _is_written(new):
        yield path, _arrow(old, new)
    elif is_a(new, dict):
        yield from _of_mappings(path, old, new, depth)
    elif is_a(new, (set, frozenset)):
        yield from _of_sets(path, old, new)
    elif is_a(new, (list, tuple)) and not hasattr(kind, "_fields"):
        yield from _of_sequences(path, old, new, depth)
    elif is_plain_array(new) and is_plain_array(old):
        yield from ((path, what) for what in of_arrays(old, new))
    elif rule_for(kind) is not None:
        yield from _of_parts(path, old, new, depth)
    else:
        yield from _of_attributes(path, old, new, depth)


def _same(old: Any, new: Any) -> bool:
    if old is new:
        return True
    scalar = SCALARS.get(type(new))
    if scalar is not None:
        return type(old) is type(new) and scalar(old) == scalar(new)
    try:
        old_token, new_token = (Walk(by_name=True, ordered=True).token(side) for side in (old, new))
    except Undigestable:
        return True  # what has no digest is no reason
    return old_token == new_token


def _of_mappings(path: str, old: dict[Any, Any], new: dict[Any, Any], depth: int) -> _Changes:
    came, gone = [key for key in new if key not in old], [key for key in old if key not in new]
    kept = [key for key in new if key in old]
    for key in (key for key in kept if not _same(old[key], new[key])):
        yield from _changes(f"{path}[{shown(key)}]", old[key], new[key], depth + 1)
    if len(came) == 1:
        yield f"{path}[{shown(came[0])}]", f" is new: {_told(new[came[0]])}"
    elif came:
        yield path, _more(came, "key")
    if len(gone) == 1:
        yield f"{path}[{shown(gone[0])}]", f" went (it was {_told(old[gone[0]])})"
    elif gone:
        yield path, _less(gone, "key")
    if kept != [key for key in old if key in new]:
        yield path, " has its keys in another order"


def _of_sets(path: str, old: Any, new: Any) -> _Changes:
    for told, items in ((_more, new - old), (_less, old - new)):
        if items:
            yield path, told(sorted(items, key=_told), "item")


def _of_sequences(path: str, old: Sequence[Any], new: Sequence[Any], depth: int) -> _Changes:
    """What stands between the items that both begin and end with."""
    start = _in_common(zip(old, new, strict=False))
    end = _in_common(zip(reversed(old[start:]), reversed(new[start:]), strict=False))
    gone, came = old[start : len(old) - end], new[start : len(new) - end]
    if not gone:
        yield path, _more(came, "item")
    elif not came:
        yield path, _less(gone, "item")
    elif len(gone) == len(came):
        for place, (was, became) in enumerate(zip(gone, came, strict=True), start):
            yield from _changes(f"{path}[{place}]", was, became, depth + 1)
    else:
        yield path, f" changed from item [{start}] on, and has {len(new)} items instead of {len(old)}"


def _in_common(pairs: Iterator[tuple[Any, Any]]) -> int:
    count = 0
    for was, became in pairs:
        if not _same(was, became):
            break
        count += 1
    return count


def _of_parts(path: str, old: Any, new: Any, depth: int) -> _Changes:
    before, after = ({step: part for step, part in _parts(side) if step is not STANDS_AS} for side in (old, new))
    if is_table(new):
        for what in column_changes(old, new, [step for step in after if not _same(before.get(step), after[step])]):
            yield path, what
        return
    for step, part in after.items():
        # how an object is made anew tells people nothing
        if step in before and not step.startswith(".__"):
            yield from _changes(path + step, before[step], part, depth + 1)


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    rule = rule_for(type(value))
    assert rule is not None
    yield from rule(value)


def _of_attributes(path: str, old: Any, new: Any, depth: int) -> _Changes:
    before, after = dict(_attributes(old)), dict(_attributes(new))
    for name in after:
        if name not in before:
            yield f"{path}.{name}", f" is new: {_told(after[name])}"
        else:
            yield from _changes(f"{path}.{name}", before[name], after[name], depth + 1)
    for name in before.keys() - after.keys():
        yield f"{path}.{name}", " went"


def _attributes(value: Any) -> Iterator[tuple[str, Any]]:
    """What an instance holds by name: named fields of a tuple, slots, its dictionary."""
    kind = type(value)
    if is_a(value, tuple):
        yield from zip(kind._fields, value, strict=False)
    for name in chain.from_iterable(_slots(base) for base in kind.__mro__):
        with suppress(AttributeError):  # never set, or private to its class
            yield name, object.__getattribute__(value, name)
    with suppress(AttributeError):
        yield from object.__getattribute__(value, "__dict__").items()


def _slots(kind: type) -> Sequence[str]:
    slots = vars(kind).get("__slots__", ())
    return (slots,) if is_a(slots, str) else tuple(name for name in slots if name not in ("__dict__", "__weakref__"))


def _more(items: Sequence[Any], noun: str) -> str:
    return f" has one more {noun}: {_told(items[0])}" if len(items) == 1 else f" has {_listed(items, f'more {noun}s')}"


def _less(items: Sequence[Any], noun: str) -> str:
    return f" has one {noun} less: {_told(items[0])}" if len(items) == 1 else f" has {_listed(items, f'{noun}s less')}"


def _listed(items: Sequence[Any], nouns: str) -> str:
    rest = f" and {len(items) - 3} more" if len(items) > 3 else ""
    return f"{len(items)} {nouns}: {', '.join(map(_told, items[:3]))}{rest}"


def _arrow(old: Any, new: Any) -> str:
    if type(old) is type(new) and type(new) in (str, bytes):
        return " changed: {} -> {}".format(*excerpts(repr(old), repr(new)))
    was, became = _told(old), _told(new)
    return f" changed: {was} -> {became}" if was != became else " changed"


def _told(value: Any) -> str:
    """An element in a few characters: as code where that is short, else what it is."""
    if is_a(value, enum.Enum):
        return f"{type(value).__name__}.{value._name_}"
    if type(value) in SCALARS or _is_written(value) or literal(value):
        return shown(value)
    kind = type(value).__name__
    return f"{kind} of {len(value)}" if is_a(value, (dict, list, tuple, set, frozenset)) else kind


def _is_written(value: Any) -> bool:
    """Whether it is one thing, without elements, that a short text tells."""
    home = type(value).__module__
    if is_a(value, _WRITTEN_KINDS) or home in _WRITTEN:
        return True
    return home == "numpy" and getattr(value, "shape", None) == ()
