"""Make a plan from what is known at this moment: before a run, and again during one (early cut-off)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from helix_jupyter.graph.dag import Graph
from helix_jupyter.plan.planner import make_plan
from helix_jupyter.plan.types import Plan
from helix_jupyter.plan.within import plan_within
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.facts import Surroundings, needed_outputs, node_fact
from helix_jupyter.session.resolve import Known
from helix_jupyter.version.types import NodeRecord


def surroundings(
    bench: Bench,
    graph: Graph,
    known: Mapping[str, Known],
    records: Mapping[str, NodeRecord],
    held: frozenset[str] = frozenset(),
    unreadable: Collection[str] = (),
) -> Surroundings:
    """What is stored and measured now.

    ``held`` are digests of values that a run has at hand, ``unreadable`` those of artifacts that did not load.
    """
    stored = {**bench.store.awaited(), **bench.store.artifacts()}
    return Surroundings(
        graph,
        known,
        {digest: fact for digest, fact in stored.items() if digest not in unreadable} if unreadable else stored,
        bench.store.costs(bench.workflow),
        records,
        bench.memory.identities | held,
        bench.store,
    )


def surroundings_of(
    bench: Bench,
    graph: Graph,
    known: Mapping[str, Known],
    records: Mapping[str, NodeRecord],
    node: str,
) -> Surroundings:
    """What of ``surroundings`` one node's fact rests on: a card is not to read the rows of a whole store."""
    result = known[node].result if node in known else None
    digests = [output.digest for output in result.outputs] if result else []
    digests += [result.console] if result and result.console else []
    cost = bench.store.costs(bench.workflow, node)
    stored = {**bench.store.awaited(), **bench.store.artifacts(digests)} if digests else {}
    return Surroundings(graph, known, stored, cost, records, bench.memory.identities, bench.store)


def plan_for(
    around: Surroundings,
    targets: Sequence[str],
    forced: Collection[str] = (),
    within: float | None = None,
) -> Plan:
    """The optimal plan that brings ``targets`` up to date; under ``within`` seconds, of those that fit."""
    graph = around.graph
    wanted, inside = frozenset(targets), graph.ancestors(targets)
    facts = {
        node: node_fact(around, node, needed_outputs(graph, node, wanted, inside), node in forced)
        for node in graph.order
    }
    parents = {node: graph.parents_of[node] for node in graph.order}
    if within is None:
        return make_plan(parents, facts, targets, forced=forced)
    metrics_first = sorted(targets, key=lambda node: not graph.declarations[node].metrics)
    return plan_within(parents, facts, targets, within, metrics_first, forced=forced)
