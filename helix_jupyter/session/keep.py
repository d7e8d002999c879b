"""Carry out the policy's decision for a node that was just computed: evict, write in the background, or let go.

Decided as soon as the value is there, not when its last child is done as in HELIX (PVLDB 12(4), section 6.2): its
digest is taken anyway, and a run that fails later has kept what it finished.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from helix_jupyter.graph.dag import Graph
from helix_jupyter.plan.materialise import POLICIES, Candidate, Stored
from helix_jupyter.session.bench import Bench
from helix_jupyter.store.pickling import Prepared
from helix_jupyter.store.types import Result


class Keeper:
    """Decides and carries out, node by node."""

    def __init__(self, bench: Bench, graph: Graph, warn: Callable[[str], None]) -> None:
        self._bench, self._graph, self._warn = bench, graph, warn

    def keep(self, node: str, result: Result, prepared: Mapping[str, Prepared], spent: Mapping[str, float]) -> None:
        """Record ``result``; write its values if the policy says so. ``spent`` are this run's seconds per node."""
        store = self._bench.store
        store.add_result(result)
        stored = store.artifacts()
        missing = {identity: value for identity, value in prepared.items() if identity not in stored}
        if not missing:
            return
        pins = store.pins(self._bench.workflow)
        size = sum(value.bytes for value in missing.values())
        load_seconds = sum(value.load_seconds for value in missing.values())
        cumulative = sum(spent.get(name, 0.0) for name in self._graph.ancestors([node]))
        candidate = Candidate(node, result.key, size, cumulative, load_seconds)
        others = [
            Stored(fact.digest, fact.bytes, fact.worth_seconds, fact.last_used, fact.node in pins)
            for fact in stored.values()
        ]
        policy = POLICIES[self._bench.settings["policy"]]
        decision = policy(candidate, others, store.budget, store.used_bytes, node in pins)
        if decision.evict:
            store.evict(decision.evict, f"evicted for {node} (budget)")
        if not decision.keep:
            if size > store.budget and self._bench.settings["policy"] != "none":
                self._warn(f"Node '{node}': {decision.reason}")
            return
        for identity, value in missing.items():
            kind = "console" if identity == result.console else "output"
            store.write(identity, value, worth_seconds=cumulative, node=node, workflow=self._bench.workflow, kind=kind)

    def problems(self) -> list[str]:
        """What went wrong with writing since last asked, one line each."""
        return list(self._bench.store.problems())
