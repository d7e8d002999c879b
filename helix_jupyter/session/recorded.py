"""The recorded results of keys, as far as they hold now. Reads the store's rows; changes nothing."""

from __future__ import annotations

from collections.abc import Iterable

from helix_jupyter.session.outside import Outside
from helix_jupyter.store.store import Store
from helix_jupyter.store.types import Result


class Recorded:
    """Results by key, read once; asked for again where there was none and another kernel has written since."""

    def __init__(self, store: Store, outside: Outside) -> None:
        self._store, self._outside = store, outside
        self._found: dict[str, list[Result]] = {}
        # since others last wrote
        self._asked: set[str] = set()
        self._state: object = None

    def preload(self, keys: Iterable[str]) -> None:
        """Read the results of many keys at once (those of the last version: most of them will be asked for)."""
        self.look_again()
        self._read([key for key in keys if key not in self._found])

    def look_again(self) -> None:
        """From now on what others have recorded meanwhile counts."""
        state = self._store.state_of_others()
        if state != self._state:
            self._asked.clear()
            self._state = state

    def add(self, result: Result) -> None:
        """Take note of a result that was just recorded."""
        self._found.setdefault(result.key, []).insert(0, result)

    def holding(self, key: str) -> tuple[Result | None, tuple[str, ...]]:
        """The newest result of ``key`` for which all is outside as it was then, else what changed."""
        result, changed = self._found_holding(key)
        if result is None and key not in self._asked:
            self._read([key])
            result, changed = self._found_holding(key)
        return result, changed

    def holds(self, result: Result) -> bool:
        """Whether all is outside as it was for ``result``."""
        return not self._outside.changed(result.outside)

    def _read(self, keys: list[str]) -> None:
        self._found.update(self._store.results(keys))
        self._asked.update(keys)

    def _found_holding(self, key: str) -> tuple[Result | None, tuple[str, ...]]:
        changed: tuple[str, ...] = ()
        for result in self._found.get(key, ()):
            if not result.reusable:
                continue
            differing = self._outside.changed(result.outside) if result.outside else ()
            if not differing:
                return result, ()
            changed = changed or differing
        return None, changed
