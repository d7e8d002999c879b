"""What ``checkout`` brings back into the notebook of what a version captured, and what it tells of the rest.

Binds names of the notebook; local modules stay as they are, since other code runs them too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from helix_jupyter.errors import listing
from helix_jupyter.fingerprint.capture import capture
from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.fingerprint.local_imports import local_files
from helix_jupyter.fingerprint.module_source import read_source
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.captures import restore
from helix_jupyter.session.modules import text_now, text_of
from helix_jupyter.store.store import Store
from helix_jupyter.version.types import Source, Version


def bring_back(version: Version, bench: Bench) -> tuple[str, ...]:
    """Bind the functions and constants that ``version`` captured; one line for each thing worth knowing."""
    own = {name: _meaning(name, bench.namespace) for name in version.captures if name in bench.namespace}
    problems = restore(version.captures, bench.store, bench.namespace)
    failed = [
        f"'{name}' of version {version.id} could not be brought back: {problem}" for name, problem in problems.items()
    ]
    replaced = [name for name, was in own.items() if name not in problems and _meaning(name, bench.namespace) != was]
    return (*failed, *_said(version, replaced), *_modules(version.id, version.sources, bench.store, bench.folder))


def _said(version: Version, replaced: list[str]) -> Iterator[str]:
    if replaced:
        names = listing([f"'{name}'" for name in replaced])
        cells = "its cell" if len(replaced) == 1 else "their cells"
        yield f"version {version.id} replaced the notebook's own {names}. Run {cells} to have yours back."


def _meaning(name: str, namespace: Mapping[str, Any]) -> frozenset[str]:
    """Digests of what ``name`` stands for, without what that reaches in turn; of nothing where it has none."""
    return frozenset(part.digest for part in capture([name], {}, namespace, ()).parts if part.label == name)


def _modules(number: int, sources: Mapping[str, Source], store: Store, folder: Path) -> Iterator[str]:
    """A line that names the local modules which say something else today than in the version."""
    files = local_files(sources, folder)
    other = [module for module, source in sources.items() if _says_another(source, files.get(module), store)]
    if other:
        yield (
            f"version {number} ran other code of {listing(other)} than there is today. "
            f"A run computes with today's; %helix reproduce {number} with the recorded."
        )


def _says_another(source: Source, file: str | None, store: Store) -> bool:
    now = text_now(source.module, file) if file is not None else None
    if now is None:
        return True
    if digest(now) == source.digest:
        return False
    recorded = text_of(source, store)  # comments and formatting never count
    return not recorded or read_source(recorded, "").digest != read_source(now, "").digest
