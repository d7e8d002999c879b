"""One run: walk the plan, compute and load, record results, decide what to keep, plan again where a result allows it.

Holds all that changes while a run lasts; leaves a list of node records, whatever happens.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import NoReturn

from helix_jupyter.errors import HelixError, StoreError
from helix_jupyter.execute.interrupts import sent_again
from helix_jupyter.execute.node import run_node
from helix_jupyter.execute.types import Outcome, Task
from helix_jupyter.fingerprint.key import code_digest, own_digest
from helix_jupyter.graph.dag import Graph
from helix_jupyter.plan.types import Plan, State
from helix_jupyter.session import auditing
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.crossing import crossings, readers_of
from helix_jupyter.session.facts import bytes_read, needed_outputs
from helix_jupyter.session.finishing import Finished, failed, finished, settle, share
from helix_jupyter.session.inputs import Inputs
from helix_jupyter.session.keep import Keeper
from helix_jupyter.session.lent import Lent
from helix_jupyter.session.planning import plan_for, surroundings
from helix_jupyter.session.remembering import Remembering
from helix_jupyter.session.resolve import Known, Latest, Moment
from helix_jupyter.session.tasks import task_of
from helix_jupyter.session.walking import walk_order
from helix_jupyter.session.workers import Workers
from helix_jupyter.store.types import Result
from helix_jupyter.version.types import AuditRow, Capture, NodeRecord
from helix_jupyter.view.progress import Progress


class Iteration:
    """The state of one run.

    After ``run``: ``status``, ``error``, ``spent`` (seconds per node), ``ran`` (states of the nodes that were
    handled), ``known`` and ``plan`` tell what happened.
    """

    def __init__(
        self,
        bench: Bench,
        graph: Graph,
        known: dict[str, Known],
        records: Mapping[str, NodeRecord],
        plan: Plan,
        forced: Collection[str],
        jobs: int,
        captures: Mapping[str, Capture],
        audited: Mapping[str, Result],
    ) -> None:
        self.bench, self.graph, self.known, self.records = bench, graph, known, records
        self.captures, self._audited = captures, audited
        self.audit_rows: dict[str, AuditRow] = {}
        self.first_plan = plan
        self.ran: dict[str, State] = {}
        self.spent: dict[str, float] = {}
        self.reasons: dict[str, str] = {**plan.reasons, **dict.fromkeys(audited, auditing.REASON)}
        self.status, self.error = "done", None
        self.failed: str | None = None
        self._forced = set(forced)
        self._position = {name: place for place, name in enumerate(graph.order)}
        self.latest: dict[str, Latest] = {}
        self._stays_changed = False
        self._fresh: dict[str, Result] = {}
        self._progress: Progress = bench.progress()
        self._remembering = Remembering(bench, graph, lambda: self.known, records)
        self.inputs = Inputs(bench, graph, self.warn, self._remembering, self._upcoming, self._loading)
        self._lent = Lent(bench, graph, lambda: self.known, captures, self.warn)
        self._keeper = Keeper(bench, graph, known, records, self.warn, self._ahead)
        self._said: set[str] = set()
        # (node, digest of what it showed): shown by this run, and not to be shown again
        self.shown: set[tuple[str, str]] = set()
        self.not_again: Collection[tuple[str, str]] = ()
        self._workers = Workers(bench, jobs, self._run_here, self.warn)
        self._take(plan)

    error: BaseException | None

    def run(self) -> None:
        """Bring the plan's targets up to date; a failure or an interrupt ends it and is kept in ``error``."""
        self._progress.begin(self.plan)
        try:
            with sent_again():
                while self._step():
                    pass
        except KeyboardInterrupt as interrupt:
            self.status, self.error = "interrupted", interrupt
        except BaseException as failure:  # whatever it is, a version tells of it, and the caller gets it
            self.status, self.error = "failed", failure
        finally:
            self._workers.stop()
            self.bench.memos.forget()
            if self._stays_changed:
                self._keep_shown()
            self._remembering.trim()
            for message in self._keeper.problems():
                if not any(message in said for said in self._said):  # of a node it may have been said already
                    self.warn(message)
            self._progress.end(self.status)

    def warn(self, message: str) -> None:
        """Tell the user something worth knowing, one line; once in a run, however often it comes up."""
        if message not in self._said:
            self._said.add(message)
            self._progress.warn(message)

    def _step(self) -> bool:
        """Handle the next node; False when there is none left."""
        waiting = self._workers.nodes
        shared = {self.known[node].shared_key for node in waiting} - {None}
        for node, state in self._left.items():
            if node in waiting:
                continue
            if state is State.LOAD:
                self._load(node)
                return True
            if any(self._is_due(parent) for parent in self.graph.parents(node)):
                continue
            if self.known[node].shared_key in shared:
                continue  # an equal node is running
            if self._compute(node):
                return True
        if waiting:
            for node, task, done in self._workers.collect():
                self._finish(node, task, done)  # a failure ends the run: what came with it is kept first
            return True
        return False

    def _take(self, plan: Plan) -> None:
        """Go by ``plan`` from now on."""
        self.plan = plan
        self._computed = frozenset(plan.nodes(State.COMPUTE))
        order = walk_order(self.bench, self.graph, self.known, plan, self.ran)
        self._left = {node: plan.states[node] for node in order}

    def _is_due(self, node: str) -> bool:
        return self.plan.states[node] is State.COMPUTE and node not in self.ran

    def _ahead(self) -> Plan:
        """What is left of the plan."""
        left = {node: state for node, state in self.plan.states.items() if node not in self.ran}
        return replace(self.plan, states=left | dict.fromkeys(self.inputs.put_aside, State.LOAD))

    def _upcoming(self) -> list[str]:
        """The nodes that are still to be computed, in order."""
        return [node for node, state in self._left.items() if state is State.COMPUTE]

    def _loading(self) -> set[str]:
        """The digests of what is still to be loaded: it stays in memory until then, if it is there."""
        loads = (node for node, state in self._left.items() if state is State.LOAD)
        results = (self.known[node].result for node in loads)
        return {output.digest for result in results if result is not None for output in result.outputs}

    # load

    def _load(self, node: str) -> None:
        result = self.known[node].result
        assert result is not None, "a node without a result is never planned to be loaded"
        self._progress.node(node, State.LOAD)
        started = time.perf_counter()
        try:
            for output in needed_outputs(self.graph, node, self.plan.targets, self._computed):
                self.inputs.fetch(node, output, result)
        except StoreError as problem:
            self.warn(f"{node}: {problem}")
            self._plan_again()
            return
        self._replay(node, result)
        self._done(node, State.LOAD, time.perf_counter() - started)

    def _replay(self, node: str, result: Result) -> None:
        if result.console is None or (shown := (node, result.console)) in self.not_again:
            return
        self.shown.add(shown)
        found, events = self.bench.memory.take(result.console)
        try:
            self.bench.console.replay(events if found else self.bench.store.load(result.console))
        except StoreError:
            self.warn(f"{result.node}: what it showed is no longer stored; its value is")

    # compute

    def _compute(self, node: str) -> bool:
        """Start ``node`` here or in a worker; False if its inputs made a new plan necessary or workers are busy."""
        declaration, known = self.graph.declarations[node], self.known[node]
        parallel = self._workers.can_take(declaration, known.modules)
        if parallel and self._workers.are_busy:
            return False
        afresh, observed = node in self._forced, node in self._audited
        try:
            task = task_of(
                self.bench, self.graph, node, self.known, self.inputs, self._progress.items, afresh, observed
            )
        except StoreError as problem:
            self.warn(f"{node}: {problem}")
            self._plan_again()
            return True
        except HelixError:
            self.failed = node
            raise
        self.bench.memos.before(known.captured, known.modules)
        self._progress.node(node, State.COMPUTE)
        if parallel and self._workers.submit(node, task):
            return True
        self._finish(node, task, self._run_here(node, task))
        return True

    def _run_here(self, node: str, task: Task) -> Outcome:
        self._lent.lend(node, self.known[node].captured)
        return run_node(task, self.bench.console, self.bench.namespace)

    def _finish(self, node: str, task: Task, done: Outcome) -> None:
        settled = settle(self.bench, self._lent, self.inputs, node, self.known[node], done)
        done = settled.done
        self._stays_changed = self._stays_changed or settled.stays_changed
        if settled.damaged is not None:
            self.warn(f"{node}: {settled.damaged}")
            if settled.stays_changed:
                self._look_again()
            if isinstance(done.error, KeyboardInterrupt):
                raise done.error from settled.damaged
            self._plan_again()
            return
        if done.error is not None:
            self._fail(node, task, done)
        accepted = self.known[node].accepted
        if accepted:
            self._take_back_acceptance(node)
        before = self._audited.get(node)
        given = finished(self.bench, self.graph, self.known[node], task, done, before, accepted, self.warn)
        self._record(node, given, done)
        changed = settled.changed or settled.stays_changed
        result, upcoming = given.result, self._upcoming()
        equal = [] if changed else share(self.bench, self.graph, self.known, result, done, upcoming)
        self._done(node, State.COMPUTE, done.seconds)
        for line in crossings(self.graph, self.known, node, result):
            self.warn(line)
        if settled.stays_changed:
            self._look_again()
        self._learn(node, changed, {*readers_of(self.known, node, result), *equal})

    def _fail(self, node: str, task: Task, done: Outcome) -> NoReturn:
        failure = failed(self.bench, self.graph, task, done, self.warn)
        self.failed = node
        self.ran[node], self.spent[node] = State.COMPUTE, done.seconds
        if isinstance(failure, KeyboardInterrupt):
            self._progress.interrupted(node, done.seconds)
        else:
            self._progress.failed(node, done.seconds)
        raise failure

    def _record(self, node: str, given: Finished, done: Outcome) -> None:
        """Hold what a node gave, and keep of it what the policy says."""
        result, prepared = given.result, given.prepared
        self.reasons[node] = "; ".join(filter(None, (self.reasons[node], given.told)))
        if given.audit is not None:
            self.audit_rows[node] = given.audit
        for output in result.outputs:
            self.inputs.hold(node, result, output, done.values[output.name], prepared.get(output.digest))
        if result.console is not None:
            self.shown.add((node, result.console))
            self.inputs.hold_shown(node, result, done.events, prepared[result.console])
        self._fresh[node] = result
        self.latest[node] = Latest(self.known[node].fingerprint.parts, result)
        self.bench.resolver.recorded.add(result)
        self.spent[node] = done.seconds
        read = bytes_read(self.graph, node, self.known, {})
        self._keeper.keep(node, result, prepared, self.spent, read, code_digest(self.known[node].fingerprint.parts))

    def _take_back_acceptance(self, node: str) -> None:
        """A node that was computed after all has a value of its own: under the earlier code's key it may be wrong."""
        own = own_digest(self.known[node].fingerprint.parts)
        self.bench.store.drop_alias(own, self.bench.workflow, node)
        self._resolve(node)

    def _learn(self, node: str, changed: bool, others: Collection[str]) -> None:
        """Resolve what the new result decides; plan again where recorded results now stand in for a run, or no longer.

        The wave goes on only behind nodes whose result became another one, so a run that computes everything resolves
        each node as often as it has parents. ``others`` are nodes that have read files which ``node`` wrote.
        """
        position, moment = self._position, self.bench.resolver.look()
        wave, another = sorted((position[name], name) for name in {node, *others}), changed
        while wave:
            _, name = heapq.heappop(wave)
            before = self.known[name].result
            self._resolve(name, moment)
            if name == node or self.known[name].result is not before:
                another = another or name != node
                for child in self.graph.children(name):
                    if (position[child], child) not in wave:
                        heapq.heappush(wave, (position[child], child))
        if another:
            self._plan_again()

    def _look_again(self) -> None:
        """Look anew at what the nodes that are left capture: a node changed some of it, and it stays changed."""
        self.bench.memos.forget()
        done = {*self.ran, *self._workers.nodes}
        outputs = frozenset(self.graph.outputs)
        for node in self.graph.slice([node for node in self._left if node not in done]):
            if node not in done:
                captured = self.bench.resolver.captured(self.graph.declarations[node], outputs)
                self.known[node] = replace(self.known[node], captured=captured)
                self._resolve(node)

    def _keep_shown(self) -> None:
        """What stays changed is another capture for those who ran before: the notebook still sees their values."""
        done = {node: one.result for node, one in self.known.items() if one.result is not None}
        outputs, seed = frozenset(self.graph.outputs), self.bench.settings["seed"]
        order = [node for node in self.graph.order if node in done]
        captured = self.bench.resolver.all_captured((self.graph.declarations[node] for node in order), outputs)
        found = self.bench.resolver.resolve(self.graph, captured, seed, done, order, self.known)
        self.latest |= {node: Latest(found[node].fingerprint.parts, done[node], changed=True) for node in order}

    def _resolve(self, node: str, moment: Moment | None = None) -> None:
        captured = {node: self.known[node].captured}
        seed = self.bench.settings["seed"]
        self.known = self.bench.resolver.resolve(
            self.graph, captured, seed, self._fresh, [node], self.known, moment=moment
        )

    def _plan_again(self) -> None:
        around = surroundings(
            self.bench, self.graph, self.known, self.records, self.inputs.held, self.inputs.unreadable
        )
        forced = self._forced - set(self.ran)
        plan = plan_for(around, self.first_plan.targets, forced)
        for node in plan.nodes(State.COMPUTE):
            self.ran.pop(node, None)  # its value got lost (changed in place, or gone from disk) and is needed again
        self._take(plan)
        self.inputs.release_all(plan, self.ran)
        self._keeper.look_again(self.known)
        for node, reason in self.plan.reasons.items():
            if node not in self.ran and node not in self._audited:
                self.reasons[node] = reason
        self._progress.begin(self.plan)

    def _done(self, node: str, state: State, seconds: float) -> None:
        self.ran[node] = state
        self._left.pop(node, None)
        self.spent[node] = seconds
        self.inputs.release(node, self.plan, self.ran)
        self.inputs.put_aside_what_comes_last()
        self._progress.done(node, state, seconds)


def reraise(iteration: Iteration) -> None:
    """Raise what ended the run, if anything did."""
    if iteration.error is not None:
        if isinstance(iteration.error, HelixError):
            raise iteration.error from iteration.error.__cause__
        raise iteration.error
