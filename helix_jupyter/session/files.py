"""The files that nodes read: their state now, cheaply (stat first, content only where the stat changed)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import xxhash

from helix_jupyter.fingerprint.files import FileState, file_state
from helix_jupyter.fingerprint.framing import digest_fields
from helix_jupyter.fingerprint.local_imports import file_digest, import_parts
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
        path = self._folder / path
        return FileFact(self._recorded(path), self.digest(path))

    def source_fact(self, path: Path, module: str = "") -> FileFact:
        """Source code as it is recorded: a module by its name, or a file that was run without one."""
        path = self._folder / path
        return FileFact(self._recorded(path), self._source_digest(path, module), module)

    def _recorded(self, path: Path) -> str:
        return (path.relative_to(self._folder) if path.is_relative_to(self._folder) else path).as_posix()

    def changed(self, facts: Iterable[FileFact]) -> tuple[str, ...]:
        """The recorded paths whose content is no longer what it was."""
        return tuple(fact.path for fact in facts if self._now(fact) != fact.digest)

    def _now(self, fact: FileFact) -> str:
        path = self._folder / fact.path
        return self.digest(path) if fact.module is None else self._source_digest(path, fact.module)

    def _source_digest(self, path: Path, module: str) -> str:
        if not module:
            return file_digest(str(path))
        parts = import_parts([module], self._folder)
        return digest_fields(*(field for part in parts for field in (part.kind, part.label, part.digest)))

    def watched(self, paths: Iterable[Path]) -> str:
        """One digest over several files, their names included."""
        text = "\n".join(f"{path.as_posix()}:{self.digest(path)}" for path in paths)
        return xxhash.xxh3_128_hexdigest(text.encode())
