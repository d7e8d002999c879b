"""What nodes depend on outside the notebook, as facts that are recorded with a result and must still hold.

Reads files, environment and working directory; changes nothing but what the store remembers of files.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from helix_jupyter.errors import listing
from helix_jupyter.execute.types import Note
from helix_jupyter.fingerprint.files import MISSING, FileState, look
from helix_jupyter.fingerprint.looks import EXISTS, SIZE, STAT
from helix_jupyter.fingerprint.module_reads import module_reads
from helix_jupyter.fingerprint.reads import Seen
from helix_jupyter.fingerprint.types import ModuleReads
from helix_jupyter.session.files import Files
from helix_jupyter.store.store import Store
from helix_jupyter.store.types import OutsideFact

FILE, VARIABLE, FOLDER = "file", "variable", "folder"
# source code that ran and that no key tells of: with the module's name behind it, where it has one
SOURCE = "source:"
# these hold for ever: what the node wrote, and what is to be said of its result
WRITTEN, NOTE = "written", "note"
# between a kind and the module that turned to it when it was imported: as long as that is loaded, it holds
BY = "@"
LOOKS = (EXISTS, SIZE, STAT)
# entries of a folder that are told one by one
_TOLD = 3


def module_of(fact: OutsideFact) -> str:
    """The module that a fact of source code names; empty for any other fact."""
    return fact.kind.removeprefix(SOURCE) if fact.kind.startswith(SOURCE) else ""


class Outside:
    """Makes facts of what a node turned to, and tells whether recorded ones still hold."""

    def __init__(self, files: Files, store: Store) -> None:
        self.files, self._store = files, store

    def facts(self, seen: Seen, notes: Iterable[Note]) -> tuple[tuple[OutsideFact, ...], tuple[Path, ...]]:
        """What is to be recorded of a node that has just run, and the files that changed while it read them.

        These count as written, too: a node that changes a database does so unseen.
        """
        facts = tuple(self._facts(seen, notes))
        digests = {fact.name: fact.digest for fact in facts if fact.kind == FILE}
        moved = tuple(
            path
            for path, was in seen.files.items()
            if not was.stands(path, digests[self.files.recorded(path)], seen.written)
        )
        return (*facts, *(OutsideFact(self.files.recorded(path), "", WRITTEN) for path in moved)), moved

    def _facts(self, seen: Seen, notes: Iterable[Note]) -> Iterator[OutsideFact]:
        yield from (self.files.fact(path) for path in seen.files)
        for path, was in seen.named.items():
            fact = self.files.fact(path)
            if was.stands(path, fact.digest):
                yield fact
        for (path, asked), answer in seen.looks.items():
            yield OutsideFact(self.files.recorded(path), answer, asked)
        for name, value in seen.variables.items():
            yield OutsideFact(name, self._sealed(value), VARIABLE)
        if seen.relative:
            yield OutsideFact("working directory", self.files.recorded(Path.cwd()), FOLDER)
        yield from (OutsideFact(self.files.recorded(path), "", WRITTEN) for path in seen.written)
        yield from (OutsideFact(note.text, note.kind, NOTE) for note in notes)

    def by_module(self, module: str, reads: ModuleReads) -> Iterator[OutsideFact]:
        """What ``module`` turned to when it was imported, as it was then."""
        for path, state in reads.files.items():
            yield self.files.fact_of(path, state, FILE + BY + module)
        for (path, asked), answer in reads.looks.items():
            yield OutsideFact(self.files.recorded(path), answer, asked + BY + module)
        for name, value in reads.variables.items():
            yield OutsideFact(name, self._sealed(value), VARIABLE + BY + module)
        if reads.folder is not None:
            yield OutsideFact("working directory", self.files.recorded(reads.folder), FOLDER + BY + module)

    def source(self, path: Path, module: str = "") -> OutsideFact:
        """Source code: a local module by its name, or a file that was run without one."""
        name = self.files.recorded(self.files.path(path))
        return OutsideFact(name, self.files.source_digest(path, module), SOURCE + module)

    def changed(self, facts: Iterable[OutsideFact]) -> tuple[str, ...]:
        """What no longer holds, a line for each fact; of folders for each name that came or went."""
        return tuple(dict.fromkeys(line for fact in facts for line in self._differences(fact)))

    def _differences(self, fact: OutsideFact) -> tuple[str, ...]:
        kind, _, module = fact.kind.partition(BY)
        if module and (reads := module_reads(module)) is not None:
            was = reads.files.get(self.files.path(fact.name)) if kind == FILE else None
            if was is not None:
                return _file_lines(fact, was)
            for one in self.by_module(module, reads):
                if (one.kind, one.name) == (fact.kind, fact.name):
                    return () if one.digest == fact.digest else (f"{fact.name} changed",)
        fact = replace(fact, kind=kind) if module else fact  # it will be read when the module is imported
        if fact.kind == FILE:
            return _file_lines(fact, self.files.state(self.files.path(fact.name)))
        line = self._difference(fact)
        return (line,) if line else ()

    def _difference(self, fact: OutsideFact) -> str:
        if fact.kind.startswith(SOURCE):
            module = fact.kind.removeprefix(SOURCE)
            now = self.files.source_digest(self.files.path(fact.name), module)
            beyond = ", or what it imports," if module else ""
            return f"{fact.name}{beyond} changed" if now != fact.digest else ""
        if fact.kind in LOOKS:
            now = look(self.files.path(fact.name), fact.kind)
            return _moved(fact, fact.digest == "missing", now == "missing") if now != fact.digest else ""
        if fact.kind == VARIABLE and self._sealed(os.environ.get(fact.name)) != fact.digest:
            return f"environment variable {fact.name} changed"
        if fact.kind == FOLDER and self.files.recorded(Path.cwd()) != fact.digest:
            return "the working directory changed"
        return ""

    def _sealed(self, value: str | None) -> str:
        # sealed with the user's key: what is short, such as a password, could be guessed from a plain digest
        return "not set" if value is None else self._store.seal(value)


def _moved(fact: OutsideFact, was_missing: bool, is_missing: bool) -> str:
    return f"{fact.name} {'appeared' if was_missing else 'vanished' if is_missing else 'changed'}"


def _file_lines(fact: OutsideFact, now: FileState) -> tuple[str, ...]:
    """What became of a file; of a folder what appeared in it and vanished, where that is known."""
    if now.digest == fact.digest:
        return ()
    if now.kind != "directory" or fact.digest == MISSING.digest:
        return (_moved(fact, fact.digest == MISSING.digest, now.digest == MISSING.digest),)
    came, went = _beyond(now.names, fact.names or ()), _beyond(fact.names or (), now.names)
    if fact.names is None or not (came or went):
        return (f"what lies in {fact.name}/ changed",)
    return (*_each(fact.name, came, "appeared"), *_each(fact.name, went, "vanished"))


def _beyond(names: Sequence[str], others: Sequence[str]) -> list[str]:
    return sorted({*names}.difference(others))


def _each(folder: str, names: Sequence[str], verb: str) -> Iterable[str]:
    """A line for each, as for a file that the node looks for itself; for many of them one."""
    if len(names) > _TOLD:
        return (f"{len(names)} entries of {folder}/ {verb}: {listing(names, _TOLD)}",)
    return (f"{name if folder == '.' else f'{folder}/{name}'} {verb}" for name in names)
