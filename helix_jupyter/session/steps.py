"""From versions to the iterations that policies learn from and simulations replay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from helix_jupyter.fingerprint.types import READ, Part
from helix_jupyter.graph.dag import Graph
from helix_jupyter.plan.forecast import guess_seconds, load_forecast, write_forecast
from helix_jupyter.plan.trace import NodeVersion, Step
from helix_jupyter.session.resolve import Known
from helix_jupyter.store.types import Cost
from helix_jupyter.version.types import NodeRecord, OutputRecord, Version

ADDED, FILE = "added", "file"


def value_key(outputs: Iterable[str]) -> str:
    """What names a node's value: its outputs' digests. Equal values have one name, whatever made them."""
    return "+".join(outputs)


def step_of(version: Version, before: Mapping[str, NodeRecord]) -> Step:
    """A version as an iteration; ``before`` are the nodes of the one before it."""
    records = version.nodes
    nodes = {name: _node(version, record) for name, record in records.items()}
    edits = {name: kind for name, record in records.items() if (kind := _edit(before.get(name), record.parts))}
    return Step(nodes, version.targets, edits)


def step_ahead(
    graph: Graph,
    known: Mapping[str, Known],
    costs: Mapping[str, Cost],
    edits: Mapping[str, str],
    targets: tuple[str, ...],
) -> Step:
    """The iteration that is being made: costs as last measured, values by ``current_key``."""
    guess = guess_seconds([cost.seconds for cost in costs.values()])
    nodes = {}
    for name in graph.order:
        one, cost = known[name], costs.get(name)
        seconds = one.result.seconds if one.result else cost.seconds if cost else guess
        size = one.result.bytes if one.result else cost.bytes if cost else 0
        reusable = not graph.declarations[name].volatile
        shows = (one.result.console or "") if one.result else ""
        nodes[name] = _node_version(current_key(name, one), graph.parents(name), seconds, size, reusable, shows)
    return Step(nodes, targets, edits)


def edits_since(before: Mapping[str, NodeRecord], known: Mapping[str, Known]) -> dict[str, str]:
    """The nodes that were edited since they were recorded, each with the kind of its edit."""
    kinds = {
        # which files a node reads is known only when it ran
        name: FILE if one.changed else _edit(before.get(name), one.fingerprint.parts, reads=False)
        for name, one in known.items()
    }
    return {name: kind for name, kind in kinds.items() if kind}


def current_key(name: str, known: Known) -> str:
    """The name of a node's value in the iteration that is being made."""
    return value_key(output.digest for output in known.result.outputs) if known.result else f"coming {name}"


def _node_version(
    key: str, parents: Iterable[str], seconds: float, bytes: int, reusable: bool, shows: str
) -> NodeVersion:
    above = tuple(dict.fromkeys(parents))
    return NodeVersion(key, above, seconds, load_forecast(bytes), bytes, write_forecast(bytes), reusable, shows)


def _node(version: Version, record: NodeRecord) -> NodeVersion:
    known = bool(record.outputs)
    key = value_key(output.digest for output in record.outputs) if known else f"unknown {record.node} {version.id}"
    reusable = known and record.key is not None and not record.options.get("volatile") and _storable(record.outputs)
    return _node_version(key, record.inputs.values(), record.compute_seconds, record.bytes, reusable, record.console)


def _storable(outputs: Iterable[OutputRecord]) -> bool:
    return all(output.bytes for output in outputs)


def _edit(before: NodeRecord | None, after: Iterable[Part], reads: bool = True) -> str:
    """The kind of a node's edit: of the first of its own parts that differs. Empty if it was not edited itself."""
    if before is None:
        return ADDED
    old, new = _own(before.parts, reads), _own(after, reads)
    return next((kind for kind, label in (*new, *old) if new.get((kind, label)) != old.get((kind, label))), "")


def _own(parts: Iterable[Part], reads: bool) -> dict[tuple[str, str], str]:
    """All but other nodes' outputs, and but the files that it read unless ``reads``."""
    return {
        (part.kind, part.label): part.digest
        for part in parts
        if part.kind != "input" and (reads or part.kind != FILE or part.detail != READ)
    }
