"""Verbs that compute: a run, and the values that it gives."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from helix_jupyter.errors import HelixError, NodeFailed, StoreError, UnknownOption
from helix_jupyter.plan.types import Plan, State
from helix_jupyter.session import auditing, steering
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.captures import describe_captured
from helix_jupyter.session.iteration import Iteration, reraise
from helix_jupyter.session.looking import price
from helix_jupyter.session.modules import keep_sources
from helix_jupyter.session.naming import bind_current, bind_run, fetch_all, output_of
from helix_jupyter.session.planning import plan_for
from helix_jupyter.session.records import version_of
from helix_jupyter.session.verbs.look import Look
from helix_jupyter.session.workflow import Survey
from helix_jupyter.store.types import Result
from helix_jupyter.units import parse_share
from helix_jupyter.version.types import Audit, Version
from helix_jupyter.view.progress import Progress

CHEAP_SECONDS = 0.05


class Run(Look):
    """``run``, ``get``, and the names that a plain cell reads."""

    def run(
        self,
        targets: Iterable[str] | str | None = None,
        message: str = "",
        jobs: int | None = None,
        force: Collection[str] = (),
        within: float | None = None,
        audit: float | str | None = None,
        audit_seed: int | None = None,
        once: bool = False,
    ) -> Version:
        """One iteration: plan, execute, record a version, bind the results.

        Parameters
        ----------
        targets
            Nodes or outputs to bring up to date, a chain of updates to its last link (``df.1``: to its first alone);
            default: every node that nothing consumes, and those whose values the
            cell that asks for the run reads itself.
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
        once
            Nodes that are reused show nothing again that an earlier run of this session has shown.

        Raises
        ------
        NodeFailed
            A node raised; the version is recorded as failed, and the session stays usable.
        UnknownNode, UnknownName, WatchFailed
            Nothing has run then.
        """
        nodes = self._workflow.targets(targets)
        forced = self._workflow.targets(force)
        return self._run(self._bench, nodes, message, jobs, forced, within, audit, audit_seed, once)

    def _run(
        self,
        bench: Bench,
        nodes: Sequence[str],
        message: str,
        jobs: int | None = None,
        force: Collection[str] = (),
        within: float | None = None,
        audit: float | str | None = None,
        audit_seed: int | None = None,
        once: bool = False,
    ) -> Version:
        """``run`` for nodes by their own names, on a bench whose console may be another one than the session's."""
        self._come_back()
        self._catch_up()
        started, clock = time.time(), time.perf_counter()
        share = None if audit is None else parse_share(audit)
        seed = audit_seed if audit_seed is not None else random.SystemRandom().randrange(2**32)
        if self.store.used_bytes > self.store.budget:
            steering.hold_budget(bench, self._workflow.survey(), self._records)
        plan = self._plan(nodes or self._asked_for(), within, force)
        self._workflow.require(plan.targets)
        steering.store_due(bench, Survey(self.graph, self._workflow.known), self._records)
        forced = set(force)
        drawn: Mapping[str, Result] = {}
        if share is not None:
            drawn = auditing.draw(self.graph, plan, self._workflow.known, share, seed)
            forced |= drawn.keys()
            plan = plan_for(self._around(), plan.targets, forced) if drawn else plan
        iteration = self._iterate(bench, plan, forced, self._workers(jobs), drawn, once=once)
        for node in plan.deferred or ():
            iteration.warn(f"'{node}' is {plan.reasons[node]}")
        for line in self.not_taken_up():
            iteration.warn(line)
        places = {node: place for place, node in enumerate(self.declarations)}
        version = version_of(bench, iteration, places, self._history.metrics_of)
        took = time.perf_counter() - clock
        sources = keep_sources(iteration.captures.values(), iteration.known.values(), bench)
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

    def _asked_for(self) -> tuple[str, ...]:
        """What runs by default where the cell around the run reads values that it might not have at hand."""
        wanted = [name for name in sorted(self._wanted) if name in self.graph.outputs]  # the cell may have removed some
        return (*self.graph.sinks(), *map(self.graph.producer, wanted)) if wanted else ()

    def _iterate(
        self,
        bench: Bench,
        plan: Plan,
        forced: Collection[str],
        workers: int,
        audited: Mapping[str, Result],
        unasked: bool = False,
        once: bool = False,
    ) -> Iteration:
        known = dict(self._workflow.known)
        # before anything runs: a node may change what it captured
        captures = describe_captured(self.graph, known, bench)
        iteration = Iteration(bench, self.graph, known, self._records, plan, forced, workers, captures, audited)
        iteration.not_again = frozenset(self._shown) if once else ()
        iteration.run()
        self._shown |= iteration.shown if bench.console.live else set()
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
            plan = self._plan([node])
            self._workflow.require(plan.targets)
        except HelixError as problem:
            return str(problem)
        known = self._workflow.known
        was_made = all(known[computed].result is not None for computed in plan.nodes(State.COMPUTE))
        if was_made and plan.seconds <= CHEAP_SECONDS:
            quiet = replace(self._bench, console=self._bench.console.quiet(), progress=Progress)
            if self._iterate(quiet, plan, (), 1, {}, unasked=True).error is None:
                return ""
        return price(name, name if self.graph.giver(name) == node else node, plan)

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
            before, self._wanted = self._wanted, frozenset(output for _, output in outputs)
            try:
                self._run(self._bench, list(dict.fromkeys(node for node, _ in outputs)), f"get {names}")
            finally:
                self._wanted = before
            survey = Survey(self.graph, self._workflow.known)
            values = fetch_all(self._bench, self._bindings, survey, outputs)
        if values is None:
            raise StoreError(f"The value of {names} got lost right after it was computed: %helix run again.")
        return values

    def __getitem__(self, name: str) -> Any:
        """The current value of an output, loading or computing what is needed."""
        return self.get(name)
