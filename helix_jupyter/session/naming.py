"""Give the notebook's names their current values: after a run, before a plain cell, on request."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from helix_jupyter.errors import StoreError
from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.graph.dag import Graph
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.bindings import Bindings
from helix_jupyter.session.inputs import IMMUTABLE, Inputs
from helix_jupyter.session.iteration import Iteration
from helix_jupyter.session.remembering import Remembering
from helix_jupyter.session.resolve import output_fact
from helix_jupyter.session.workflow import Survey

_TAKEN_BACK = (
    "what a plain cell changed in '{}' is taken back: put --update on the cell to make it part of the workflow"
)


def output_of(graph: Graph, name: str) -> tuple[str, str]:
    """The node and output that ``name`` stands for: an output's name, else a node's, whose first output it is.

    Raises
    ------
    UnknownNode
    """
    if name in graph.outputs:
        return graph.producer(name), name
    node = graph.resolve(name)
    return node, graph.declarations[node].outputs[0]


def bind_run(bindings: Bindings, iteration: Iteration, wanted: Collection[str], unasked: bool = False) -> None:
    """Bind what the run has at hand, its targets and the ``wanted`` names; take back what is no longer current.

    A value of the user's own that is replaced is told of, and so is one that stays since the node's is nowhere; a run
    that is ``unasked`` replaces none. What a plain cell changed in place is taken back. A node that the run did without
    gets no copy of an equal value that happens to be at hand: it gets its own when somebody asks.
    """
    graph = iteration.graph
    targets, ran = frozenset(iteration.plan.targets), iteration.ran
    asked = {output: output in wanted or graph.producer(output) in targets for output in graph.outputs}
    stale = []
    seen: dict[int, str] = {}
    for output in sorted(graph.outputs, key=asked.__getitem__, reverse=True):
        node = graph.producer(output)
        result = iteration.known[node].result
        fact = output_fact(result, output)
        if unasked and bindings.is_users(output):
            continue
        if result is None or fact is None:
            stale.append(output)
            continue
        found, value = iteration.inputs.at_hand(node, output, result)
        hidden = bindings.loses(output, fact.digest, fact.by_content)
        if not found and (asked[output] or hidden):
            try:
                found, value = True, iteration.inputs.fetch(node, output, result)
            except StoreError:
                found = False
        first = seen.setdefault(id(value), node) if found and not is_a(value, IMMUTABLE) else node
        if first != node and not asked[output] and node not in ran and not bindings.holds(output, fact.digest):
            stale.append(output)
            continue
        if first != node and _is_anothers(graph, first, node):
            if bindings.holds_unchanged(output, fact.digest, fact.by_content):
                continue
            value = iteration.inputs.apart(node, output, fact.digest, value) if fact.by_content else value
        if found:
            if bindings.was_changed(output, fact.digest, fact.by_content, value):
                iteration.warn(_TAKEN_BACK.format(output))
            if hidden:
                iteration.warn(f"the notebook's own value of '{output}' was replaced by that of node '{node}'")
            bindings.bind(output, fact.digest, value)
        elif hidden:
            iteration.warn(f"'{output}' is the notebook's own value still: that of node '{node}' is not stored")
        elif not bindings.holds_unchanged(output, fact.digest, fact.by_content):
            if bindings.holds(output, fact.digest):
                iteration.warn(_TAKEN_BACK.format(output))
            stale.append(output)
    bindings.unbind(stale)


def _is_anothers(graph: Graph, first: str, node: str) -> bool:
    """Whether two nodes have one object without either having it from the other: equal values lie in memory once."""
    return first not in graph.ancestors([node]) and node not in graph.ancestors([first])


def bind_current(bench: Bench, bindings: Bindings, survey: Survey, names: Iterable[str]) -> list[tuple[str, str]]:
    """Bind ``names`` as far as loading gives them; the rest is unbound and comes back, each with its node."""
    missing = []
    for name in names:
        if bindings.is_users(name):
            continue
        node = survey.graph.producer(name)
        fact = output_fact(survey.known[node].result, name)
        if fact is not None and bindings.holds(name, fact.digest):
            continue
        if not fetch_all(bench, bindings, survey, [(node, name)]):
            bindings.unbind([name])
            missing.append((name, node))
    return missing


def fetch_all(bench: Bench, bindings: Bindings, survey: Survey, outputs: Iterable[tuple[str, str]]) -> list[Any] | None:
    """The values of ``outputs`` (node, name), loaded and bound; None if one of them would have to be computed."""
    records = bench.history.records(bench.history.newest_id())
    remembering = Remembering(bench, survey.graph, lambda: survey.known, records)
    inputs = Inputs(bench, survey.graph, lambda message: None, remembering)
    bound = bindings.names & survey.graph.producers.keys()
    seen = {id(bindings.value(name)): survey.graph.producers[name] for name in bound}
    values = []
    for node, name in outputs:
        result = survey.known[node].result
        fact = output_fact(result, name)
        if fact is None:
            return None
        is_visible = survey.graph.producer(name) == node
        try:
            value = inputs.fetch(node, name, result)
        except StoreError:  # too large to be kept; the notebook itself may still hold it
            if not is_visible or not bindings.holds_unchanged(name, fact.digest, fact.by_content):
                return None
            values.append(bindings.value(name))
            continue
        first = node if is_a(value, IMMUTABLE) else seen.setdefault(id(value), node)
        if first != node and fact.by_content and _is_anothers(survey.graph, first, node):
            is_held = is_visible and bindings.holds_unchanged(name, fact.digest, fact.by_content)
            value = bindings.value(name) if is_held else inputs.apart(node, name, fact.digest, value)
        values.append(value)
        if is_visible:
            bindings.bind(name, fact.digest, value)
    remembering.trim()
    return values
