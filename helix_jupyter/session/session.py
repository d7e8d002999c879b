"""The session: the one place where all stages meet, and the only one that holds anything that changes.

Each public method is one verb of the surface; what it does stands in the module of that name.
"""

from __future__ import annotations

import atexit
import os
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from helix_jupyter.config import Settings
from helix_jupyter.errors import HelixError, NodeFailed, StoreError, UnknownName, UnknownOption, Unpicklable
from helix_jupyter.execute.console import Console
from helix_jupyter.fingerprint.capture import Captured
from helix_jupyter.graph.dag import Graph, build_graph
from helix_jupyter.graph.declaration import Declaration
from helix_jupyter.plan.types import Plan, State
from helix_jupyter.session import declaring, exporting, reproducing
from helix_jupyter.session.accepting import accept_edit
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.bindings import Bindings
from helix_jupyter.session.captures import describe_all, restore
from helix_jupyter.session.facts import all_reasons, node_fact
from helix_jupyter.session.files import Files
from helix_jupyter.session.history import History
from helix_jupyter.session.inputs import Inputs
from helix_jupyter.session.iteration import Iteration, reraise
from helix_jupyter.session.keep import Keeper
from helix_jupyter.session.memory import Memory
from helix_jupyter.session.planning import plan_for, surroundings
from helix_jupyter.session.records import metrics, node_records, packages
from helix_jupyter.session.resolve import Known, Latest, Resolver, undefined
from helix_jupyter.store.pickling import Prepared, prepare
from helix_jupyter.store.store import Store
from helix_jupyter.store.types import GcReport, Result
from helix_jupyter.units import format_duration
from helix_jupyter.version.diff import Diff, compare
from helix_jupyter.version.trace import Trace, trace
from helix_jupyter.version.types import Version
from helix_jupyter.view.progress import Progress
from helix_jupyter.view.snapshot import snapshot
from helix_jupyter.view.types import (
    Card,
    Config,
    Dag,
    Reproduction,
    Setting,
    Status,
    StatusRow,
    VersionList,
    Why,
)


@dataclass(frozen=True)
class Survey:
    """The workflow at one moment: its graph, and what is known of each node."""

    graph: Graph
    known: dict[str, Known]


class Session:
    """A workflow of declared nodes, its store and its versions.

    Parameters
    ----------
    store
        Folder of the store; relative to ``folder``.
    workflow
        Name under which versions are counted; several workflows may share a store.
    budget, memory
        Bytes on disk and in memory, as ``"2GB"`` or a number. policy: what to keep, see ``plan.materialise``.
    namespace
        Where nodes find functions, constants and imports, and where results are bound: ``globals()`` of a script, a
        notebook's user namespace; default: a dict of its own.
    folder
        Where relative paths of nodes start; default: the working directory.
    settings, console, progress, tools
        For front ends: settings already gathered, where output goes, who is told of progress, and names that every
        node may use without depending on them.

    Raises
    ------
    NewerStore
        The store was written by a newer version of this package.
    ConfigError
        A setting does not fit.
    """

    def __init__(
        self,
        store: str | os.PathLike[str] | None = None,
        workflow: str = "main",
        budget: str | int | None = None,
        memory: str | int | None = None,
        policy: str | None = None,
        namespace: dict[str, Any] | None = None,
        *,
        folder: str | os.PathLike[str] | None = None,
        settings: Settings | None = None,
        console: Console | None = None,
        progress: Callable[[], Progress] = Progress,
        tools: Callable[[], dict[str, Any]] = dict,
    ) -> None:
        where = Path(folder or Path.cwd()).absolute()
        self.settings = settings or Settings(where / (store or ".helix"))
        for key, value in (("store", store), ("budget", budget), ("memory", memory), ("policy", policy)):
            if value is not None:
                self.settings.put(key, value)
        self.namespace: dict[str, Any] = {"__name__": "__main__"} if namespace is None else namespace
        opened = Store.open(where / self.settings["store"], budget=self.settings["budget"])
        files = Files(opened, where)
        self._bench = Bench(
            workflow,
            where,
            self.namespace,
            self.settings,
            opened,
            Memory(self.settings["memory"]),
            files,
            Resolver(opened, self.namespace, where, files, workflow),
            console or Console(),
            progress,
            tools,
        )
        self._bindings = Bindings(self.namespace)
        self._history = History(opened, workflow)
        self._declarations: dict[str, Declaration] = {}
        self._graph = build_graph(())
        self._known: dict[str, Known] = {}
        self._latest: dict[str, Latest] = {}
        self._wanted: frozenset[str] = frozenset()
        self._brought: set[str] = set()  # names that decorated functions brought along
        self._base = self._history.newest_id()
        self._bench.resolver.preload(record.key for record in self._records.values() if record.key)
        self._finish = atexit.register(self.close)

    # declaring

    def declare(
        self,
        code: str,
        outputs: Sequence[str] = (),
        name: str | None = None,
        watch: Sequence[str] = (),
        metrics: bool = False,
        volatile: bool = False,
        seed: int | None = None,
        update: bool = False,
        group: str | None = None,
    ) -> Card:
        """Declare one node from the text of a cell; runs nothing.

        Raises
        ------
        CellSyntaxError, UnknownOption, CycleError, DuplicateOutput, SelfReference
            The workflow then stays as it was.
        """
        options = declaring.options(outputs, name, watch, metrics, volatile, seed, update, group)
        return self.add(declaring.from_text(code, options, self._declarations))

    def node(self, function: Callable[..., Any] | None = None, **options: Any) -> Any:
        """Declare a function as a node (``@session.node``): its parameters' names are its inputs.

        The node is the same, key included, as a cell with the function's body that assigns the returned value to
        the function's name.
        """
        if function is None:
            return lambda decorated: self.node(decorated, **options)
        declaration, closure = declaring.from_function(function, **options)
        brought = {name: value for name, value in closure.items() if name not in self._graph.outputs}
        for name, value in brought.items():
            if name not in self._brought and self.namespace.get(name, value) is not value:
                raise UnknownOption(
                    f"'{function.__name__}' uses a '{name}' of its own and the notebook another one. Rename one."
                )
        self._brought.update(name for name in brought if name not in self.namespace)
        self.namespace.update(brought)
        self.add(declaration)
        return function

    def add(self, declaration: Declaration) -> Card:
        """Put a finished declaration into the workflow, in the place of the one that it replaces, if any."""
        before = self._declarations.get(declaration.node)
        declarations = declaring.placed(self._declarations, declaration)
        captured = self._capture(declarations, [declaration.node])
        extra = {node: known.captured.nodes for node, known in self._known.items()}
        extra[declaration.node] = captured[declaration.node].nodes
        graph = build_graph(declarations.values(), extra)
        self._take(declarations, graph)
        return self._card(declaration, before, captured)

    def _card(self, declaration: Declaration, before: Declaration | None, captured: dict[str, Captured]) -> Card:
        graph, node = self._graph, declaration.node
        recorded = self._records.get(node)
        earlier = before.normalised if before else recorded.normalised if recorded else None
        same = declaration.normalised == earlier and before in (None, declaration)
        change = "new" if earlier is None else "unchanged" if same else "edited"
        card = Card(node, declaration.outputs, tuple(graph.inputs[node]), change, "")
        if any(parent not in self._known for parent in graph.parents(node)):
            return declaring.with_action(card, None, None)
        known = self._bench.resolver.resolve(
            graph, captured, self.settings["seed"], {}, [node], self._known, self._latest
        )
        self._known[node] = known[node]
        around = surroundings(self._bench, graph, self._records)
        fact = node_fact(around, node, known[node], declaration.outputs, False)
        return declaring.with_action(card, fact, known[node])

    def remove(self, node: str) -> None:
        """Take a node out of the workflow; what it computed stays in the store."""
        name = self._graph.resolve(node)
        declarations = {other: one for other, one in self._declarations.items() if other != name}
        self._take(declarations, build_graph(declarations.values()))

    def _take(self, declarations: dict[str, Declaration], graph: Graph) -> None:
        """Put new declarations in force; what rests on a node that came, went or changed is stale."""
        before, after = self._declarations, declarations
        touched = {node for node in (*before, *after) if before.get(node) != after.get(node)}
        stale: set[str] = set()
        for one in (self._graph, graph):
            below = one.descendants(touched & set(one.declarations))
            self._bindings.unbind(name for node in below for name in one.declarations[node].outputs)
            stale |= below
        known = {node: known for node, known in self._known.items() if node in after and node not in stale}
        self._declarations, self._graph, self._known = declarations, graph, known

    # looking

    @property
    def workflow(self) -> str:
        """The workflow's name."""
        return self._bench.workflow

    @property
    def folder(self) -> Path:
        """Where relative paths of nodes start."""
        return self._bench.folder

    @property
    def store(self) -> Store:
        """The store."""
        return self._bench.store

    @property
    def declarations(self) -> Mapping[str, Declaration]:
        """What is declared, in order of place."""
        return MappingProxyType(self._declarations)

    @property
    def graph(self) -> Graph:
        """The workflow's DAG as it stands."""
        return self._graph

    @property
    def _records(self) -> Mapping[str, Any]:
        return self._history.records(self._base)

    def _capture(self, declarations: Mapping[str, Declaration], nodes: Iterable[str]) -> dict[str, Captured]:
        outputs = frozenset(name for declaration in declarations.values() for name in declaration.outputs)
        return {node: self._bench.resolver.captured(declarations[node], outputs) for node in nodes}

    def _survey(self, latest: Mapping[str, Latest] | None = None) -> Survey:
        """Look at everything anew: the notebook's names, files and store may all have changed since last time."""
        captured = self._capture(self._declarations, self._declarations)
        graph = build_graph(self._declarations.values(), {node: found.nodes for node, found in captured.items()})
        known = self._bench.resolver.resolve(graph, captured, self.settings["seed"], {}, latest=latest or {})
        self._graph, self._known = graph, known
        return Survey(graph, known)

    def _targets(self, graph: Graph, targets: Iterable[str] | str | None) -> tuple[str, ...]:
        if not targets:
            return graph.sinks()
        names = [targets] if isinstance(targets, str) else targets
        return tuple(dict.fromkeys(graph.resolve(name) for name in names))

    def _check_names(self, graph: Graph, targets: Iterable[str]) -> None:
        for node in graph.slice(tuple(targets)):
            missing = undefined(graph.declarations[node], graph.outside(node), self.namespace)
            if missing:
                raise UnknownName(node, missing, [*graph.outputs, *self.namespace])

    def plan(
        self,
        targets: Iterable[str] | str | None = None,
        within: float | None = None,
        force: Collection[str] = (),
    ) -> Plan:
        """What ``run`` would do: states, reasons, predicted seconds and bytes per node. Runs nothing.

        ``within``: seconds; only what fits by forecast is brought up to date, metrics first.

        Raises
        ------
        UnknownNode, UnknownName
        """
        survey = self._survey()
        chosen = self._targets(survey.graph, targets)
        self._check_names(survey.graph, chosen)
        forced = {survey.graph.resolve(name) for name in force}
        around = surroundings(self._bench, survey.graph, self._records)
        return plan_for(around, survey.known, chosen, forced, within)

    def status(self) -> Status:
        """Every node: what the next run would do with it, why, at what price."""
        plan = self.plan()
        around = surroundings(self._bench, self._graph, self._records)
        rows = []
        for node in self._graph.order:
            fact = node_fact(around, node, self._known[node], self._graph.declarations[node].outputs, False)
            fresh = self._known[node].result is not None
            seconds = plan.node_seconds[node]
            rows.append(StatusRow(node, plan.states[node], plan.reasons[node], seconds, fact.bytes, fresh))
        return Status(tuple(rows))

    def why(self, node: str) -> Why:
        """Every reason that this node would run or not, most specific first."""
        plan = self.plan()
        name = self._graph.resolve(node)
        around = surroundings(self._bench, self._graph, self._records)
        known = self._known[name]
        outputs = self._graph.declarations[name].outputs
        fact = node_fact(around, name, known, outputs, False)
        reasons = (*all_reasons(around, name, known, fact.place), plan.reasons[name])
        return Why(name, plan.states[name], tuple(dict.fromkeys(reasons)))

    def dag(self) -> Dag:
        """The workflow as it stands, ready to be drawn."""
        plan = self.plan() if self._declarations else None
        version = self._history.version(self._base) if self._base else None
        return Dag(snapshot(self._graph, plan, version))

    # running

    def run(
        self,
        targets: Iterable[str] | str | None = None,
        message: str = "",
        jobs: int | None = None,
        force: Collection[str] = (),
        within: float | None = None,
    ) -> Version:
        """One iteration: plan, execute, record a version, bind the results.

        Parameters
        ----------
        targets
            Nodes or outputs to bring up to date; default: every node that nothing consumes.
        jobs
            Processes that compute independent nodes at the same time.
        force
            Nodes to compute whatever is stored.
        within
            Seconds that the run may take by forecast; what does not fit is named in the plan and left.

        Raises
        ------
        NodeFailed
            A node raised; the version is recorded as failed, and the session stays usable.
        UnknownNode, UnknownName
            Nothing has run then.
        """
        started, clock = time.time(), time.perf_counter()
        plan = self.plan(targets, within, force)
        graph, base = self._graph, self._base
        forced = {graph.resolve(name) for name in force}
        workers = self.settings["jobs"] if jobs is None else jobs
        if not isinstance(workers, int) or workers < 1:
            raise UnknownOption(f"jobs={workers} does not fit: say a number of processes, 1 or more.")
        iteration = Iteration(self._bench, graph, dict(self._known), self._records, plan, forced, workers)
        iteration.run()
        for node, price in (plan.deferred or {}).items():
            iteration.warn(f"left for later: '{node}' would add {format_duration(price)}")
        self._latest.update(iteration.latest)
        self._known = iteration.known
        self._bind(iteration)
        records = node_records(
            iteration,
            {node: place for place, node in enumerate(self._declarations)},
            self.store.costs(self.workflow),
        )
        reached = {
            name: value for node in graph.order for name, value in iteration.known[node].captured.reached.items()
        }
        version = Version(
            id=0,
            workflow=self.workflow,
            parent=base,
            message=message,
            created=started,
            status=iteration.status,
            seconds=time.perf_counter() - clock,
            nodes=MappingProxyType(records),
            targets=plan.targets,
            metrics=MappingProxyType(self._metrics(iteration)),
            packages=MappingProxyType(packages(records.values())),
            captures=MappingProxyType(describe_all(reached, self.namespace, graph.outputs, self.store, self.workflow)),
            error=str(iteration.error) if iteration.error else "",
        )
        version = self._history.add(version, iteration.warn)
        self._base = version.id or self._base
        if isinstance(iteration.error, NodeFailed):
            iteration.error.version = version.id
        reraise(iteration)
        return version

    def _metrics(self, iteration: Iteration) -> dict[str, float]:
        def value(output: str) -> Any:
            result = iteration.known[self._graph.producer(output)].result
            if result is None:
                return None
            try:
                return iteration.inputs.fetch(self._graph.producer(output), output, result)
            except StoreError:
                return self._history.metrics_of(result.key)

        return metrics(self._graph, value, iteration.warn)

    def _bind(self, iteration: Iteration) -> None:
        """Bind what the run has at hand and what the running cell reads; take back what is no longer current."""
        stale = []
        for output in self._graph.outputs:
            node = self._graph.producer(output)
            result = iteration.known[node].result
            fact = next((fact for fact in result.outputs if fact.name == output), None) if result else None
            if result is None or fact is None:
                stale.append(output)
                continue
            found, value = iteration.inputs.at_hand(node, output, result)
            if not found and (output in self._wanted or node in iteration.plan.targets):
                try:
                    found, value = True, iteration.inputs.fetch(node, output, result)
                except StoreError:
                    found = False
            if found:
                self._bindings.bind(output, fact.digest, value)
            elif not self._bindings.holds(output, fact.digest):
                stale.append(output)
        self._bindings.unbind(stale)

    def prepare_names(self, names: Collection[str]) -> tuple[str, ...]:
        """Bind the current values of the nodes' outputs among ``names``, before a plain cell reads them.

        Loading costs nothing; what would have to be computed is not: one line per such name says what it takes.
        """
        self._wanted = frozenset(name for name in names if name in self._graph.outputs)
        if not self._wanted:
            return ()
        survey = self._survey(self._latest)
        inputs = Inputs(self._bench, survey.graph, lambda message: None)
        lines = []
        for name in sorted(self._wanted):
            if self._bindings.is_users(name):
                continue
            node = survey.graph.producer(name)
            result = survey.known[node].result
            fact = next((fact for fact in result.outputs if fact.name == name), None) if result else None
            try:
                if result is None or fact is None:
                    raise StoreError("not computed")
                if not self._bindings.holds(name, fact.digest):
                    self._bindings.bind(name, fact.digest, inputs.fetch(node, name, result))
            except StoreError:
                self._bindings.unbind([name])
                lines.append(self._price(name, node))
        return tuple(lines)

    def _price(self, name: str, node: str) -> str:
        try:
            plan = self.plan([node])
        except HelixError as problem:
            return str(problem)
        computed = len(plan.nodes(State.COMPUTE))
        about = "" if plan.guessed else f", about {format_duration(plan.seconds)}"
        nodes = "1 node" if computed == 1 else f"{computed} nodes"
        return f"'{name}' is not up to date: %helix run {node} computes it ({nodes}{about})."

    def get(self, *names: str) -> Any:
        """The current value of one output (or a tuple, of several), loaded or computed as needed, and bound."""
        self._wanted = frozenset(names)
        survey = self._survey(self._latest)
        outputs = [self._output(survey.graph, name) for name in names]
        missing = [node for node, _ in outputs if survey.known[node].result is None]
        if not missing:
            values, lost = self._fetch(outputs)
            missing = list(lost)
        if missing:
            self._wanted = frozenset(output for _, output in outputs)
            self.run(list(dict.fromkeys(node for node, _ in outputs)), message=f"get {' '.join(names)}")
            values, _ = self._fetch(outputs)
        return values[0] if len(values) == 1 else tuple(values)

    def _output(self, graph: Graph, name: str) -> tuple[str, str]:
        if name in graph.outputs:
            return graph.producer(name), name
        node = graph.resolve(name)
        return node, graph.declarations[node].outputs[0]

    def _fetch(self, outputs: Sequence[tuple[str, str]]) -> tuple[list[Any], list[str]]:
        inputs = Inputs(self._bench, self._graph, lambda message: None)
        values, lost = [], []
        for node, output in outputs:
            result = self._known[node].result
            try:
                value = inputs.fetch(node, output, result)
            except StoreError:
                lost.append(node)
                continue
            values.append(value)
            if result is not None and self._graph.producer(output) == node:
                fact = next(fact for fact in result.outputs if fact.name == output)
                self._bindings.bind(output, fact.digest, value)
        return values, lost

    def __getitem__(self, name: str) -> Any:
        """The current value of an output, loading or computing what is needed."""
        return self.get(name)

    # versions

    @property
    def versions(self) -> VersionList:
        """All versions of this workflow, oldest first; nodes are read when first looked at."""
        return VersionList(self._history.all())

    def version(self, number: int | None = None) -> Version:
        """One version; default: the current one.

        Raises
        ------
        UnknownVersion
        """
        return self._history.version(self._base if number is None else number)

    def diff(self, a: int | None = None, b: int | None = None) -> Diff:
        """What differs between versions ``a`` and ``b``; default: the current one against its parent."""
        later = self.version(b)
        if a is None:
            a = later.parent if later.parent is not None else later.id
        return compare(self._history.version(a), later)

    def checkout(self, number: int) -> Version:
        """Make a version's declarations the session's, with the functions and constants that they captured."""
        version = self._history.version(number)
        problems = restore(version.captures, self.store, self.namespace)
        self.adopt(version)
        self._base = number
        progress = self._bench.progress()
        for name, problem in problems.items():
            progress.warn(f"'{name}' of version {number} could not be brought back: {problem}")
        return version

    def adopt(self, version: Version) -> None:
        """Make a version's declarations the session's; the notebook's own names stay as they are."""
        declarations = declaring.from_version(version)
        graph = build_graph(declarations.values())
        self._bindings.unbind(self._graph.outputs)
        self._declarations, self._graph, self._known = declarations, graph, {}

    def trace(self, node: str, version: int | None = None) -> Trace:
        """Everything that made this node's value in a version (default: the current one)."""
        return trace(self.version(version), node)

    def reproduce(self, number: int) -> Reproduction:
        """Recompute a version in a fresh process from what was recorded, and compare digests node by node."""
        return reproducing.reproduce(self._bench, self._history.version(number))

    # steering

    def pin(self, *nodes: str) -> None:
        """Keep these nodes' values, whatever the policy says."""
        self._set_pins(nodes, True)
        survey = self._survey(self._latest)
        keeper = Keeper(self._bench, survey.graph, self._bench.progress().warn)
        for node in map(survey.graph.resolve, nodes):
            result = survey.known[node].result
            if result is not None:
                keeper.keep(node, result, self._at_hand(result), {node: result.seconds})

    def _at_hand(self, result: Result) -> dict[str, Prepared]:
        """The outputs of ``result`` that memory holds and that can be written, by digest."""
        prepared = {}
        for fact in result.outputs:
            found, value = self._bench.memory.take(fact.digest)
            if found:
                with suppress(Unpicklable):  # the run that made it has said so
                    prepared[fact.digest] = prepare(value)
        return prepared

    def unpin(self, *nodes: str) -> None:
        """Leave these nodes' values to the policy again."""
        self._set_pins(nodes, False)

    def _set_pins(self, nodes: Iterable[str], pinned: bool) -> None:
        for node in [self._graph.resolve(name) for name in nodes]:
            self.store.set_pin(self.workflow, node, pinned)

    def forget(self, *nodes: str) -> int:
        """Drop these nodes' values from store and memory; gives the bytes freed on disk."""
        names = [self._graph.resolve(name) for name in nodes]
        self.flush()  # what is still being written would come back
        survey = self._survey(self._latest)
        digests = [
            fact.digest
            for node in names
            if (result := survey.known[node].result) is not None
            for fact in result.outputs
        ]
        digests += [
            fact.digest
            for fact in self.store.artifacts().values()
            if fact.node in names and fact.workflow == self.workflow
        ]
        for digest in digests:
            self._bench.memory.drop(digest)
        self._bindings.unbind(name for node in names for name in self._graph.declarations[node].outputs)
        return self.store.evict(list(dict.fromkeys(digests)), "forgotten on request")

    def accept(self, node: str) -> str:
        """Declare that the last edit of ``node`` does not change its result; gives the version whose value is reused.

        Raises
        ------
        HelixError
            There is nothing to accept: nothing was computed before, or nothing of the node itself changed.
        """
        survey = self._survey(self._latest)
        name = self._graph.resolve(node)
        return accept_edit(self._bench, self._history, self._base, name, survey.known[name].fingerprint)

    def config(self, **settings: object) -> Config:
        """Change settings for this session, and give all of them with where each came from."""
        for key, value in settings.items():
            if key == "store" and str(value) != self.settings.setting("store").text:
                raise HelixError(
                    "A session keeps its store: set store before the first %%helix cell, or in the environment."
                )
            self.settings.put(key, value)
        self.apply_settings()
        return Config(tuple(Setting(one.key, one.text, one.origin) for one in self.settings.all()))

    def apply_settings(self) -> None:
        """Bring budgets into force after a change of settings."""
        self.store.budget = self.settings["budget"]
        self._bench.memory.budget = self.settings["memory"]

    def gc(self, dry_run: bool = False, keep_last: int | None = None, older_than: float | None = None) -> GcReport:
        """Delete versions and artifacts that are no longer needed; ``older_than`` in seconds. See ``store.collect``."""
        return self._history.collect(keep_last, older_than, dry_run)

    def export(self, path: str | os.PathLike[str]) -> Path:
        """Write the workflow as a plain Python script that runs without this package; gives its path."""
        survey = self._survey(self._latest)
        return exporting.export(survey.graph, survey.known, self._bench, Path(path))

    def flush(self) -> None:
        """Wait until everything that is being written is written."""
        self.store.flush()

    def close(self) -> None:
        """Finish writing and close the store. The session cannot be used afterwards."""
        atexit.unregister(self.close)
        self.store.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
