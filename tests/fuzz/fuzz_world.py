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
from collections.abc import Iterator
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
        before = self.kernels[0].stored()
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
        before = self.kernels[0].stored()
        report = _remotes[0].run(Request(self.folder, workflow, self.clock, (), names, self.options))
        self._compare(report, true, sliced, (), names, before)

    def _is_visible(self, name: str, sliced: frozenset[str], true: Truth) -> bool:
        producer = self.workflow.outputs[name]
        return producer in sliced and producer in true.values

    def _compare(
        self,
        report: Report,
        true: Truth,
        sliced: frozenset[str],
        force: tuple[str, ...],
        names: tuple[str, ...],
        before: frozenset[str],
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
        if stale := sorted(due - ran) if not fails else []:
            problems.append(f"did not run, though what decides their values is new: {stale}")
        problems += self._needless(report, due | may, true, before)
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
            told = "\n".join(("", "What the package told:", *report.told))
            raise AssertionError("\n".join([*problems, told, self._edited()]))
        self.told = workflow

    def _needless(self, report: Report, allowed: set[str], true: Truth, before: frozenset[str]) -> Iterator[str]:
        """Of every start that was not due: whether all of the node's values lay in the store since they were known.

        Only what a small budget evicts may be gone. A node that is there for what it shows is lost with that, too. A
        volatile node runs each time that it is asked for.
        """
        starts, moments = (*report.ran, *report.later), (before, *report.stored)
        since: dict[str, int] = {}
        for place, name in enumerate(starts):
            last, since[name] = since.get(name), place + 2  # its values are known behind its start
            if last is None and name in allowed:
                continue
            values = {digest(value, ordered=True) for value in true.values[name].values()}
            if self.workflow.node(name).kind == "shown":
                values.add(report.consoles[name])
            there = frozenset.intersection(*moments[last or 0 : place + 2])
            if not self.kernels[0].may_evict or not (self.workflow.node(name).volatile or values - there):
                again = "" if last is None else " once more"
                yield f"ran{again}, though its result is known: {name}, in {report.ran}, then {report.later}"

    def _edited(self) -> str:
        before, after = (text.story(one).splitlines() for one in (self.told, self.workflow))
        changes = "\n".join(difflib.unified_diff(before, after, "last run", "this run", lineterm="", n=1))
        return f"\nSince the last run:\n{changes}\n\nAll of it:\n{text.story(self.workflow)}"


def close_remotes() -> None:
    while _remotes:
        _remotes.pop().close()
