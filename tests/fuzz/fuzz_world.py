"""One store, its kernels, and what is true: every run is held against the oracle.

A node has to run if what decides its value was never computed in this store, or if it is volatile or forced. Nothing
else may run but what ``Truth.imported`` is about: all nodes above a target have to be known before the target is, so
this set is the smallest there is.
"""

from __future__ import annotations

import difflib
import os
import shutil
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import fuzz_text as text
from fuzz_kernel import Kernel, Report, place_of_work
from fuzz_model import Workflow
from fuzz_oracle import Truth, content, truth
from fuzz_remote import Remote, Request

from helix_jupyter.fingerprint.digest import digest

TMPFS = Path("/dev/shm")
counted: Counter[str] = Counter()
_remotes: list[Remote] = []


class World:
    """A folder with files, modules and a store; ``kernels`` that are open on it, and ``computed``: what was run."""

    def __init__(self, **options: Any) -> None:
        self.options = {"policy": "all", **options}
        self.may_evict = self.options["policy"] != "all"
        self.folder = Path(tempfile.mkdtemp(prefix="fuzz-", dir=TMPFS if os.access(TMPFS, os.W_OK) else None))
        self._stack = ExitStack()
        self._stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self._stack.enter_context(place_of_work(self.folder))
        self.workflow = Workflow()
        self.clock = 0
        self.computed: set[str] = set()
        self.told = Workflow()  # as of the last run, for reports
        self._disk: dict[str, str] = {}
        self._moment = 1_600_000_000
        self.take(self.workflow)
        self.kernels = [Kernel(self.folder, **self.options)]

    def close(self) -> None:
        try:
            for kernel in self.kernels:
                kernel.close()
            kernel = Kernel(self.folder, **self.options)
            problems = kernel.session.store.verify()
            kernel.close()
            assert problems == []
        finally:
            self._stack.close()

    # what changes

    def take(self, workflow: Workflow) -> None:
        """Make ``workflow`` what the user means now; files change at once."""
        self.workflow = workflow
        wanted = {f"{name}.txt": str(content) for name, content in workflow.files.items() if content is not None}
        for path, source in {**text.sources(workflow), **wanted}.items():
            if self._disk.get(path) != source:
                self._write(self.folder / path, source)
                self._disk[path] = source

    def _write(self, path: Path, source: str) -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_text(source)
        if path.suffix == ".py":  # Python itself tells sources apart by their time
            self._moment += 2
            os.utime(path, (self._moment, self._moment))

    def touch(self, name: str) -> None:
        os.utime(self.folder / f"{name}.txt")

    def restart(self, place: int) -> None:
        self.kernels[place].close()
        self.kernels[place] = Kernel(self.folder, **self.options)

    def second(self) -> None:
        """Open one more kernel, or close it again."""
        if len(self.kernels) == 1:
            self.kernels.append(Kernel(self.folder, **self.options))
        else:
            self.kernels.pop().close()

    # what is held against the oracle

    def run(
        self, place: int = 0, targets: tuple[str, ...] = (), force: tuple[str, ...] = (), anew: bool = False
    ) -> None:
        """Show the workflow to a kernel, run it, and compare."""
        workflow = self.workflow
        true = truth(workflow, self.folder, self.clock)
        sliced = workflow.slice(targets)
        names = tuple(name for name in workflow.outputs if self._is_visible(name, sliced, true))
        kernel = self.kernels[place]
        kernel.clock = self.clock
        before = self._stored()
        kernel.show(workflow, anew)
        report = kernel.run(targets, force, names)
        self._compare(report, true, sliced, force, names, before)

    def run_remotely(self) -> None:
        """What a restart in a process of its own gives."""
        workflow = self.workflow
        true = truth(workflow, self.folder, self.clock)
        sliced = workflow.slice(())
        names = tuple(name for name in workflow.outputs if self._is_visible(name, sliced, true))
        if not _remotes:
            _remotes.append(Remote())
        before = self._stored()
        report = _remotes[0].run(Request(self.folder, workflow, self.clock, (), names, self.options))
        self._compare(report, true, sliced, (), names, before)

    def _is_visible(self, name: str, sliced: frozenset[str], true: Truth) -> bool:
        producer = self.workflow.outputs[name]
        return producer in sliced and producer in true.values

    def _stored(self) -> set[str]:
        if not self.may_evict:
            return set()
        store = self.kernels[0].session.store
        store.flush()
        return set(store.artifacts())

    def _compare(
        self,
        report: Report,
        true: Truth,
        sliced: frozenset[str],
        force: tuple[str, ...],
        names: tuple[str, ...],
        before: set[str],
    ) -> None:
        workflow = self.workflow
        due = {
            name
            for name in sliced
            if name in true.keys
            and (true.nameless[name] not in self.computed or workflow.node(name).volatile or name in force)
        }
        told = (true.keys, true.imported)
        may = {name for name in sliced for keys in told if name in keys and keys[name] not in self.computed}
        fails = any(workflow.node(name).fails for name in sliced)
        ran = {*report.ran, *report.later}
        done = {name for name in ran if name in true.values}
        kept = [name for name in done if not workflow.node(name).volatile]
        self.computed |= {key for name in kept for key in (true.keys[name], true.imported[name], true.nameless[name])}
        counted.update(runs=1, due=len(due), nodes=len(sliced), failing=fails)
        problems = []
        if sorted(ran) != sorted((*report.ran, *report.later)) and not self.may_evict:
            problems.append(f"ran more than once: {report.ran}, then {report.later}")
        if stale := sorted(due - ran) if not fails else []:
            problems.append(f"did not run, though what decides their values is new: {stale}")
        if needless := sorted(name for name in ran - due - may if not self._is_lost(name, true, before)):
            problems.append(f"ran, though their results are known: {needless}")
        if fails != (report.failed is not None):
            problems.append(f"failed: {report.failed}")
        computed = {node for node, state in report.states.items() if state == "compute"}
        if computed != set(report.ran):
            problems.append(f"the version says that {sorted(computed)} ran, not {report.ran}")
        if not fails:
            shown = {name: content(true.values[workflow.outputs[name]][name]) for name in names}
            for name in names:
                if report.shown[name] != shown[name]:
                    problems.append(f"{name} is {report.shown[name]}, from scratch {shown[name]}")
        if problems:
            raise AssertionError("\n".join([*problems, self._edited()]))
        self.told = workflow

    def _is_lost(self, name: str, true: Truth, before: set[str]) -> bool:
        """Whether a node's value is not stored any more; only what a small budget evicts may be."""
        if not self.may_evict:
            return False
        after = self._stored()
        return any(digest(value) not in before & after for value in true.values[name].values())

    def _edited(self) -> str:
        before, after = (text.story(one).splitlines() for one in (self.told, self.workflow))
        changes = "\n".join(difflib.unified_diff(before, after, "last run", "this run", lineterm="", n=1))
        return f"\nSince the last run:\n{changes}\n\nAll of it:\n{text.story(self.workflow)}"


def close_remotes() -> None:
    while _remotes:
        _remotes.pop().close()
