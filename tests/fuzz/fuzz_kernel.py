"""A notebook's kernel: shows a workflow to a session as a user would, cell by cell, and runs it."""

from __future__ import annotations

import contextlib
import io
import itertools
import linecache
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import fuzz_text as text
from fuzz_clock import spend, told_seconds
from fuzz_model import Node, Workflow
from fuzz_oracle import content, purge

from helix_jupyter import Session
from helix_jupyter.errors import CycleError, DuplicateOutput, NodeFailed, SelfReference
from helix_jupyter.execute.console import Console
from helix_jupyter.plan.forecast import Forecast
from helix_jupyter.plan.types import Plan, State
from helix_jupyter.view.progress import Progress

_numbers = itertools.count(1)
_generation = itertools.count(1)
_REFUSED = (CycleError, DuplicateOutput, SelfReference)


@dataclass(frozen=True)
class Report:
    """What a run did.

    ``ran``: the nodes whose code ran, in order; ``later``: those that ran when their values were asked for afterwards.
    ``states``: what the version says of each node. ``shown``: the contents of the outputs. ``stored``: of each start in
    ``ran`` and ``later``, the digests of what lay in the store then; all empty where nothing is ever evicted.
    ``consoles``: of each node that showed something, its digest. ``told``: what the package itself said meanwhile, line
    by line: what ran and why, what was kept and what went.
    """

    ran: tuple[str, ...]
    later: tuple[str, ...]
    states: Mapping[str, str]
    failed: str | None
    shown: Mapping[str, str]
    stored: tuple[frozenset[str], ...] = ()
    consoles: Mapping[str, str] = field(default_factory=dict)
    told: tuple[str, ...] = field(default=(), repr=False)


class Telling(Progress):
    """Hands on why each node runs, and what users are warned of."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__()
        self._tell = tell

    def begin(self, plan: Plan) -> None:
        self._reasons = plan.reasons
        states = ", ".join(f"{node} {state}" for node, state in plan.states.items() if state is not State.PRUNE)
        self._tell(f"plan: {states or 'nothing'}")

    def node(self, name: str, state: State) -> None:
        self._tell(f"{state} {name}: {self._reasons[name]}")

    def done(self, name: str, state: State, seconds: float) -> None:
        pass

    def warn(self, message: str) -> None:
        self._tell(f"warning: {message}")


class Kernel:
    """One session on a store, with a namespace of its own."""

    loaded = ("", 0)  # the modules' text that this process imported last, and how often it did

    def __init__(self, folder: Path, **options: Any) -> None:
        self.folder, self.clock = folder, 0
        self.may_evict = options["policy"] != "all"
        self.log: list[str] = []
        self._snapshots: list[frozenset[str]] = []
        self._told: list[str] = []
        self._stored: dict[str, str] = {}
        self.namespace: dict[str, Any] = {"__name__": "__main__"}
        self.session = Session(
            ".helix",
            namespace=self.namespace,
            folder=folder,
            console=Console(live=False),
            progress=lambda: Telling(self._told.append),
            tools=lambda: {"display": self._started},
            **options,
        )
        self._cells: dict[str, str] = {}
        self._nodes: dict[str, tuple[str, Node]] = {}
        self._order: list[str] = []
        self._generation = 0

    def _started(self, node: str) -> int:
        """What every node calls first, as a tool of the front end: no part of what it computes.

        What the node will change in place has been written by then, or it would have to be computed again: a race.
        """
        self.log.append(node)
        self._snapshots.append(self.stored())
        spend(int(node[1:]) % 4)  # some are quickly made again
        return self.clock

    def stored(self) -> frozenset[str]:
        """The digests of all that is stored; of nothing where that need not be known, since nothing is evicted."""
        self.session.flush()
        if not self.may_evict:
            return frozenset()
        artifacts = self.session.store.artifacts()
        now = {digest: f"{fact.kind} of {fact.node}, {digest[:8]}" for digest, fact in artifacts.items()}
        self._told += [f"stored: {now[digest]}" for digest in now if digest not in self._stored]
        for digest, what in self._stored.items():
            if digest not in now:
                self._told.append(f"gone: {what}, {self.session.store.evicted(digest)}")
        self._stored = now
        return frozenset(now)

    # showing

    def show(self, workflow: Workflow, anew: bool = False) -> None:
        """Run the plain cells that changed and declare the nodes that changed; ``anew``: all of them."""
        self._define(workflow, anew | self._import(workflow))
        self._declare(workflow, anew)

    def _import(self, workflow: Workflow) -> bool:
        """Reload modules whose text changed; whether this kernel holds older ones."""
        state = repr(text.sources(workflow))
        if Kernel.loaded[0] != state:
            purge()
            Kernel.loaded = (state, next(_generation))
        older, self._generation = self._generation != Kernel.loaded[1], Kernel.loaded[1]
        return older

    def _define(self, workflow: Workflow, anew: bool) -> None:
        cells = text.cells(workflow)
        for name in self._cells:
            if name not in cells:
                self.namespace.pop(name, None)
        again: set[str] = set()
        for name, cell in cells.items():
            held = workflow.definition(name).holds if name in workflow.by_name else None
            # a star gives the names that another module has for modules: as from scratch, the later imports win
            behind = name.startswith("import ") and any(one.startswith("import ") for one in again)
            if anew or behind or held in again or self._cells.get(name) != cell:
                again.add(name)
                self._run_cell(cell)
        self._cells = cells

    def _run_cell(self, cell: str) -> None:
        filename = f"<plain cell {next(_numbers)}>"
        linecache.cache[filename] = (len(cell), None, cell.splitlines(keepends=True), filename)
        exec(compile(cell, filename, "exec", dont_inherit=True), self.namespace)

    def _declare(self, workflow: Workflow, anew: bool) -> None:
        nodes = {node.name: (text.written(workflow, node), node) for node in workflow.nodes}
        gone = [name for name in self._nodes if name not in nodes]
        moved = [name for name in self._order if name in nodes] != [name for name in nodes if name in self._nodes]
        self._remove([name for name in self._order if name in gone or moved])
        changed = [name for name in nodes if anew or self._nodes.get(name) != nodes[name]]
        try:
            self._put(nodes, changed)
        except _REFUSED:  # half of an edit may be a cycle
            self._remove(list(self.session.declarations))
            self._put(nodes, list(nodes))
        self._order = list(self.session.declarations)
        if self._order != list(nodes):
            self._remove(self._order)
            self._put(nodes, list(nodes))
            self._order = list(nodes)

    def _remove(self, names: Sequence[str]) -> None:
        for name in reversed(names):
            try:
                self.session.remove(name)
            except SelfReference:  # an update of it is still there, which is no update any more in the new workflow
                self._remove_all()
                return
            self._nodes.pop(name, None)

    def _remove_all(self) -> None:
        """An update goes before what it updates, and may have the earlier place: a redeclared node keeps its own."""
        while self.session.declarations:
            for name in [*self.session.declarations]:
                with contextlib.suppress(SelfReference):
                    self.session.remove(name)
        self._nodes.clear()

    def _put(self, nodes: Mapping[str, tuple[str, Node]], names: Sequence[str]) -> None:
        for name in names:
            code, node = nodes[name]
            self.session.declare(
                code,
                node.outputs,
                name=name,
                watch=[f"{read}.txt" for read in node.reads if node.watches and read[0] == "f"],
                volatile=node.volatile,
                update=node.kind == "update",
            )
            self._nodes[name] = nodes[name]

    # running

    def run(self, targets: Sequence[str], force: Sequence[str], names: Sequence[str]) -> Report:
        """Run, and look at ``names`` in the notebook afterwards."""
        self.stored()
        for seen in (self.log, self._snapshots, self._told):
            seen.clear()
        with contextlib.redirect_stdout(io.StringIO()):
            return self._run(targets, force, names)

    def _run(self, targets: Sequence[str], force: Sequence[str], names: Sequence[str]) -> Report:
        failed = None
        try:
            word_for = self.session.graph.word_for
            version = self.session.run(list(map(word_for, targets)) or None, force=list(map(word_for, force)))
        except NodeFailed as failure:
            failed = failure.node
            version = self.session.version()
        ran, states = tuple(self.log), {node: str(state) for node, state in version.states.items()}
        shown: dict[str, str] = {}
        if names and failed is None:
            got = self.session.get(*names)
            shown = dict(zip(names, map(content, got if len(names) > 1 else [got]), strict=True))
        self.stored()
        later = tuple(self.log[len(ran) :])
        consoles = {name: record.console for name, record in self.session.version().nodes.items() if record.console}
        return Report(ran, later, states, failed, shown, tuple(self._snapshots), consoles, tuple(self._told))

    def mutate(self, name: str) -> bool:
        """What a plain cell may do to a bound result; whether there was one."""
        value = self.namespace.get(name)
        with contextlib.suppress(ValueError):  # of an array that is not for writing
            if isinstance(value, list):
                value.append(1000)
            elif isinstance(value, dict):
                value["v"] = 1000
            elif hasattr(value, "iloc"):
                value.iloc[0, 0] = 1000
            elif hasattr(value, "fill"):
                value.fill(1000)
            else:
                return False
        return True

    def close(self) -> None:
        self.session.close()


@contextlib.contextmanager
def place_of_work(folder: Path) -> Iterator[None]:
    """Make ``folder`` the place where this process finds modules and files, and loading cheaper than any computing.

    The planner's forecasts and the seconds that are measured are the only seams that are not public: a node of
    microseconds would rather be computed than loaded, and what ran would depend on the machine.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(told_seconds())
        stack.enter_context(mock.patch("helix_jupyter.session.facts.compute_forecast", return_value=Forecast(1.0)))
        stack.enter_context(mock.patch("helix_jupyter.session.facts.load_forecast", return_value=0.0))
        # bytecode is looked up by whole seconds
        stack.enter_context(mock.patch.object(sys, "dont_write_bytecode", True))
        stack.enter_context(mock.patch.object(sys, "path", [str(folder), *sys.path]))
        stack.enter_context(contextlib.chdir(folder))
        purge()
        Kernel.loaded = ("", 0)
        yield
        purge()
        sys.path_importer_cache.pop(str(folder), None)
