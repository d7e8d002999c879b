"""Carry out the policy's decision for a node that was just computed: evict, write in the background, or let go.

Decided as soon as the value is there, not when its last child is done as in HELIX (PVLDB 12(4), section 6.2): its
digest is taken anyway, and a run that fails later has kept what it finished.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from helix_jupyter.graph.dag import Graph
from helix_jupyter.plan.materialise import POLICIES, Candidate, Decision, Stored
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
        pinned = store.pins(self._bench.workflow)
        cumulative = sum(spent.get(name, 0.0) for name in self._graph.ancestors([node]))
        candidate = Candidate(
            node,
            result.key,
            self._bytes_on_disk(missing),
            cumulative,
            load_seconds=sum(value.load_seconds for value in missing.values()),
        )
        others = [
            Stored(fact.digest, fact.disk_bytes, fact.worth_seconds, fact.last_used, fact.node in pinned)
            for fact in stored.values()
        ]
        decision = self._decide(candidate, others, missing, node in pinned)
        if decision.evict:
            store.evict(decision.evict, f"evicted for {node} (budget)")
        if not decision.keep:
            if candidate.bytes > store.budget and self._bench.settings["policy"] != "none":
                self._warn(f"Node '{node}': {decision.reason}")
            return
        for identity, value in missing.items():
            kind = "console" if identity == result.console else "output"
            store.write(identity, value, worth_seconds=cumulative, node=node, workflow=self._bench.workflow, kind=kind)

    def _bytes_on_disk(self, values: Mapping[str, Prepared]) -> int:
        """Bytes that writing ``values`` adds; an upper bound, found without looking at them, where that fits."""
        store = self._bench.store
        size, used = sum(value.bytes for value in values.values()), store.used_bytes
        return size if size <= store.budget - used else store.used_after((), values) - used

    def _decide(
        self, candidate: Candidate, others: Sequence[Stored], values: Mapping[str, Prepared], pinned: bool
    ) -> Decision:
        """The policy's decision, asked for more room until what it evicts really frees enough.

        A policy sees a shared buffer's bytes parted among the artifacts that use it, which adds up to what is used;
        but only the last of them to go takes the buffer along, and not if the candidate uses it as well.
        """
        store, policy = self._bench.store, POLICIES[self._bench.settings["policy"]]
        used, short = store.used_bytes, 0
        while True:
            decision = policy(candidate, others, store.budget, used + short, pinned)
            missing = store.used_after(decision.evict, values) - store.budget if decision.evict else 0
            if missing <= 0:
                return decision
            believed = sum(artifact.bytes for artifact in others if artifact.digest in decision.evict)
            # at least one more artifact than this time
            short = max(short + missing, believed + store.budget - used - candidate.bytes + 1)

    def problems(self) -> list[str]:
        """What went wrong with writing since last asked, one line each."""
        return list(self._bench.store.problems())
