"""What all verbs of a session share: its parts, what is declared, the plan, the end."""

from __future__ import annotations

import atexit
import os
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from helix_jupyter.config import Settings
from helix_jupyter.execute.allocator import settle_allocator
from helix_jupyter.execute.console import Console
from helix_jupyter.fingerprint.loaded import watch
from helix_jupyter.fingerprint.local_imports import edited
from helix_jupyter.fingerprint.module_reads import changed_since
from helix_jupyter.graph.dag import Graph
from helix_jupyter.graph.declaration import Declaration
from helix_jupyter.plan.types import Plan
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.bindings import Bindings
from helix_jupyter.session.facts import Surroundings
from helix_jupyter.session.files import Files
from helix_jupyter.session.history import History
from helix_jupyter.session.memory import Memory
from helix_jupyter.session.outside import Outside
from helix_jupyter.session.planning import plan_for, surroundings
from helix_jupyter.session.resolve import Resolver
from helix_jupyter.session.views import Views
from helix_jupyter.session.workflow import Workflow
from helix_jupyter.store.store import Store
from helix_jupyter.version.types import NodeRecord
from helix_jupyter.view.progress import Progress

if TYPE_CHECKING:
    from helix_jupyter.session.applying import Applied
    from helix_jupyter.session.drafting import Drafts
    from helix_jupyter.session.explore_pane import Exploration


class Base:
    """The parts of a session; see ``Session``."""

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
        self._views = Views(self.snapshot, self._details, lambda line: progress().warn(line), self._exploration)
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
        self._shown: set[tuple[str, str]] = set()
        self._applied: list[Applied] = []
        self._drafts: Drafts | None = None
        self._seen: Mapping[str, Any] | None = None
        self._brought: set[str] = set()  # names that decorated functions brought along
        self._base = self._history.newest_id()
        self.token = uuid.uuid4().hex  # tells a page which session is shown: several may have one workflow's name
        self._bench.resolver.recorded.preload(record.key for record in self._records.values() if record.key)
        atexit.register(self.close)

    @property
    def workflow(self) -> str:
        """The workflow's name."""
        return self._bench.workflow

    @property
    def folder(self) -> Path:
        """Where recorded file names start; the notebook's folder."""
        return self._bench.folder

    @property
    def current(self) -> int | None:
        """The number of the version that the workflow goes on from; None before the first."""
        return self._base

    @property
    def history(self) -> History:
        """The workflow's versions as they are recorded."""
        return self._history

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

    def _come_back(self) -> None:
        """Go back to a store that could not be written, where it can be now."""
        numbering = self.store.come_back()
        if numbering is not None:
            self._history.forget()
            if self._base is not None:
                self._base = self._history.or_newest(numbering.of(self.workflow, self._base))

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
        return self._plan(self._workflow.targets(targets), within, self._workflow.targets(force))

    def _plan(self, nodes: Sequence[str], within: float | None = None, force: Collection[str] = ()) -> Plan:
        """``plan`` for nodes by their own names."""
        survey = self._workflow.survey()
        return plan_for(self._around(), nodes or survey.graph.sinks(), set(force), within)

    def apply_settings(self) -> None:
        """Bring budgets into force after a change of settings."""
        self.store.budget = self.settings["budget"]
        self._bench.memory.budget = self.settings["memory"]

    def snapshot(self) -> Mapping[str, Any]:
        """The workflow as it stands, as plain data: see ``view.snapshot``."""
        from helix_jupyter.view.snapshot import snapshot

        plan = self.plan() if self.declarations else None
        version = self._history.version(self._base) if self._base else None
        known = self._workflow.known
        fresh = {node for node in self.graph.order if node in known and known[node].result is not None}
        self._seen = snapshot(self.graph, plan, version, fresh)
        return self._seen

    def _details(self, node: str) -> Mapping[str, Any]:
        from helix_jupyter.session.details import details

        name = self.graph.resolve(node)
        captures = self._history.captures(self._base, name)
        return details(self._bench, self._around(), self._history.all(), name, captures)

    def _exploration(self) -> Exploration | None:
        """What answers the what-ifs of a picture: the whole session does."""
        return None

    def not_taken_up(self, node: str | None = None) -> tuple[str, ...]:
        """A line for each edit of a local module that the kernel has not reloaded, of those that ``node`` uses."""
        nodes = self._workflow.known if node is None else [self.graph.resolve(node)]
        modules = dict.fromkeys(name for one in nodes for name in self._workflow.known[one].modules)
        read = tuple(
            f"{name} is no longer what {module} read when it was imported; the kernel still has what it was then. "
            "importlib.reload or a restart takes it up."
            for name, module in changed_since(modules).items()
        )
        return read + tuple(
            f"{os.path.basename(file)} was edited after it was imported; the kernel still runs the earlier "
            "code. importlib.reload or a restart takes the edit up (%autoreload 2 those that come after it)."
            for file in edited(modules)
        )

    def flush(self) -> None:
        """Wait until everything that is being written is written."""
        self.store.flush()

    def close(self) -> None:
        """Finish writing and close the store. The session cannot be used afterwards."""
        atexit.unregister(self.close)
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
