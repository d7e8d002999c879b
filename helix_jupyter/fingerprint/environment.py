"""Which environment variables local code reads and sets. Values are passed on, never kept here.

``os.environ`` gets another class while somebody records: its data, and so ``os.environb``, stay as they are. What
copies all of it (``dict(os.environ)``, ``{**os.environ}``) reads no variable in particular and counts as none.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from helix_jupyter.fingerprint.callers import asking
from helix_jupyter.fingerprint.patches import Patches

Note = Callable[[str, str | None], None]


def record_environment(patches: Patches, note_read: Note, note_set: Note, told: set[object]) -> None:
    """Tell ``note_read`` each variable that local code reads, with its value (None: it is not set), and ``note_set``
    each that it is about to set or delete, with the value before.

    ``told`` fills with what need not be told again; who empties it is told anew.
    """
    plain: Any = type(os.environ)
    listed = threading.local()

    class Recorded(plain):  # type: ignore[misc]  # os does not export the class
        __slots__ = ()

        def __getitem__(self, key: Any) -> Any:
            try:
                value = plain.__getitem__(self, key)
            except KeyError:
                self._tell(note_read, key, None)
                raise
            if not self._is_copied(key):
                self._tell(note_read, key, value)
            return value

        def __setitem__(self, key: Any, value: Any) -> None:
            self._tell(note_set, key, plain.get(self, key))
            plain.__setitem__(self, key, value)

        def __delitem__(self, key: Any) -> None:
            self._tell(note_set, key, plain.get(self, key))
            plain.__delitem__(self, key)

        def __iter__(self) -> Iterator[Any]:
            listed.keys = deque(plain.__iter__(self))
            yield from tuple(listed.keys)

        def _is_copied(self, key: Any) -> bool:
            """All is read in the order in which it was listed."""
            expected = getattr(listed, "keys", None)
            if expected and expected[0] == key:
                expected.popleft()
                return True
            listed.keys = None
            return False

        def _tell(self, note: Note, key: Any, value: Any) -> None:
            mark = (note, key)
            if mark not in told and asking(2) is not None:
                told.add(mark)
                note(os.fsdecode(key), None if value is None else os.fsdecode(value))

    for environ in (os.environ, getattr(os, "environb", None)):
        if environ is not None:
            patches.put(environ, "__class__", Recorded)
