"""The plan of a run: states by minimum cut, with a reason and a forecast for each node.

Reads the graph and facts (what exists, what it costs), returns a ``Plan``; does not touch the store.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import TypeAlias

from helix_jupyter.errors import PlanError, UnknownTarget
from helix_jupyter.plan.min_cut import reuse_in_order
from helix_jupyter.plan.reasons import computes, loads, prunes
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
    states = choose_states(sliced, facts, targets, forced)
    if len(states) < len(graph):
        states = dict.fromkeys(graph, State.PRUNE) | states
    needed_by = _first_computed_child(sliced, states)
    needed_by.update(dict.fromkeys(targets))
    node_seconds = dict.fromkeys(graph, 0.0)
    reasons: dict[str, str] = {}
    places: dict[str, Place] = {}
    guessed: list[str] = []
    spreads: dict[str, float] = {}
    bytes_read = 0
    prune, load = State.PRUNE, State.LOAD
    for node, state in states.items():
        if state is prune:
            reasons[node] = prunes(facts.get(node), in_slice=node in sliced)
            continue
        fact = facts[node]
        if state is load:
            reasons[node] = loads(fact, needed_by=needed_by.get(node))
            node_seconds[node] = fact.load_seconds
            places[node] = fact.place
            bytes_read += fact.bytes if fact.place is Place.STORE else 0
        else:
            reasons[node] = computes(fact, forced=node in forced, needed_by=needed_by.get(node))
            node_seconds[node] = fact.compute_seconds
            spreads[node] = fact.spread
            if not fact.measured:
                guessed.append(node)
    return Plan(
        states=states,
        reasons=reasons,
        node_seconds=node_seconds,
        seconds=math.fsum(node_seconds.values()),
        bytes_read=bytes_read,
        targets=tuple(dict.fromkeys(targets)),
        places=places,
        guessed=tuple(guessed),
        spreads=spreads,
    )


def ancestors(graph: Graph, targets: Collection[str]) -> Graph:
    """The part of ``graph`` that ``targets`` need: they and all above them, in the graph's order."""
    for target in targets:
        if target not in graph:
            raise UnknownTarget(target, graph)
    if len({*targets, *chain.from_iterable(graph.values())}) == len(graph):
        return graph  # whatever nothing reads is a target, so all is needed
    needed = set(targets)
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
    try:
        known = [(node, facts[node]) for node in sliced]
    except KeyError as missing:
        raise PlanError(f"Nothing is known of {missing}. Give a Fact for each ancestor of a target.") from None
    compute = {node: fact.compute_seconds for node, fact in known}
    never = math.inf
    load = {node: fact.load_seconds for node, fact in known if fact.load_seconds != never and not fact.must_compute}
    running = [node for node in sliced if node in forced] if forced else []
    for node in running:
        load.pop(node, None)
    return reuse_in_order(list(sliced), sliced, compute, load, [*targets, *running])


def predicted_seconds(states: Mapping[str, State], facts: Mapping[str, Fact]) -> dict[str, float]:
    """What each node that runs or is loaded takes, in seconds."""
    return {
        node: facts[node].compute_seconds if state is State.COMPUTE else facts[node].load_seconds
        for node, state in states.items()
        if state is not State.PRUNE
    }


def _first_computed_child(sliced: Graph, states: Mapping[str, State]) -> dict[str, str | None]:
    children: dict[str, str | None] = {}
    compute = State.COMPUTE
    for node, parents in reversed(list(sliced.items())):
        if states[node] is compute:
            for parent in parents:
                children[parent] = node
    return children
