"""The session: the one place where all stages meet, and the only one that holds anything that changes.

Each public method is one verb of the surface; what it does stands in the module of that name. What no ordinary
iteration needs is imported when its verb is first used.
"""

from __future__ import annotations

import atexit
import os
import random
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, overload

from helix_jupyter.config import Settings
from helix_jupyter.errors import HelixError, NodeFailed, StoreError, UnknownOption, VersionInUse
from helix_jupyter.execute.allocator import settle_allocator
from helix_jupyter.execute.console import Console
from helix_jupyter.fingerprint.loaded import watch
from helix_jupyter.fingerprint.local_imports import edited
from helix_jupyter.graph.dag import Graph
from helix_jupyter.graph.declaration import Declaration
from helix_jupyter.plan.types import Plan, State
from helix_jupyter.session import auditing, declaring, steering
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.bindings import Bindings
from helix_jupyter.session.captures import describe_captured
from helix_jupyter.session.checking_out import bring_back
from helix_jupyter.session.facts import Surroundings
from helix_jupyter.session.files import Files
from helix_jupyter.session.history import History
from helix_jupyter.session.iteration import Iteration, reraise
from helix_jupyter.session.looking import card, price, status, why
from helix_jupyter.session.memory import Memory
from helix_jupyter.session.modules import keep_sources, text_of
from helix_jupyter.session.naming import bind_current, bind_run, fetch_all, output_of
from helix_jupyter.session.outside import Outside
from helix_jupyter.session.planning import plan_for, surroundings, surroundings_of
from helix_jupyter.session.records import version_of
from helix_jupyter.session.resolve import Resolver
from helix_jupyter.session.views import Views
from helix_jupyter.session.workflow import Survey, Workflow
from helix_jupyter.store.store import Store
from helix_jupyter.store.types import GcReport, Result
from helix_jupyter.units import format_duration, parse_share
from helix_jupyter.version.types import Audit, NodeRecord, Version
from helix_jupyter.view.progress import Progress
from helix_jupyter.view.types import Card, Config, Dag, Reproduction, Setting, Status, VersionList, Why

if TYPE_CHECKING:
    from helix_jupyter.plan.explore import Explored, Explorer
    from helix_jupyter.session.applying import Applied
    from helix_jupyter.version.compare_many import Comparison
    from helix_jupyter.version.diff import Diff
    from helix_jupyter.version.trace import Trace

CHEAP_SECONDS = 0.05


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
        What a relative ``store`` is relative to, and where recorded file names start; default: the working directory.
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
        watch()
        settle_allocator()
        where = Path(folder or Path.cwd()).absolute()
        self.settings = settings or Settings(where / (store or ".helix"))
        for key, value in (("store", store), ("budget", budget), ("memory", memory), ("policy", policy)):
            if value is not None:
                self.settings.put(key, value)
        self.namespace: dict[str, Any] = {"__name__": "__main__"} if namespace is None else namespace
        opened = Store.open(where / self.settings["store"], budget=self.settings["budget"])
        outside = Outside(Files(opened, where), opened)
        self._history = History(opened, workflow)
        self._views = Views(self._snapshot, self._details, lambda line: progress().warn(line))
        self._bench = Bench(
            workflow,
            where,
            self.namespace,
            self.settings,
            opened,
            Memory(self.settings["memory"]),
            outside,
            Resolver(opened, self.namespace, where, outside, workflow),
            self._history,
            console or Console(),
            self._views.watched(progress),
            tools,
        )
        self._bindings = Bindings(self.namespace)
        self._workflow = Workflow(self._bench)
        self._wanted: frozenset[str] = frozenset()
        self._applied: list[Applied] = []
        self._brought: set[str] = set()  # names that decorated functions brought along
        self._base = self._history.newest_id()
        self._bench.resolver.preload(record.key for record in self._records.values() if record.key)
        atexit.register(self.close)

    # declaring

    def declare(
        self,
        code: str,
        outputs: Sequence[str] = (),
        name: str | None = None,
        watch: declaring.Watch = (),
        metrics: bool = False,
        volatile: bool = False,
        seed: int | None = None,
        update: bool = False,
        group: str | None = None,
        lower: str | Sequence[str] = (),
        higher: str | Sequence[str] = (),
    ) -> Card:
        """Declare one node from the text of a cell; runs nothing.

        ``watch``: files, globs or functions (or names of functions) whose content or returned value it depends on.
        ``lower``, ``higher``: names of metrics that are better so, where the name does not say it.

        Raises
        ------
        CellSyntaxError, UnknownOption, CycleError, DuplicateOutput, SelfReference
            The workflow then stays as it was.
        """
        options = declaring.options(outputs, name, watch, metrics, volatile, seed, update, group, lower, higher)
        self._bring(declaring.watched(watch)[1])
        return self.add(declaring.from_text(code, options, self._workflow.declarations))

    def node(self, function: Callable[..., Any] | None = None, **options: Any) -> Any:
        """Declare a function as a node (``@session.node``): its parameters' names are its inputs.

        The node is the same, key included, as a cell with the function's body that assigns the returned value to
        the function's name.
        """
        if function is None:
            return lambda decorated: self.node(decorated, **options)
        from helix_jupyter.session.functions import from_function

        watched, functions = declaring.watched(options.pop("watch", ()))
        declaration, closure = from_function(function, watch=watched, **options)
        self._bring({name: value for name, value in closure.items() if name not in self.graph.outputs} | functions)
        self._bindings.stands_for(function.__name__, function)
        self.add(declaration)
        return function

    def _bring(self, brought: Mapping[str, Any]) -> None:
        """Bind what a declaration brings along, where the notebook has nothing else under its name."""
        for name, value in brought.items():
            if name not in self._brought and self.namespace.get(name, value) is not value:
                raise UnknownOption(
                    f"The declaration uses a '{name}' of its own and the notebook another one. Rename one."
                )
        self._brought.update(name for name in brought if name not in self.namespace)
        self.namespace.update(brought)

    def add(self, declaration: Declaration) -> Card:
        """Put a finished declaration into the workflow, in the place of the one that it replaces, if any."""
        before = self._workflow.declarations.get(declaration.node)
        self._bindings.unbind(self._workflow.put(declaration))
        superseded = self._bindings.supersede(declaration.outputs) if before is None else ()
        node = declaration.node
        around = surroundings_of(self._bench, self.graph, self._workflow.known, self._records, node)
        return card(around, declaration, before, superseded)

    def remove(self, node: str) -> None:
        """Take a node out of the workflow; what it computed stays in the store."""
        self._bindings.unbind(self._workflow.remove(self.graph.resolve(node)))

    # looking

    @property
    def workflow(self) -> str:
        """The workflow's name."""
        return self._bench.workflow

    @property
    def folder(self) -> Path:
        """Where recorded file names start; the notebook's folder."""
        return self._bench.folder

    @property
    def store(self) -> Store:
        """The store."""
        return self._bench.store

    @property
    def declarations(self) -> Mapping[str, Declaration]:
        """What is declared, in order of place."""
        return MappingProxyType(self._workflow.declarations)

    @property
    def graph(self) -> Graph:
        """The workflow's DAG as it stands."""
        return self._workflow.graph

    @property
    def _records(self) -> Mapping[str, NodeRecord]:
        return self._history.records(self._base)

    def _around(self) -> Surroundings:
        return surroundings(self._bench, self.graph, self._workflow.known, self._records)

    def plan(
        self,
        targets: Iterable[str] | str | None = None,
        within: float | None = None,
        force: Collection[str] = (),
    ) -> Plan:
        """What ``run`` would do: states, reasons, predicted seconds and bytes per node. Runs nothing.

        ``within``: seconds; only what fits by forecast is brought up to date, metrics first. A node that cannot run (it
        reads a name that nothing defines, or watches what fails) is planned as computed, with that as its reason.

        Raises
        ------
        UnknownNode
        """
        survey = self._workflow.survey()
        chosen = self._workflow.targets(targets)
        forced = {survey.graph.resolve(name) for name in force}
        return plan_for(self._around(), chosen, forced, within)

    def explorer(self) -> Explorer:
        """One look at the workflow as it is now, from which ``explore`` answers many questions in milliseconds each."""
        from helix_jupyter.plan.explore import Explorer
        from helix_jupyter.session import exploring

        survey = self._workflow.survey()
        self._workflow.targets(None)
        self.store.flush(exploring.WRITE_SECONDS)
        return Explorer(exploring.look(self._bench, replace(self._around(), graph=survey.graph)))

    def explore(
        self,
        targets: Collection[str] | str | None = None,
        force: Collection[str] = (),
        pin: Collection[str] = (),
        never: Collection[str] = (),
        unpin: Collection[str] = (),
        drop: Collection[str] = (),
        budget: int | str | None = None,
        policy: str | None = None,
        explorer: Explorer | None = None,
        with_curve: bool = True,
    ) -> Explored:
        """What if: the coming run, what it leaves stored, and what that buys, beside things as they are.

        Changes nothing, runs nothing, writes nothing; ``apply`` makes it so.

        Parameters
        ----------
        targets, force
            As for ``run``.
        pin, never, unpin
            Nodes to keep whatever the policy says, never to store, to leave to the policy.
        drop
            Nodes to take out of the DAG, with all that rests on them.
        budget, policy
            Other settings of that name.
        explorer
            One of ``explorer()``, whose look the answer is to rest on; default: a new look.
        with_curve
            Whether to say what storage buys, which takes longest; ``explorer.curve(answer.what_if)`` gives it later.

        Raises
        ------
        UnknownNode, UnknownName, ConfigError, UnknownOption
        """
        from helix_jupyter.session import exploring

        asked = {"targets": targets, "force": force, "pin": pin, "never": never, "unpin": unpin, "drop": drop}
        look = explorer or self.explorer()
        asked_for = exploring.what_if(self.graph, self.settings, asked | {"budget": budget, "policy": policy})
        return look.explore(asked_for, with_curve)

    def apply(self, explored: Explored) -> Applied:
        """Make what was explored so: pins, the DAG, budget and policy; ``run(**applied.run)`` then runs it.

        Values that a lower budget does not hold, and those never to be stored, are deleted at once.

        Raises
        ------
        HelixError
            It cannot be made so, or the workflow has changed since; nothing was changed then.
        """
        from helix_jupyter.session import applying

        applying.check_still_so(explored, self.explorer().explore(explored.what_if))
        applied = applying.apply(self._bench, self._workflow, self._records, explored)
        self.apply_settings()
        if explored.dropped:
            self._bindings.unbind(self._workflow.drop(explored.dropped))
        self._applied.append(applied)
        return applied

    def undo(self, applied: Applied | None = None) -> tuple[str, ...]:
        """Take back what ``apply`` did last (or ``applied``); gives the nodes whose stored values are gone for good.

        Raises
        ------
        HelixError
            Nothing was applied.
        """
        from helix_jupyter.session import applying

        if applied is None:
            if not self._applied:
                raise HelixError("No what-if was applied, so there is nothing to take back: %helix plan --apply.")
            applied = self._applied[-1]
        if applied.explored.dropped:
            self._bindings.unbind(self._workflow.bring(applying.with_dropped(self._workflow, applied)))
        lost = applying.undo(self._bench, self._workflow, self._records, applied)
        self._applied = [one for one in self._applied if one is not applied]
        return lost

    def status(self) -> Status:
        """Every node: what the next run would do with it, why, at what price."""
        plan = self.plan()
        return status(self._around(), plan, steering.keeping(self._bench))

    def why(self, node: str) -> Why:
        """Every reason that this node would run or not, most specific first."""
        plan = self.plan()
        name = self.graph.resolve(node)
        return why(self._around(), name, plan, steering.keeping(self._bench))

    def dag(self) -> Dag:
        """The workflow as it stands, ready to be drawn."""
        return Dag(self._snapshot(), self._views.dag)

    def _snapshot(self) -> Mapping[str, Any]:
        from helix_jupyter.view.snapshot import snapshot

        plan = self.plan() if self.declarations else None
        version = self._history.version(self._base) if self._base else None
        known = self._workflow.known
        fresh = {node for node in self.graph.order if node in known and known[node].result is not None}
        return snapshot(self.graph, plan, version, fresh)

    def _details(self, node: str) -> Mapping[str, Any]:
        from helix_jupyter.session.details import details

        return details(self._bench, self._around(), self._history.all(), self.graph.resolve(node))

    def live(self, value: object) -> Mapping[str, Any]:
        """What an output needs to show ``value`` as a widget; empty where it has no view, or no front end is there."""
        from helix_jupyter.session.panes import pane_for

        pane = pane_for(self, value)
        return self._views.open(pane) if pane is not None else {}

    def refresh_views(self) -> None:
        """Show what was declared since to the pictures that are open; a notebook does so behind each cell."""
        self._views.refresh((self._base, dict(self._workflow.declarations)))

    def stop(self) -> bool:
        """Interrupt the run that is underway in the main thread, from another one; False where there is none."""
        return self._views.stop()

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return self.dag()._repr_mimebundle_()

    # running

    def run(
        self,
        targets: Iterable[str] | str | None = None,
        message: str = "",
        jobs: int | None = None,
        force: Collection[str] = (),
        within: float | None = None,
        audit: float | str | None = None,
        audit_seed: int | None = None,
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
        audit
            Share (``0.1`` or ``"10%"``) of the nodes that would be reused to compute all the same and to compare with
            what is on record; a difference is told, and the new value counts from then on.
        audit_seed
            What draws them; default: a new one, which the version records.

        Raises
        ------
        NodeFailed
            A node raised; the version is recorded as failed, and the session stays usable.
        UnknownNode, UnknownName, WatchFailed
            Nothing has run then.
        """
        started, clock = time.time(), time.perf_counter()
        share = None if audit is None else parse_share(audit)
        seed = audit_seed if audit_seed is not None else random.SystemRandom().randrange(2**32)
        plan = self.plan(targets, within, force)
        self._workflow.require(plan.targets)
        forced = {self.graph.resolve(name) for name in force}
        drawn: Mapping[str, Result] = {}
        if share is not None:
            drawn = auditing.draw(self.graph, plan, self._workflow.known, share, seed)
            forced |= drawn.keys()
            plan = plan_for(self._around(), plan.targets, forced) if drawn else plan
        iteration = self._iterate(self._bench, plan, forced, self._workers(jobs), drawn)
        for node, seconds in (plan.deferred or {}).items():
            iteration.warn(f"left for later: '{node}' would add {format_duration(seconds)}")
        for line in self._not_taken_up():
            iteration.warn(line)
        places = {node: place for place, node in enumerate(self.declarations)}
        version = version_of(self._bench, iteration, places, self._history.metrics_of)
        took = time.perf_counter() - clock
        sources = keep_sources(iteration.captures.values(), iteration.known.values(), self._bench)
        version = replace(version, parent=self._base, message=message, created=started, seconds=took, sources=sources)
        if share is not None:
            version = replace(version, audit=Audit(share, seed, auditing.finished(drawn, iteration.audit_rows)))
        version = self._history.add(version, iteration.warn)
        self._base = version.id or self._base
        if isinstance(iteration.error, NodeFailed):
            iteration.error.version = version.id
        self.refresh_views()
        reraise(iteration)
        return version

    def _not_taken_up(self) -> Iterable[str]:
        """A line for each edit of a module that the kernel has not reloaded."""
        modules = (name for known in self._workflow.known.values() for name in known.modules)
        for file in edited(dict.fromkeys(modules)):
            yield (
                f"{os.path.basename(file)} was edited after it was imported; the kernel still runs the earlier "
                "code. importlib.reload or a restart takes the edit up (%autoreload 2 those that come after it)."
            )

    def _iterate(
        self,
        bench: Bench,
        plan: Plan,
        forced: Collection[str],
        workers: int,
        audited: Mapping[str, Result],
        unasked: bool = False,
    ) -> Iteration:
        known = dict(self._workflow.known)
        # before anything runs: a node may change what it captured
        captures = describe_captured(self.graph, known, bench)
        iteration = Iteration(bench, self.graph, known, self._records, plan, forced, workers, captures, audited)
        iteration.run()
        self._workflow.latest.update(iteration.latest)
        self._workflow.known = iteration.known
        bind_run(self._bindings, iteration, self._wanted, unasked)
        return iteration

    def _workers(self, jobs: int | None) -> int:
        workers = self.settings["jobs"] if jobs is None else jobs
        if not isinstance(workers, int) or workers < 1:
            raise UnknownOption(f"jobs={workers} does not fit: say a number of processes, 1 or more.")
        if workers == 1 and jobs is None and self.settings["executor"] == "processes":
            return os.cpu_count() or 1
        return workers

    def prepare_names(self, names: Collection[str]) -> tuple[str, ...]:
        """Bind the current values of the nodes' outputs among ``names``, before a plain cell reads them.

        Loading costs nothing. Values that are known but were not stored, since computing them is as cheap, are made
        again without a word or a version. For what would have to be computed one line per name says what it takes.
        """
        self._wanted = frozenset(name for name in names if name in self.graph.outputs)
        if not self._wanted:
            return ()
        survey = self._workflow.survey(shown=True)
        missing = bind_current(self._bench, self._bindings, survey, sorted(self._wanted))
        return tuple(line for name, node in missing if (line := self._make_or_price(name, node)))

    def _make_or_price(self, name: str, node: str) -> str:
        try:
            plan = self.plan([node])
            self._workflow.require(plan.targets)
        except HelixError as problem:
            return str(problem)
        known = self._workflow.known
        was_made = all(known[computed].result is not None for computed in plan.nodes(State.COMPUTE))
        if was_made and plan.seconds <= CHEAP_SECONDS:
            quiet = replace(self._bench, console=Console(live=False), progress=Progress)
            if self._iterate(quiet, plan, (), 1, {}, unasked=True).error is None:
                return ""
        return price(name, node, plan)

    def get(self, *names: str) -> Any:
        """The current value of one output (or a tuple, of several), loaded or computed as needed, and bound."""
        survey = self._workflow.survey(shown=True)
        values = self.values_of([output_of(survey.graph, name) for name in names], survey)
        return values[0] if len(values) == 1 else tuple(values)

    def values_of(self, outputs: Sequence[tuple[str, str]], survey: Survey | None = None) -> list[Any]:
        """The current values of ``outputs``, each (node, output), as ``get`` gives them."""
        survey = survey or self._workflow.survey(shown=True)
        values = fetch_all(self._bench, self._bindings, survey, outputs)
        if values is None:
            names = " ".join(output for _, output in outputs)
            self._wanted = frozenset(output for _, output in outputs)
            self.run(list(dict.fromkeys(node for node, _ in outputs)), message=f"get {names}")
            survey = Survey(self.graph, self._workflow.known)
            values = fetch_all(self._bench, self._bindings, survey, outputs)
        if values is None:
            raise StoreError(f"The value of {names} got lost right after it was computed: %helix run again.")
        return values

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

    @overload
    def diff(self, a: int | None = None, b: int | None = None, *, values: Iterable[str] | str = ()) -> Diff: ...
    @overload
    def diff(self, a: int, b: int, c: int, /, *more: int, values: Iterable[str] | str = ()) -> Comparison: ...
    def diff(
        self, a: int | None = None, b: int | None = None, *more: int, values: Iterable[str] | str = ()
    ) -> Diff | Comparison:
        """What differs between versions ``a`` and ``b``; default: the current one against its parent.

        Values of outputs that differ are compared where they are in memory or stored, when ``Diff.values`` is first
        looked into; see ``session.comparing`` for the limits.

        Parameters
        ----------
        more
            Further versions: then parameters and metrics are set side by side.
        values
            Nodes whose values are to be compared whatever their size. Those that are no longer stored are computed
            for it, in a process of its own: neither the workflow as it stands nor the store changes.

        Raises
        ------
        UnknownVersion, UnknownNode
        """
        from helix_jupyter.session.comparing import with_values
        from helix_jupyter.version.compare_many import compare_many
        from helix_jupyter.version.diff import compare

        if more:
            if values:
                raise UnknownOption("Values are compared of two versions: leave the others out.")
            return compare_many([self._history.version(number) for number in (a, b, *more)])
        later = self.version(b)
        if a is None:
            a = later.parent if later.parent is not None else later.id
        wanted = (values,) if isinstance(values, str) else tuple(values)
        return with_values(self._bench, compare(self._history.version(a), later), wanted)

    def export_diff(self, path: str | os.PathLike[str], *versions: int, values: Iterable[str] | str = ()) -> Path:
        """Write ``diff`` as one HTML file that needs nothing else, no script either; gives its path."""
        from helix_jupyter.view.page import write_page

        return write_page(self.folder / path, self.diff(*versions, values=values))

    def annotate(
        self,
        number: int | None = None,
        message: str | None = None,
        tags: Iterable[str] | str = (),
        note: str | None = None,
        untag: Iterable[str] | str = (),
    ) -> Version:
        """Say something of a version (default: the current one): another message, tags to add or take off, a note.

        What is None stays as it was; an empty note takes it off.

        Raises
        ------
        UnknownVersion
        """
        added, removed = ((one,) if isinstance(one, str) else tuple(one) for one in (tags, untag))
        return self._history.annotate(self.version(number).id, message, added, removed, note)

    def delete_versions(self, *numbers: int) -> None:
        """Delete versions from the list. Their numbers are not given out again.

        What was made from one of them counts as made from the nearest version above that is left. Values stay in the
        store until ``gc`` finds that no version needs them.

        Raises
        ------
        UnknownVersion
            One of them is not there; nothing is deleted then.
        VersionInUse
            One of them is the current version; nothing is deleted then.
        """
        if self._base in numbers:
            raise VersionInUse(self._base)
        self._history.delete(numbers)

    def checkout(self, number: int) -> Version:
        """Make a version's declarations the session's, with the functions and constants that they captured.

        Local modules stay as they are: those that differ from the version's are named, and a run computes with them.
        """
        version = self._history.version(number)
        lines = bring_back(version, self._bench)
        self.adopt(version)
        self._base = number
        progress = self._bench.progress()
        for line in lines:
            progress.warn(line)
        return version

    def adopt(self, version: Version) -> None:
        """Make a version's declarations the session's; the notebook's own names stay as they are."""
        self._bindings.unbind(self._workflow.replace(declaring.from_version(version)))

    def trace(
        self,
        node: str,
        version: int | None = None,
        html: str | os.PathLike[str] | None = None,
        json: str | os.PathLike[str] | None = None,
    ) -> Trace:
        """Everything that made this node's value in a version (default: the current one).

        ``html`` and ``json`` name files to write it to as well.

        Raises
        ------
        UnknownNode, UnknownVersion, CannotWrite
        """
        from helix_jupyter.version.trace import trace

        found = trace(self.version(version), node, lambda source: text_of(source, self.store))
        if html is not None or json is not None:
            from helix_jupyter.view.trace_file import write_html, write_json

            if html is not None:
                write_html(found, Path(html))
            if json is not None:
                write_json(found, Path(json))
        return found

    def reproduce(self, number: int) -> Reproduction:
        """Recompute a version in a fresh process from what was recorded, and compare digests node by node."""
        from helix_jupyter.session import reproducing

        return reproducing.reproduce(self._bench, self._history.version(number))

    # steering

    def pin(self, *nodes: str) -> None:
        """Keep these nodes' values, whatever the policy says."""
        names = [self.graph.resolve(name) for name in nodes]
        steering.pin(self._bench, self._workflow.survey(shown=True), self._records, names)

    def never_store(self, *nodes: str) -> int:
        """Store no value of these nodes, whatever the policy says, and delete what is stored; gives the bytes freed."""
        names = [self.graph.resolve(name) for name in nodes]
        return steering.never_store(self._bench, self._workflow.survey(shown=True), names)

    def unpin(self, *nodes: str) -> None:
        """Leave these nodes' values to the policy again."""
        for node in [self.graph.resolve(name) for name in nodes]:
            self.store.set_pin(self.workflow, node, False)

    def forget(self, *nodes: str) -> int:
        """Drop these nodes' values from store and memory; gives the bytes freed on disk."""
        names = [self.graph.resolve(name) for name in nodes]
        self.flush()  # what is still being written would come back
        survey = self._workflow.survey(shown=True)
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
        self._bindings.unbind(name for node in names for name in self.graph.declarations[node].outputs)
        return self.store.evict(list(dict.fromkeys(digests)), "forgotten on request")

    def accept(self, node: str) -> str:
        """Declare that the last edit of ``node`` does not change its result; gives the version whose value is reused.

        Raises
        ------
        HelixError
            There is nothing to accept: nothing was computed before, or nothing of the node itself changed.
        """
        from helix_jupyter.session.accepting import accept_edit

        survey = self._workflow.survey(shown=True)
        name = self.graph.resolve(node)
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
        from helix_jupyter.session import exporting

        survey = self._workflow.survey(shown=True)
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
