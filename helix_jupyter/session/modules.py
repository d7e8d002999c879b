"""The local modules that nodes used, kept with a version and brought back for ``reproduce``: whole files, as text."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from helix_jupyter.cell.analyse import analyse
from helix_jupyter.errors import StoreError
from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.fingerprint.loaded import loaded_text
from helix_jupyter.fingerprint.local_imports import local_files
from helix_jupyter.fingerprint.locality import Origin, origin
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.resolve import Known
from helix_jupyter.store.pickling import prepare
from helix_jupyter.store.store import Store
from helix_jupyter.version.types import Capture, Source


def keep_sources(captures: Iterable[Capture], known: Iterable[Known], bench: Bench) -> dict[str, Source]:
    """Store the text of every local module that nodes reach, by the module's name."""
    sources: dict[str, Source] = {}
    texts: dict[str, tuple[str, str]] = {}
    roots = {*_imported(captures), *_reached(known)}
    for module, file in local_files(sorted(roots), bench.folder).items():
        text = text_now(module, file)
        if text is not None:
            sources[module] = Source(module, _relative(module, file), digest(text))
            texts[sources[module].digest] = module, text
    for identity in texts.keys() - bench.store.has(texts):
        module, text = texts[identity]
        workflow = bench.workflow
        bench.store.write(identity, prepare(text), worth_seconds=0.0, node=module, workflow=workflow, kind="capture")
    return sources


def bring_back(sources: Mapping[str, Source], store: Store, folder: Path, scratch: Path) -> bool:
    """Write into ``scratch`` the packages of which a file is no longer what it was; whether there are any.

    The others are imported from where they lie: they may read files beside them.

    Raises
    ------
    StoreError
        A text is no longer stored.
    """
    now = local_files(sources, folder)
    changed = {
        module.partition(".")[0]
        for module, source in sources.items()
        if module not in now or (text := _text(now[module])) is None or digest(text) != source.digest
    }
    for module, source in sources.items():
        if module.partition(".")[0] in changed:
            path = scratch / source.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(store.load(source.digest), encoding="utf-8")
    return bool(changed)


def text_of(source: Source, store: Store) -> str:
    """The text of a module as it was recorded; empty where it is no longer stored."""
    try:
        text: str = store.load(source.digest)
    except StoreError:
        return ""
    return text


def text_now(module: str, file: str) -> str | None:
    """The text of a module that a run would use: that in memory, else that of its file; None where there is none."""
    return _text(file, loaded_text(module, file))


def _imported(captures: Iterable[Capture]) -> Iterator[str]:
    for capture in captures:
        if capture.form == "import":
            yield from analyse(capture.text).modules


def _reached(known: Iterable[Known]) -> Iterator[str]:
    """What cells import themselves, and the homes of instances."""
    homes = set()
    for one in known:
        yield from one.modules
        homes |= {type(value).__module__ for value in one.captured.reached.values()}
    yield from (home for home in homes if home != "__main__" and origin(home) is Origin.LOCAL)


def _relative(module: str, file: str) -> str:
    steps = module.split(".")
    name = os.path.basename(file)
    return "/".join([*steps, name] if name == "__init__.py" else [*steps[:-1], name])


def _text(file: str, loaded: bytes | None = None) -> str | None:
    """The text of a module, as it was ``loaded`` if it was; None for machine code, and for what cannot be read."""
    try:
        if loaded is None:
            loaded = Path(file).read_bytes() if file.endswith(".py") else None
        return None if loaded is None else loaded.decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
