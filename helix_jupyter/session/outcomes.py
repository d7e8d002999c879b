"""From what a node gave to the result that is recorded: digests, sizes, summaries, the files that it read."""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import xxhash

from helix_jupyter.errors import Undigestable, Unpicklable
from helix_jupyter.execute.types import Outcome, Task
from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.fingerprint.files import named_files
from helix_jupyter.fingerprint.local_imports import import_parts
from helix_jupyter.graph.dag import Graph
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.resolve import Known
from helix_jupyter.session.summary import packages_of, summarise
from helix_jupyter.store.pickling import Prepared, prepare
from helix_jupyter.store.types import FileFact, OutputFact, Result

Warn = Callable[[str], None]


def result_of(
    bench: Bench, graph: Graph, known: Known, task: Task, done: Outcome, warn: Warn
) -> tuple[Result, Mapping[str, Prepared]]:
    """The result of a node that ran, and its outputs (and captured output) ready to be written, by digest.

    A value that has no digest is known by its provenance: the key that made it. Where there is no key either, by this
    very computation, so that nothing that rests on it is ever taken for something else.
    """
    declaration = task.declaration
    key = known.key or f"run-{uuid.uuid4().hex}"
    prepared: dict[str, Prepared] = {}
    outputs = []
    for name in declaration.outputs:
        identity, by_content = _identity(done.values[name], key, name)
        size = _prepare(bench, declaration.node, name, identity, done.values[name], prepared, warn)
        value = done.values[name]
        outputs.append(OutputFact(name, identity, by_content, size, summarise(value), packages_of(value)))
    console = None
    if done.events:
        console = digest(tuple(done.events))
        prepared[console] = prepare(done.events)
    files, stable = _files(bench, known, task, done, warn)
    stable = bench.resolver.still_imports(declaration, known, warn) and stable
    result = Result(
        key=key,
        workflow=bench.workflow,
        node=declaration.node,
        outputs=tuple(outputs),
        seconds=done.seconds,
        created=time.time(),
        console=console,
        files=files,
        reusable=known.key is not None and not declaration.volatile and stable,
    )
    return result, prepared


def _identity(value: Any, key: str, name: str) -> tuple[str, bool]:
    try:
        return digest(value), True
    except Undigestable:
        return xxhash.xxh3_128_hexdigest(f"provenance:{len(key)}:{key}:{name}".encode()), False


def _prepare(
    bench: Bench, node: str, name: str, identity: str, value: Any, prepared: dict[str, Prepared], warn: Warn
) -> int:
    """Make one value ready to be written; gives its size in bytes, 0 where it cannot be pickled."""
    try:
        prepared[identity] = prepare(value)
    except Unpicklable as problem:
        warn(
            f"Node '{node}': {name}{problem.path} cannot be stored ({problem.reason}). "
            f"It is kept in memory and computed again after a restart."
        )
        return 0
    return prepared[identity].bytes


def _files(bench: Bench, known: Known, task: Task, done: Outcome, warn: Warn) -> tuple[tuple[FileFact, ...], bool]:
    """The files that the node read, and whether they stood still meanwhile."""
    started = time.time_ns() - int(done.seconds * 1e9)
    strings = (*task.declaration.analysis.strings, *_texts(task.bindings), *_texts(task.inputs))
    named = [path for path in named_files(strings, bench.folder) if not _changed_since(path, started)]
    paths = dict.fromkeys((*done.reads, *named))
    moved = [path for path in done.reads if _changed_since(path, started)]
    for path in moved:
        warn(f"Node '{task.declaration.node}' read {path.name} while it changed: its result is not reused.")
    return (*map(bench.files.fact, paths), *_sources(bench, known, done)), not moved


def _sources(bench: Bench, known: Known, done: Outcome) -> Iterable[FileFact]:
    """The local modules that ran and that the node's key does not tell of, since they were chosen at run time."""
    chosen = done.imported.chosen
    told = {part.label for part in (*known.fingerprint.parts, *import_parts(chosen, bench.folder))}
    for name in (*chosen, *(name for name in done.imported.stated if name not in told)):
        file = getattr(sys.modules.get(name), "__file__", None)
        yield bench.files.source_fact(Path(file or name), name)
    for path in done.imported.files:
        yield bench.files.source_fact(Path(path))


def _texts(values: Mapping[str, Any]) -> Iterable[str]:
    return [str(value) for value in values.values() if isinstance(value, (str, Path))]


def _changed_since(path: Path, moment: int) -> bool:
    try:
        return path.is_file() and path.stat().st_mtime_ns > moment
    except OSError:
        return False
