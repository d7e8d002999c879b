"""From what a node gave to the result that is recorded: digests, sizes, summaries, what it turned to outside."""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from helix_jupyter.errors import Undigestable, Unpicklable
from helix_jupyter.execute.notes import ENVIRONMENT, GENERATOR, NETWORK
from helix_jupyter.execute.settle import settle
from helix_jupyter.execute.types import Outcome, Task
from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.fingerprint.framing import digest_fields
from helix_jupyter.fingerprint.local_imports import import_parts
from helix_jupyter.fingerprint.unsteady import DATE, RANDOMNESS, STOPWATCH
from helix_jupyter.graph.dag import Graph
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.resolve import Known
from helix_jupyter.session.summary import packages_of, summarise
from helix_jupyter.store.pickling import Prepared, prepare
from helix_jupyter.store.types import OutputFact, OutsideFact, Result

Warn = Callable[[str], None]


def result_of(
    bench: Bench, graph: Graph, known: Known, task: Task, done: Outcome, warn: Warn
) -> tuple[Result, Mapping[str, Prepared]]:
    """The result of a node that ran, and its outputs (and captured output) ready to be written, by digest.

    A value that has no digest is known by its provenance: the key that made it, and the files that were read. Where
    these do not decide it, by this very computation, so that nothing that rests on it is ever taken for something else.
    """
    declaration = task.declaration
    seen, moved = bench.outside.facts(done.seen, [note for note in done.notes if note.kind != STOPWATCH])
    facts = (*seen, *_sources(bench, known, done))
    _warn_of(bench, task, done, moved, warn)
    key = known.key or f"run-{uuid.uuid4().hex}"
    stable = bench.resolver.still_imports(declaration, known, warn) and not moved
    reusable = known.key is not None and not declaration.volatile and stable
    steady = reusable and not any(note.kind in UNSTEADY for note in done.notes)
    origin = _origin(key, facts) if steady else f"run-{uuid.uuid4().hex}"
    settle(done.values.values())
    prepared: dict[str, Prepared] = {}
    outputs = []
    for name in declaration.outputs:
        identity, by_content = _identity(done.values[name], origin, name)
        size = _prepare(bench, declaration.node, name, identity, done.values[name], prepared, warn)
        value = done.values[name]
        outputs.append(OutputFact(name, identity, by_content, size, summarise(value), packages_of(value)))
    console = None
    if done.events:
        console = digest(tuple(done.events))
        prepared[console] = prepare(done.events)
    result = Result(
        key=key,
        workflow=bench.workflow,
        node=declaration.node,
        outputs=tuple(outputs),
        seconds=done.seconds,
        created=time.time(),
        console=console,
        outside=facts,
        reusable=reusable,
    )
    return result, prepared


def _origin(key: str, facts: Iterable[OutsideFact]) -> str:
    """What made a value: the key, and what was found outside under it."""
    return digest_fields(key, *sorted(digest_fields(fact.kind, fact.name, fact.digest) for fact in facts))


def _identity(value: Any, origin: str, name: str) -> tuple[str, bool]:
    try:
        return digest(value, ordered=True), True
    except Undigestable:
        return digest_fields("provenance", origin, name), False


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


def _sources(bench: Bench, known: Known, done: Outcome) -> Iterable[OutsideFact]:
    """The local modules that ran and that the node's key does not tell of, since they were chosen at run time;
    and what those that it uses read when they were imported."""
    chosen = done.imported.chosen
    parts = (*known.fingerprint.parts, *import_parts(chosen, bench.folder))
    told = {part.label for part in parts if part.kind not in ("helper", "constant")}
    used = {*chosen, *done.imported.stated, *(part.label for part in parts if part.kind == "source")}
    for name in sorted(used & done.imported.reads.keys()):
        yield from bench.outside.by_module(name, done.imported.reads[name])
    for name in (*chosen, *(name for name in done.imported.stated if name not in told)):
        file = getattr(sys.modules.get(name), "__file__", None)
        yield bench.outside.source(Path(file or name), name)
    for path in done.imported.files:
        yield bench.outside.source(Path(path))


def _warn_of(bench: Bench, task: Task, done: Outcome, moved: Iterable[Path], warn: Warn) -> None:
    node = task.declaration.node
    for path in moved:
        warn(f"Node '{node}' read {path.name} while it changed (by itself or another): its result is not reused.")
    for note in done.notes:
        advice = _ADVICE.get(note.kind)
        if advice and not (task.declaration.volatile and note.kind in UNSTEADY):
            warn(f"Node '{node}' {note.text}{advice}")


# kinds of notes whose nodes would give another value each time
UNSTEADY = frozenset({RANDOMNESS, DATE, NETWORK})
_ADVICE = {
    RANDOMNESS: ". Its result is reused all the same: seed it, or say --volatile.",
    DATE: ". Its result is reused all the same, unless you say --volatile.",
    NETWORK: ". Its result is reused all the same: say --volatile, or --watch a function that tells what is newest.",
    GENERATOR: ", which is put back: every node that uses it draws the same numbers. Make one in the node.",
    ENVIRONMENT: ", which is put back: set it in a plain cell.",
}
