"""Give an object the content of its copy, in place; what the copy holds is taken as the originals of that.

An object takes what ``pickle`` would give to a new one: its items and its state. Objects that pickle makes of
arguments alone (the blocks of a frame, a masked array) take none.
"""

from __future__ import annotations

import copyreg
import sys
from collections.abc import Callable, Collection, Iterable
from types import CellType
from typing import Any

from helix_jupyter.fingerprint.kinds import is_a

_Of = Callable[[Any], Any]


class Originals:
    """The object that each copy is of; copies that were given up stand for themselves."""

    def __init__(self, pairs: Iterable[tuple[Any, Any]]) -> None:
        # kept alive with the copies, so that nothing else comes to have their identity
        self._of = {id(copy): (one, copy) for one, copy in pairs}
        self._given_up: set[int] = set()

    def give_up(self, copies: Collection[Any]) -> bool:
        """From now on these stand for themselves; whether there are any."""
        self._given_up |= {id(copy) for copy in copies}
        return bool(copies)

    def of(self, value: Any) -> Any:
        """The original of ``value``; a container that pickling made for the occasion comes with originals in it."""
        known = self._of.get(id(value))
        if known is not None and id(value) not in self._given_up:
            return known[0]
        if type(value) is tuple:
            return tuple(map(self.of, value))
        if known is None and type(value) is list:
            return list(map(self.of, value))
        if known is None and type(value) is dict:
            return {self.of(key): self.of(item) for key, item in value.items()}
        return value


def refill(one: Any, copy: Any, of: _Of) -> bool:
    """Give ``one`` the content of ``copy``, of which ``of`` gives the originals; False: it takes none."""
    way = _WAYS.get(type(one)) or (_array if _is_array(one) else _object)
    try:
        return way(one, copy, of)
    except Exception:  # a class's own code may raise anything
        return False


def _sequence(one: Any, copy: Any, of: _Of) -> bool:
    one[:] = list(map(of, copy))
    return True


def _mapping(one: Any, copy: Any, of: _Of) -> bool:
    content = {of(key): of(item) for key, item in copy.items()}
    one.clear()
    one.update(content)
    return True


def _set(one: Any, copy: Any, of: _Of) -> bool:
    content = set(map(of, copy))
    one.clear()
    one.update(content)
    return True


def _cell(one: Any, copy: Any, of: _Of) -> bool:
    one.cell_contents = of(copy.cell_contents)
    return True


def _is_array(value: Any) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and is_a(value, numpy.ndarray)


def _array(one: Any, copy: Any, of: _Of) -> bool:
    """Elements only, which its views show, too: of a subclass it is not known what else there is."""
    if type(one) is not type(copy) or type(one).__name__ != "ndarray":
        return False
    if (one.shape, one.dtype) != (copy.shape, copy.dtype):
        return False
    if not one.dtype.hasobject:
        one[...] = copy
    elif one.dtype.fields is None:
        for place, held in enumerate(copy.flat):
            one.flat[place] = of(held)
    return True


def _object(one: Any, copy: Any, of: _Of) -> bool:
    special = copyreg.dispatch_table.get(type(copy))
    reduced = special(copy) if special is not None else copy.__reduce_ex__(5)
    if is_a(reduced, str):
        return False
    _, _, state, items, pairs, setter = (*reduced, None, None, None, None)[:6]
    if is_a(one, set):
        _set(one, copy, of)
    elif items is not None or pairs is not None:
        elements, content = list(items or ()), list(pairs or ())
        one.clear()
        for element in elements:
            one.append(of(element))
        for key, item in content:
            one[of(key)] = of(item)
    elif setter is not None and state is not None:
        setter(one, of(state))
        return True
    elif hasattr(type(one), "__setstate__"):
        return state is not None and _state(one, of(state))
    return _attributes(one, copy, of) or is_a(one, set) or items is not None or pairs is not None


def _state(one: Any, state: Any) -> bool:
    """By the object's own way, which only adds to what it has."""
    held = _held(one)
    before = dict(held)
    held.clear()
    try:
        one.__setstate__(state)
    except BaseException:
        held.clear()
        held.update(before)
        raise
    return True


def _attributes(one: Any, copy: Any, of: _Of) -> bool:
    held, found = _held(one), {name: of(value) for name, value in _held(copy).items()}
    held.clear()
    held.update(found)
    slots = copyreg._slotnames(type(one))  # type: ignore[attr-defined]  # the annotations leave it out
    for name in slots:
        if hasattr(copy, name):
            object.__setattr__(one, name, of(getattr(copy, name)))
        elif hasattr(one, name):
            object.__delattr__(one, name)
    return bool(slots) or hasattr(type(one), "__dict__")


def _held(value: Any) -> dict[str, Any]:
    try:
        held: dict[str, Any] = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return {}
    return held


_WAYS: dict[type, Callable[[Any, Any, _Of], bool]] = {
    list: _sequence,
    bytearray: _sequence,
    dict: _mapping,
    set: _set,
    CellType: _cell,
}
