"""The files that nodes read: their state now, cheaply (stat first, content only where the stat changed)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import xxhash

from helix_jupyter.fingerprint.files import FileState, file_state
from helix_jupyter.store.store import Store
from helix_jupyter.store.types import FileFact


class Files:
    """Digests of files, remembered in the store by their stat. Paths inside ``folder`` are kept relative to it."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store, self._folder = store, folder
        self._states: dict[str, FileState] | None = None

    def digest(self, path: Path) -> str:
        """The digest of the file (or folder listing, or absence) at ``path`` as it is now."""
        if self._states is None:
            self._states = dict(self._store.file_stats())
        name = str(path)
        known = self._states.get(name)
        state = file_state(path, known)
        if state is not known and state.kind == "file":
            self._states[name] = state
            self._store.remember_file(name, state)
        return state.digest

    def fact(self, path: Path) -> FileFact:
        """The path as it is recorded, with its digest."""
        path = path if path.is_absolute() else self._folder / path
        recorded = path.relative_to(self._folder) if path.is_relative_to(self._folder) else path
        return FileFact(recorded.as_posix(), self.digest(path))

    def changed(self, facts: Iterable[FileFact]) -> tuple[str, ...]:
        """The recorded paths whose content is no longer what it was."""
        return tuple(fact.path for fact in facts if self.digest(self._folder / fact.path) != fact.digest)

    def watched(self, paths: Iterable[Path]) -> str:
        """One digest over several files, their names included."""
        text = "\n".join(f"{path.as_posix()}:{self.digest(path)}" for path in paths)
        return xxhash.xxh3_128_hexdigest(text.encode())
