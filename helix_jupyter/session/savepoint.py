"""Values as they are at one moment, to which what changed in place is rolled back in place.

All of them go into one pickle. Its memo tells every object that they consist of, and that of the unpickler the copy of
each, under the same number: so every object gets back what it held, and whoever else holds it sees that. To bind names
to copies was rejected: another name that shares a list or a generator with them would keep the changed one.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterable, Mapping
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

from helix_jupyter.errors import Undigestable
from helix_jupyter.fingerprint.digest import Walk
from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.session.refilling import Originals, refill
from helix_jupyter.store.pickling import value_pickler

_Pair = tuple[Any, Any]
_CODE = (type, FunctionType, ModuleType)
# what nobody can change in place; and another class would not know its instances
_LEFT_ALONE = (str, bytes, int, float, complex, CodeType, *_CODE)


class Savepoint:
    """What ``values`` were when this was made.

    Attributes
    ----------
    values
        By name; once rolled back with a copy in the place of what takes no content back.

    Raises
    ------
    Exception
        Whatever pickling raises.
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = dict(values)
        stream = io.BytesIO()
        self._pickler = _pickler()(stream, protocol=5)
        self._pickler.dump(self.values)
        self._stream = stream.getvalue()
        self._pairs: list[_Pair] = []
        self._changed: list[_Pair] = []

    def compare(self) -> bool:
        """Look what is another now, before ``concerns`` and ``roll_back``; False: no copy can be had."""
        unpickler = self._unpickler()
        try:
            unpickler.load()
        except Exception:  # a class's own code may raise anything
            return False
        copies, originals = unpickler.memo.copy(), self._pickler.memo.copy()
        self._pairs = [(one, copies[number]) for number, one in originals.values()]
        self._changed = _differing(self._pairs)
        return True

    def copies(self) -> dict[str, Any]:
        """Values of their own, equal to what ``values`` were."""
        copies: dict[str, Any] = self._unpickler().load()
        return copies

    def concerns(self, value: Any) -> bool:
        """Whether ``value`` holds an object that will be rolled back.

        Raises
        ------
        Exception
            Whatever pickling ``value`` raises: nobody can tell then.
        """
        if not self._changed:
            return False
        pickler = _pickler()(io.BytesIO(), protocol=5, buffer_callback=lambda buffer: None)
        pickler.dump(value)
        return not pickler.memo.copy().keys().isdisjoint({id(one) for one, _ in self._changed})

    def roll_back(self) -> None:
        """Give every object the content that it had."""
        originals = Originals(self._pairs)
        taken = {id(one): refill(one, copy, originals.of) for one, copy in self._changed}
        left = _differing(self._changed)
        if originals.give_up([copy for one, copy in left if not taken[id(one)]]):
            for one, copy in left:
                if taken[id(one)]:
                    refill(one, copy, originals.of)

    def _unpickler(self) -> _Unpickler:
        return _Unpickler(io.BytesIO(self._stream), self._pickler.code)


@cache
def _pickler() -> Any:
    class Pickler(value_pickler()):  # type: ignore[misc]  # made when it is first needed
        """Classes and functions are themselves in a copy, too; a closure is told, since it holds what changes."""

        def __init__(self, file: io.BytesIO, **options: Any) -> None:
            super().__init__(file, **options)
            self.code: list[Any] = []

        def persistent_id(self, value: Any) -> int | None:
            if not is_a(value, _CODE) or getattr(value, "__closure__", None):
                return None
            self.code.append(value)
            return len(self.code) - 1

    return Pickler


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, code: list[Any]) -> None:
        super().__init__(file)
        self._code = code

    def persistent_load(self, pid: int) -> Any:
        return self._code[pid]


def _differing(pairs: Iterable[_Pair]) -> list[_Pair]:
    """Those whose two sides are not equal, in what they hold either."""
    now, before = Walk(ordered=True), Walk(ordered=True)
    return [
        (one, copy) for one, copy in pairs if not is_a(one, _LEFT_ALONE) and _token(now, one) != _token(before, copy)
    ]


def _token(walk: Walk, value: Any) -> bytes | None:
    try:
        return walk.token(value)
    except Undigestable:
        return None
