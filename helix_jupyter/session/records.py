"""From a run to the record of a version: what every node was and did, metrics, packages, captured names."""

from __future__ import annotations

import numbers
import platform
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from helix_jupyter.errors import StoreError, listing, nearest
from helix_jupyter.fingerprint.types import READ, Part
from helix_jupyter.graph.dag import Graph
from helix_jupyter.graph.declaration import Declaration
from helix_jupyter.plan.reasons import past
from helix_jupyter.plan.types import State
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.iteration import Iteration
from helix_jupyter.session.outside import BY, module_of
from helix_jupyter.session.resolve import Known
from helix_jupyter.store.types import Cost, OutsideFact
from helix_jupyter.version.types import INTERRUPTED, NOT_REACHED, NodeRecord, OutputRecord, Version

SETTINGS_OF_A_CELL = ("update", "metrics", "volatile", "watch", "seed", "group", "lower", "higher", "map")


def node_records(iteration: Iteration, places: Mapping[str, int], costs: Mapping[str, Cost]) -> dict[str, NodeRecord]:
    """One record per node of the workflow, in topological order."""
    return {node: _record(iteration, node, places[node], costs.get(node)) for node in iteration.graph.order}


def _record(iteration: Iteration, node: str, place: int, cost: Cost | None) -> NodeRecord:
    declaration, known = iteration.graph.declarations[node], iteration.known[node]
    result = known.result
    state = iteration.ran.get(node, State.PRUNE)
    planned = iteration.plan.states[node]
    reason = iteration.reasons[node]
    if state is State.PRUNE and planned is not State.PRUNE:
        reason = f"{NOT_REACHED}: the run was {iteration.status}"
    return NodeRecord(
        node=node,
        outputs=tuple(
            OutputRecord(fact.name, fact.digest, fact.by_content, fact.bytes, fact.summary)
            for fact in (result.outputs if result else ())
        ),
        source=declaration.source,
        normalised=declaration.normalised,
        state=state,
        reason=past(reason),
        seconds=iteration.spent.get(node, 0.0),
        compute_seconds=result.seconds if result else cost.seconds if cost else 0.0,
        bytes=result.bytes if result else 0,
        key=known.key,
        parts=part_records(known),
        inputs=MappingProxyType(dict(iteration.graph.inputs[node])),
        options=MappingProxyType(_options(declaration)),
        error=_error(iteration) if iteration.failed == node else "",
        code=declaration.code,
        place=place,
        captures=tuple(sorted(known.captured.reached)),
        console=(result.console or "") if result else "",
        accepted=known.accepted and state is not State.COMPUTE,
        offset=declaration.origin.offset,
    )


def _error(iteration: Iteration) -> str:
    return INTERRUPTED if iteration.status == "interrupted" else str(iteration.error)


def part_records(known: Known) -> tuple[Part, ...]:
    """All that a node depended on, what it turned to outside included."""
    outside = known.result.outside if known.result else ()
    return (*known.fingerprint.parts, *map(_outside, outside)) if outside else known.fingerprint.parts


def _outside(fact: OutsideFact) -> Part:
    kind = fact.kind.partition(":")[0].partition(BY)[0]
    return Part(kind, module_of(fact) or fact.name, fact.digest, READ)


def _options(declaration: Declaration) -> dict[str, object]:
    options = {name: getattr(declaration, name) for name in SETTINGS_OF_A_CELL}
    given = {name: value for name, value in options.items() if value not in (None, False, ())}
    return {"outputs": declaration.outputs, **given}


def version_of(
    bench: Bench,
    iteration: Iteration,
    places: Mapping[str, int],
    metrics_of: Callable[[str], Mapping[str, float] | None],
) -> Version:
    """The version that a run leaves behind, without number, parent and times.

    ``places`` are the nodes' places; ``metrics_of`` finds what a key's metrics were, where its value is gone.
    """
    graph = iteration.graph
    records = node_records(iteration, places, bench.store.costs(bench.workflow))

    def value(node: str, output: str) -> Any:
        result = iteration.known[node].result
        if result is None:
            return None
        try:
            return iteration.inputs.fetch(node, output, result)
        except StoreError:
            return metrics_of(result.key)

    given = metrics(graph, value, iteration.warn)
    for declaration in graph.declarations.values():
        _check_ways(declaration, given.get(declaration.node), iteration.warn)
    records |= {node: replace(records[node], metrics=tuple(numbers)) for node, numbers in given.items()}
    found = _by_name(given)
    return Version(
        id=0,
        workflow=bench.workflow,
        parent=None,
        message="",
        created=0.0,
        status=iteration.status,
        seconds=0.0,
        nodes=MappingProxyType(records),
        targets=iteration.plan.targets,
        metrics=MappingProxyType(found),
        directions=MappingProxyType(directions(graph, found)),
        packages=MappingProxyType(packages(records.values())),
        captures=MappingProxyType(dict(iteration.captures)),
        error=str(iteration.error) if iteration.error else "",
    )


def packages(records: Iterable[NodeRecord]) -> dict[str, str]:
    """Versions of the distributions that the nodes used, and Python's."""
    found = {
        part.label: part.detail for record in records for part in record.parts if part.kind == "module" and part.detail
    }
    return {"python": platform.python_version(), **dict(sorted(found.items()))}


def metrics(graph: Graph, value: Callable[[str, str], Any], warn: Callable[[str], None]) -> dict[str, dict[str, float]]:
    """The numbers that each metric node of the workflow gives; ``value`` finds a node's output (None: not at hand).

    A node gives numbers by name as its first output, or outputs that are numbers themselves.
    """
    declared = (graph.declarations[node] for node in graph.order)
    return {one.node: _numbers(one, value, warn) for one in declared if one.metrics}


def _by_name(by_node: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """As a version has them: a name that several nodes give says whose it is."""
    names = [name for found in by_node.values() for name in found]
    return {
        name if names.count(name) == 1 else f"{node}.{name}": number
        for node, found in by_node.items()
        for name, number in found.items()
    }


def directions(graph: Graph, found: Container[str]) -> dict[str, str]:
    """Which way metrics are better, as the nodes that give them declare."""
    declared: dict[str, str] = {}
    for node, declaration in graph.declarations.items():
        for way in ("lower", "higher") if declaration.metrics else ():
            names: tuple[str, ...] = getattr(declaration, way)
            declared |= {name: way for one in names for name in (one, f"{node}.{one}") if name in found}
    return declared


def _check_ways(declaration: Declaration, given: Mapping[str, float] | None, warn: Callable[[str], None]) -> None:
    """Say which names behind ``--lower`` and ``--higher`` are no numbers that the node gave, if it gave any."""
    node = declaration.node
    for way in ("lower", "higher"):
        for name in getattr(declaration, way):
            if given is None:
                warn(f"Node '{node}': --{way} {name} tells nothing without --metrics.")
            elif given and name.removeprefix(f"{node}.") not in given:
                close = nearest(name, given)
                hint = f"Did you mean '{close}'?" if close else f"It gives {listing(given)}."
                warn(f"Node '{node}': --{way} {name} is none of its metrics. {hint}")


def _numbers(
    declaration: Declaration, value: Callable[[str, str], Any], warn: Callable[[str], None]
) -> dict[str, float]:
    node, first = declaration.node, declaration.outputs[0]
    found = value(node, first)
    if found is None:
        return {}
    if isinstance(found, numbers.Real):
        found = {first: found, **{output: value(node, output) for output in declaration.outputs[1:]}}
    if not isinstance(found, Mapping):
        warn(
            f"Node '{node}' is declared with --metrics, but '{first}' is a {type(found).__name__}: "
            f"make it a number, or numbers by name such as {{'{first}': 0.5}}."
        )
        return {}
    wrong = [str(name) for name, number in found.items() if not isinstance(number, numbers.Real)]
    if wrong:
        warn(f"Node '{node}': {', '.join(wrong)} {'is no number' if len(wrong) == 1 else 'are no numbers'}; left out.")
    return {str(name): float(number) for name, number in found.items() if isinstance(number, numbers.Real)}
