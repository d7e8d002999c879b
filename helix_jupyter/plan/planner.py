"""The plan of a run: states by minimum cut, with a reason and a forecast for each node.

Reads the graph and facts (what exists, what it costs), returns a ``Plan``; does not touch the store.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

from helix_jupyter.errors import PlanError, UnknownTarget
from helix_jupyter.plan.min_cut import optimal_reuse
from helix_jupyter.plan.reasons import explain
from helix_jupyter.plan.types import Fact, Place, Plan, State

Graph: TypeAlias = Mapping[str, tuple[str, ...]]


def make_plan(graph: Graph, facts: Mapping[str, Fact], targets: Sequence[str], forced: Collection[str] = ()) -> Plan:
    """The plan that brings ``targets`` up to date in the least predicted seconds.

    Parameters
    ----------
    graph
        ``{node: parents}`` in topological order.
    facts
        What is known of each node; at least of the targets and their ancestors.
    targets
        Nodes to bring up to date.
    forced
        Nodes that are computed if they are targets or ancestors of one, whatever that costs. (A node that
        must be computed is computed only if something needs it.)

    Raises
    ------
    UnknownTarget
        A target is not in the graph.
    PlanError
        A fact is missing or its seconds do not fit.
    """
    sliced = ancestors(graph, targets)
    sliced_states = choose_states(sliced, facts, targets, forced)
    states = dict.fromkeys(graph, State.PRUNE) | sliced_states
    loaded = [node for node, state in sliced_states.items() if state is State.LOAD]
    computed = [node for node, state in sliced_states.items() if state is State.COMPUTE]
    node_seconds = dict.fromkeys(graph, 0.0) | predicted_seconds(sliced_states, facts)
    return Plan(
        states=states,
        reasons=_reasons(states, sliced, facts, targets, forced),
        node_seconds=node_seconds,
        seconds=math.fsum(node_seconds.values()),
        bytes_read=sum(facts[node].bytes for node in loaded if facts[node].place is Place.STORE),
        targets=tuple(dict.fromkeys(targets)),
        places={node: facts[node].place for node in loaded},
        guessed=tuple(node for node in computed if not facts[node].measured),
        spreads={node: facts[node].spread for node in computed},
    )


def ancestors(graph: Graph, targets: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The part of ``graph`` that ``targets`` need: they and all above them, in the graph's order."""
    needed = set(targets)
    for target in targets:
        if target not in graph:
            raise UnknownTarget(target, graph)
    for node in reversed(list(graph)):
        if node in needed:
            needed.update(graph[node])
    return {node: parents for node, parents in graph.items() if node in needed}


def choose_states(
    sliced: Graph, facts: Mapping[str, Fact], targets: Sequence[str], forced: Collection[str]
) -> dict[str, State]:
    """The states of least seconds for a slice.

    A forced node is one more target, and one that cannot be loaded: so the cut itself sees to it that its
    parents are there, and that what it makes available is used.
    """
    for node in sliced:
        if node not in facts:
            raise PlanError(f"Nothing is known of '{node}'. Give a Fact for each ancestor of a target.")
    running = [node for node in sliced if node in forced]
    compute = {node: facts[node].compute_seconds for node in sliced}
    load = {node: math.inf if facts[node].must_compute else facts[node].load_seconds for node in sliced}
    load.update(dict.fromkeys(running, math.inf))
    return optimal_reuse(sliced, compute, load, [*targets, *running])


def predicted_seconds(states: Mapping[str, State], facts: Mapping[str, Fact]) -> dict[str, float]:
    """What each node that runs or is loaded takes, in seconds."""
    return {
        node: facts[node].compute_seconds if state is State.COMPUTE else facts[node].load_seconds
        for node, state in states.items()
        if state is not State.PRUNE
    }


def _reasons(
    states: Mapping[str, State],
    sliced: Graph,
    facts: Mapping[str, Fact],
    targets: Sequence[str],
    forced: Collection[str],
) -> dict[str, str]:
    needed_by = _first_computed_child(sliced, states)
    needed_by.update(dict.fromkeys(targets))
    return {
        node: explain(
            state,
            facts.get(node),
            in_slice=node in sliced,
            forced=node in forced,
            needed_by=needed_by.get(node),
        )
        for node, state in states.items()
    }


def _first_computed_child(sliced: Graph, states: Mapping[str, State]) -> dict[str, str | None]:
    children: dict[str, str | None] = {}
    for node, parents in sliced.items():
        if states[node] is State.COMPUTE:
            for parent in parents:
                children.setdefault(parent, node)
    return children
