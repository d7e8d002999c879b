"""Carry out the policy's decision for a node that was just computed: evict, write in the background, or let go.

Decided as soon as the value is there, not when its last child is done as in HELIX (PVLDB 12(4), section 6.2): its
digest is taken anyway, and a run that fails later has kept what it finished.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

from helix_jupyter.graph.dag import Graph
from helix_jupyter.plan.keeping import Candidate, Decision, Storage
from helix_jupyter.plan.materialise import POLICIES
from helix_jupyter.plan.types import Plan
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.forms import Forms
from helix_jupyter.session.holdings import Holdings
from helix_jupyter.session.resolve import Known
from helix_jupyter.store.pickling import Prepared
from helix_jupyter.store.types import Result
from helix_jupyter.version.types import NodeRecord

# they keep nothing on disk by intent: that something would not fit there is no news
_ON_DISK_NOTHING = ("none", "memory")

_LOST = (
    "This version is in memory only and goes with the kernel: the store still cannot be written. "
    "The first run that can writes all that is new."
)


class Keeper:
    """Decides and carries out, node by node, for one run."""

    def __init__(
        self,
        bench: Bench,
        graph: Graph,
        known: Mapping[str, Known],
        records: Mapping[str, NodeRecord],
        warn: Callable[[str], None],
        ahead: Callable[[], Plan] | None = None,
    ) -> None:
        self._bench, self._graph, self._warn = bench, graph, warn
        self._holdings = Holdings(bench, graph, known, records, ahead)

    def look_again(self, known: Mapping[str, Known]) -> None:
        """Another plan was made: values may be known by now that were not."""
        self._holdings.look_again(known)

    def keep(
        self,
        node: str,
        result: Result,
        prepared: Mapping[str, Prepared],
        spent: Mapping[str, float],
        bytes_read: int | None = None,
        code: str = "",
    ) -> None:
        """Record ``result``; write its values if the policy says so.

        ``spent`` are this run's seconds per node, ``bytes_read`` is the size of the node's inputs; None where it
        did not run just now. ``code``: see ``Store.add_result``.
        """
        store, workflow = self._bench.store, self._bench.workflow
        store.add_result(result, bytes_read, spent.get(node), code)
        present = store.has(prepared)
        missing = {identity: value for identity, value in prepared.items() if identity not in present}
        if not missing:
            return
        forms = Forms(store, missing)
        size = self._bytes_on_disk(forms)
        # what was made in part of earlier values would take its whole time again
        above = self._graph.ancestors([node]) - {node}
        cumulative = sum(spent.get(name, 0.0) for name in above) + max(result.seconds, spent.get(node, 0.0))
        candidate = Candidate(
            node,
            self._holdings.keys[node],
            size,
            cumulative,
            forms.load_seconds(),
            result.seconds,
            store.rates.taking(size),
            pinned=node in store.pins(workflow),
            never=node in store.never_stored(workflow),
        )
        if self._bench.settings["compression"] == "auto":
            plain = candidate
            candidate = replace(candidate, compressed=cache(lambda: self._compressed(plain, forms)))
        name = self._bench.settings["policy"]
        decision = self._decide(candidate, forms)
        if decision.evict and not store.problem:  # else nothing is written that needs the room
            store.evict(self._holdings.remove(decision.evict), f"evicted for {node} (budget)")
        if not decision.keep:
            if size > store.budget and name not in _ON_DISK_NOTHING and not candidate.never:
                self._warn(f"Node '{node}' is not stored: {decision.reason}")
            return
        started = time.perf_counter()  # not before: where room is short, a decision takes longer than the handing over
        pending = [
            store.write(
                identity,
                value,
                worth_seconds=cumulative,
                node=node,
                workflow=workflow,
                kind="console" if identity == result.console else "output",
                layout=forms.layout(identity, decision.compressed),
            )
            for identity, value in missing.items()
        ]
        kept = candidate.compressed() if decision.compressed else candidate
        self._holdings.add(kept or candidate, pending)
        store.note_taking(size, time.perf_counter() - started)

    def _bytes_on_disk(self, forms: Forms) -> int:
        """Bytes that writing values adds; an upper bound, found without looking at them, where that fits."""
        store = self._bench.store
        size, used = forms.bytes, store.used_bytes
        return size if size <= store.budget - used else store.used_after((), forms.layouts()) - used

    def _compressed(self, candidate: Candidate, forms: Forms) -> Candidate | None:
        """The candidate as it would be if it was stored compressed; None if that makes it no smaller."""
        store = self._bench.store
        size = store.used_after((), forms.layouts(compressed=True)) - store.used_bytes
        if size >= candidate.bytes:
            return None
        return replace(candidate, bytes=size, load_seconds=forms.load_seconds(compressed=True), compressed=lambda: None)

    def _decide(self, candidate: Candidate, forms: Forms) -> Decision:
        """The policy's decision, asked for more room until what it evicts really frees enough.

        A policy sees a shared buffer's bytes parted among the artifacts that use it, which adds up to what is used;
        but only the last of them to go takes the buffer along, and not if the candidate uses it as well.
        """
        store, policy = self._bench.store, POLICIES[self._bench.settings["policy"]]
        used, short = store.used_bytes, 0
        while True:
            decision = policy(candidate, Storage(store.budget, used + short, self._holdings.contents))
            going, believed = self._holdings.weigh(decision.evict)
            missing = store.used_after(going, forms.layouts(decision.compressed)) - store.budget if going else 0
            if missing <= 0:
                return decision
            # at least one more artifact than this time
            size = (candidate.compressed() or candidate).bytes if decision.compressed else candidate.bytes
            short = max(short + missing, believed + store.budget - used - size + 1)

    def problems(self) -> list[str]:
        """What went wrong with writing since last asked, one line each; and where nothing is written any more, that."""
        store = self._bench.store
        return store.problems() or ([_LOST] if store.is_lost else [])
