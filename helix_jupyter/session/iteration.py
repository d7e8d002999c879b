"""One run: walk the plan, compute and load, record results, decide what to keep, plan again where a result allows it.

Holds all that changes while a run lasts; leaves a list of node records, whatever happens.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Collection, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import replace
from functools import partial
from typing import Any

from helix_jupyter.errors import HelixError, NodeFailed, StoreError
from helix_jupyter.execute.node import run_node
from helix_jupyter.execute.processes import Processes, outcome
from helix_jupyter.execute.seeds import is_generator, node_seed
from helix_jupyter.execute.types import Outcome, Task
from helix_jupyter.fingerprint.key import code_digest, own_digest
from helix_jupyter.fingerprint.local_imports import edited
from helix_jupyter.fingerprint.module_reads import changed_since
from helix_jupyter.fingerprint.module_state import any_set
from helix_jupyter.fingerprint.reads import Seen
from helix_jupyter.graph.dag import Graph
from helix_jupyter.plan.types import Plan, State
from helix_jupyter.session import auditing
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.crossing import crossings, readers_of
from helix_jupyter.session.facts import bytes_read, needed_outputs
from helix_jupyter.session.inputs import Inputs
from helix_jupyter.session.itemwise import Itemwise
from helix_jupyter.session.keep import Keeper
from helix_jupyter.session.lent import Lent
from helix_jupyter.session.outcomes import result_of
from helix_jupyter.session.planning import plan_for, surroundings
from helix_jupyter.session.remembering import Remembering
from helix_jupyter.session.resolve import Known, Latest, Moment
from helix_jupyter.session.showing import same_shown
from helix_jupyter.session.twins import form_of, may_be_shared, to_share
from helix_jupyter.session.unseen import unseen_name
from helix_jupyter.session.walking import walk_order
from helix_jupyter.store.types import Result
from helix_jupyter.version.types import AuditRow, Capture, NodeRecord
from helix_jupyter.view.progress import Progress
from helix_jupyter.view.words import plural


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
        self._jobs = jobs
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
        self._running: dict[Future[bytes], tuple[str, Task]] = {}
        self._take(plan)

    error: BaseException | None

    def run(self) -> None:
        """Bring the plan's targets up to date; a failure or an interrupt ends it and is kept in ``error``."""
        self._progress.begin(self.plan)
        try:
            while self._step():
                pass
        except KeyboardInterrupt as interrupt:
            self.status, self.error = "interrupted", interrupt
        except BaseException as failure:  # whatever it is, a version tells of it, and the caller gets it
            self.status, self.error = "failed", failure
        finally:
            if self._running:
                Processes(self._jobs).stop()
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
        waiting = {node for node, _ in self._running.values()}
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
        if self._running:
            self._collect()
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
        parallel = self._jobs > 1 and self._can_travel(node)
        if parallel and len(self._running) >= self._jobs:
            return False
        try:
            task = self._task(node)
        except StoreError as problem:
            self.warn(f"{node}: {problem}")
            self._plan_again()
            return True
        except HelixError:
            self.failed = node
            raise
        known = self.known[node]
        self.bench.memos.before(known.captured, known.modules)
        self._progress.node(node, State.COMPUTE)
        if parallel and self._submit(node, task):
            return True
        self._finish(node, task, self._run_here(node, task))
        return True

    def _run_here(self, node: str, task: Task) -> Outcome:
        self._lent.lend(node, self.known[node].captured)
        return run_node(task, self.bench.console, self.bench.namespace)

    def _can_travel(self, node: str) -> bool:
        """Not where a magic needs the notebook, what is new of a mapped input is looked up, or a worker would import
        other code than lies in memory.
        """
        declaration = self.graph.declarations[node]
        at_home = "get_ipython" in declaration.code or declaration.map is not None
        modules = self.known[node].modules
        return not at_home and not (edited(modules) or changed_since(modules) or any_set(modules))

    def _submit(self, node: str, task: Task) -> bool:
        # the front end's tools stay here: get_ipython is bound to the shell, and no code that travels calls it
        bindings = {name: value for name, value in task.bindings.items() if name != "get_ipython"}
        try:
            future = Processes(self._jobs).submit(replace(task, bindings=bindings), self.bench.namespace)
        except Exception as problem:  # whatever pickling raises: then it runs here
            self.warn(f"{node} runs in this process, since its inputs cannot travel: {problem}")
            return False
        self._running[future] = (node, task)
        return True

    def _collect(self) -> None:
        done, _ = wait(self._running, return_when=FIRST_COMPLETED)
        arrived = [(*given, self._outcome(future, *given)) for future in done for given in [self._running.pop(future)]]
        for node, task, result in sorted(arrived, key=lambda one: one[2].error is not None):
            self._finish(node, task, result)  # a failure ends the run: what came with it is kept first

    def _outcome(self, future: Future[bytes], node: str, task: Task) -> Outcome:
        """What a worker sent; what cannot travel is computed once more, in this process."""
        try:
            result = outcome(future.result())
        except KeyboardInterrupt:
            raise
        except BrokenExecutor as problem:  # here it might take the notebook along
            return Outcome({}, 0.0, error=problem)
        except Exception as problem:  # pickling raises anything
            self.warn(f"{node} runs again in this process, since its result cannot travel: {problem}")
            return self._run_here(node, task)
        self.bench.console.replay(result.events)
        return result

    def _task(self, node: str) -> Task:
        declaration = self.graph.declarations[node]
        inputs = {
            name: self.inputs.value(node, name, producer, self.known[producer].result)
            for name, producer in self.graph.inputs[node].items()
        }
        namespace = self.bench.namespace
        bindings = {name: namespace[name] for name in self.graph.outside(node) if name in namespace}
        return Task(
            declaration,
            inputs,
            {**self.bench.tools(), **bindings},
            node_seed(self.bench.settings["seed"], declaration),
            consumed=any(self.graph.consumers(node, output) for output in declaration.outputs),
            helpers_read=tuple(name for name in inputs if name in self.known[node].captured.nodes),
            ignored_folders=(self.bench.store.folder,),
            observed=node in self._audited,
            generators={
                name: value for name, value in self.known[node].captured.reached.items() if is_generator(value)
            },
            each=self._itemwise(node, inputs) if declaration.map is not None else None,
            modules=self.known[node].modules,
        )

    def _itemwise(self, node: str, inputs: Mapping[str, Any]) -> Itemwise:
        declaration, known = self.graph.declarations[node], self.known[node]
        mapped = declaration.map or ""
        if mapped not in inputs:
            raise HelixError(
                f"Node '{node}' is to go through '{mapped}' (--map), but no node gives that name: put %%helix "
                f"{mapped} on the cell that assigns it."
            )
        if mapped in known.captured.nodes:
            raise HelixError(
                f"Node '{node}' is to go through '{mapped}' item by item (--map), but a function that it calls "
                "reads all of it: hand it over as an argument."
            )
        told = partial(self._progress.items, node)
        # an audit asks what the code gives for all of them, which is what items are to be put together to
        afresh, at_once = node in self._forced, node in self._audited
        return Itemwise(self.bench, declaration, known, inputs[mapped], told, afresh, at_once)

    def _finish(self, node: str, task: Task, done: Outcome) -> None:
        known = self.known[node]
        looked_outside = done.seen != Seen() or bool(done.notes) or done.drew
        done, changed_captures, stays_changed = self._lent.settle(node, known.captured, done)
        self._stays_changed = self._stays_changed or stays_changed
        self.bench.memos.after(known.captured, known.modules, looked_outside or changed_captures)
        try:
            # of a node that failed, too: its inputs are still bound
            changed = self.inputs.check(node, self.known[node])
        except StoreError as problem:
            self.warn(f"{node}: {problem}")
            if stays_changed:
                self._look_again()
            if isinstance(done.error, KeyboardInterrupt):
                raise done.error from problem
            self._plan_again()
            return
        each = task.each if isinstance(task.each, Itemwise) else None
        if done.error is not None:
            if each is not None:
                facts, _ = self.bench.outside.facts(done.seen, done.notes)
                if kept := each.save(facts, done.seconds):
                    self.warn(f"Node '{node}': what was done is kept ({plural(kept, 'item')}).")
            self.failed = node
            self.ran[node], self.spent[node] = State.COMPUTE, done.seconds
            if isinstance(done.error, KeyboardInterrupt):
                self._progress.interrupted(node, done.seconds)
                raise done.error
            self._progress.failed(node, done.seconds)
            script = task.declaration.origin.script
            hint = unseen_name(
                done.error, task.declaration.analysis.reads, {*self.graph.producers, *self.bench.namespace}
            )
            raise NodeFailed(node, done.line, done.error, script=script, hint=hint)  # sys.exit() is one, too
        accepted = self.known[node].accepted
        if accepted:
            self._take_back_acceptance(node)
        result, prepared = result_of(self.bench, self.graph, self.known[node], task, done, self.warn)
        if each is not None:
            outside = tuple(dict.fromkeys((*result.outside, *each.facts)))
            result = replace(result, seconds=result.seconds + each.saved_seconds, outside=outside)
            each.record(result)
            if done.drew and each.parts > 1:
                self.warn(f"Node '{node}' draws random numbers: what an item gets depends on those beside it (--map).")
            self.reasons[node] = "; ".join(filter(None, (self.reasons[node], each.told)))
        if node in self._audited:
            self._compare(task, result, done, accepted)
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
        equal = () if changed or stays_changed else self._share(node, result, done)
        self._done(node, State.COMPUTE, done.seconds)
        for line in crossings(self.graph, self.known, node, result):
            self.warn(line)
        if stays_changed:
            self._look_again()
        self._learn(node, changed or stays_changed, {*readers_of(self.known, node, result), *equal})

    def _share(self, node: str, result: Result, done: Outcome) -> list[str]:
        """Record a result for equal nodes, too, and give those that are still to be computed."""
        known, declaration = self.known[node], self.graph.declarations[node]
        if known.accepted or not may_be_shared(result, done, known.fingerprint.parts):
            return []
        form = form_of(declaration, self.graph.inputs[node], known.captured.nodes)
        if form is None:
            return []
        shared = to_share(result, declaration, form, known.fingerprint.parts)
        self.bench.store.add_result(shared, bytes_read=None)
        self.bench.resolver.recorded.add(shared)
        return [other for other in self._upcoming() if self.known[other].shared_key == shared.key and other != node]

    def _take_back_acceptance(self, node: str) -> None:
        """A node that was computed after all has a value of its own: under the earlier code's key it may be wrong."""
        own = own_digest(self.known[node].fingerprint.parts)
        self.bench.store.drop_alias(own, self.bench.workflow, node)
        self._resolve(node)

    def _compare(self, task: Task, result: Result, done: Outcome, accepted: bool) -> None:
        declaration, namespace = task.declaration, self.bench.namespace
        before = self._audited[declaration.node]
        after = replace(result, key=before.key) if accepted else result
        same = same_shown(self.bench, before, result, done.events)
        row = auditing.compared(declaration, before, after, done, namespace, accepted, same)
        self.audit_rows[row.node] = row
        if row.outcome == "different":
            self.warn(auditing.warning(row))

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
        done = {*self.ran, *(node for node, _ in self._running.values())}
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
