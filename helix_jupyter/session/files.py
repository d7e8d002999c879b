"""The files that nodes read: their state now, cheaply (stat first, content only where the stat changed)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import xxhash

from helix_jupyter.fingerprint.files import FileState, file_state
from helix_jupyter.fingerprint.framing import digest_fields
from helix_jupyter.fingerprint.local_imports import file_digest, import_parts
from helix_jupyter.store.store import Store
from helix_jupyter.store.types import OutsideFact

# characters of the names in a folder that are recorded with a result
LONGEST_LISTING = 4_000


class Files:
    """Digests of files, remembered in the store by their stat. Paths inside ``folder`` are kept relative to it."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store, self._folder = store, folder
        self._states: dict[str, FileState] | None = None

    def digest(self, path: Path) -> str:
        """The digest of the file (or folder listing, or absence) at ``path`` as it is now."""
        return self.state(path).digest

    def state(self, path: Path) -> FileState:
        """What is at ``path`` now."""
        if self._states is None:
            self._states = dict(self._store.file_stats())
        name = str(path)
        known = self._states.get(name)
        state = file_state(path, known)
        if state is not known and state.kind == "file":
            self._states[name] = state
            self._store.remember_file(name, state)
        return state

    def fact(self, path: Path) -> OutsideFact:
        """The path as it is recorded, with its digest."""
        path = self.path(path)
        return self.fact_of(path, self.state(path))

    def fact_of(self, path: Path, state: FileState, kind: str = "file") -> OutsideFact:
        """A file or folder that was found in this state."""
        is_listed = state.kind == "directory" and sum(map(len, state.names)) <= LONGEST_LISTING
        return OutsideFact(self.recorded(path), state.digest, kind, state.names if is_listed else None)

    def recorded(self, path: Path) -> str:
        """The name under which a path is recorded."""
        return (path.relative_to(self._folder) if path.is_relative_to(self._folder) else path).as_posix()

    def path(self, recorded: str | Path) -> Path:
        """The path that was recorded under a name."""
        return self._folder / recorded

    def source_digest(self, path: Path, module: str) -> str:
        """The digest of what importing ``module`` gives; without a module, of what the code in ``path`` says."""
        if not module:
            return file_digest(str(self.path(path)))
        parts = import_parts([module], self._folder)
        return digest_fields(*(field for part in parts for field in (part.kind, part.label, part.digest)))

    def watched(self, paths: Iterable[Path]) -> str:
        """One digest over several files, their names included."""
        text = "\n".join(f"{path.as_posix()}:{self.digest(path)}" for path in paths)
        return xxhash.xxh3_128_hexdigest(text.encode())
