"""Nodes of one run that are computed in worker processes: which can go there, which are there, what they bring back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import replace

from helix_jupyter.execute.processes import Processes, outcome
from helix_jupyter.execute.types import Outcome, Task
from helix_jupyter.fingerprint.local_imports import edited
from helix_jupyter.fingerprint.module_reads import changed_since
from helix_jupyter.fingerprint.module_state import any_set
from helix_jupyter.graph.declaration import Declaration
from helix_jupyter.session.bench import Bench


class Workers:
    """At most ``jobs`` nodes at a time; with one job all run here. ``run_here`` runs a node in this process."""

    def __init__(
        self, bench: Bench, jobs: int, run_here: Callable[[str, Task], Outcome], warn: Callable[[str], None]
    ) -> None:
        self._bench, self._jobs, self._run_here, self._warn = bench, jobs, run_here, warn
        self._running: dict[Future[bytes], tuple[str, Task]] = {}

    @property
    def nodes(self) -> frozenset[str]:
        """The nodes that are being computed."""
        return frozenset(node for node, _ in self._running.values())

    @property
    def are_busy(self) -> bool:
        """Whether there is none left for another node."""
        return len(self._running) >= self._jobs

    def can_take(self, declaration: Declaration, modules: frozenset[str]) -> bool:
        """Not where a magic needs the notebook, what is new of a mapped input is looked up, or a worker would import
        other code than lies in memory.
        """
        at_home = self._jobs == 1 or "get_ipython" in declaration.code or declaration.map is not None
        return not at_home and not (edited(modules) or changed_since(modules) or any_set(modules))

    def submit(self, node: str, task: Task) -> bool:
        """Hand ``task`` to a worker; False where it cannot travel."""
        # the front end's tools stay here: get_ipython is bound to the shell, and no code that travels calls it
        bindings = {name: value for name, value in task.bindings.items() if name != "get_ipython"}
        try:
            future = Processes(self._jobs).submit(replace(task, bindings=bindings), self._bench.namespace)
        except Exception as problem:  # whatever pickling raises: then it runs here
            self._warn(f"{node} runs in this process, since its inputs cannot travel: {problem}")
            return False
        self._running[future] = (node, task)
        return True

    def collect(self) -> list[tuple[str, Task, Outcome]]:
        """Wait until some are done; those that failed come last."""
        done, _ = wait(self._running, return_when=FIRST_COMPLETED)
        arrived = [(*given, self._outcome(future, *given)) for future in done for given in [self._running.pop(future)]]
        return sorted(arrived, key=lambda one: one[2].error is not None)

    def _outcome(self, future: Future[bytes], node: str, task: Task) -> Outcome:
        """What a worker sent; what cannot travel is computed once more, in this process."""
        try:
            result = outcome(future.result())
        except KeyboardInterrupt:
            raise
        except BrokenExecutor as problem:  # here it might take the notebook along
            return Outcome({}, 0.0, error=problem)
        except Exception as problem:  # pickling raises anything
            self._warn(f"{node} runs again in this process, since its result cannot travel: {problem}")
            return self._run_here(node, task)
        self._bench.console.replay(result.events)
        return result

    def stop(self) -> None:
        """End what is running, if anything is."""
        if self._running:
            Processes(self._jobs).stop()
