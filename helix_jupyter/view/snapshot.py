"""One JSON snapshot of a workflow: what every drawing of it, here or in the browser, starts from.

Reads a graph, a plan and a version; returns plain values that strict JSON can hold.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any, Protocol

from helix_jupyter.graph.declaration import Declaration
from helix_jupyter.plan.types import Plan, State
from helix_jupyter.version.diff import Diff
from helix_jupyter.version.types import NOT_REACHED, NodeRecord, Version

FORMAT = 1


class GraphLike(Protocol):
    """As much of a graph as a snapshot needs."""

    @property
    def order(self) -> Sequence[str]:
        """Nodes in topological order."""

    @property
    def declarations(self) -> Mapping[str, Declaration]:
        """``{node: declaration}``."""

    @property
    def inputs(self) -> Mapping[str, Mapping[str, str]]:
        """``{node: {name that it reads: node that gives it}}``."""


def snapshot(
    graph: GraphLike,
    plan: Plan | None = None,
    version: Version | None = None,
    fresh: Container[str] | None = None,
) -> dict[str, Any]:
    """Describe a workflow.

    Parameters
    ----------
    plan
        Gives each node the state, reason and predicted seconds of the coming run.
    version
        The last run: gives sizes, compute seconds and last status; without a plan the states too.
    fresh
        The nodes whose recorded value is that of their code as it stands; None where nobody looked.

    Returns
    -------
    dict
        ``nodes`` (``name``, ``outputs``, ``state``, ``place``, ``reason``, ``seconds``, ``compute_seconds``,
        ``bytes``, ``group``, ``code``, ``update``, ``metrics``, ``status``: that of the last run, ``done``,
        ``failed``, ``interrupted`` or empty, ``last``: what the last run did, ``value``: ``fresh``, ``stale``, ``none``
        or None),
        ``edges`` (``parent``, ``child``, ``names``, ``chain``: an update of what the parent gave), ``plan``,
        ``version``. Seconds and bytes are numbers, or None where they are not known.
    """
    records = version.nodes if version else {}
    nodes = [_declared(graph.declarations[name], plan, records.get(name), fresh) for name in graph.order]
    inputs = {name: graph.inputs.get(name, {}) for name in graph.order}
    return _document(nodes, inputs, plan, version)


def version_snapshot(version: Version) -> dict[str, Any]:
    """Describe the workflow as it stood in a version, from its record alone."""
    nodes = [_recorded(record) for record in version.nodes.values()]
    return _document(nodes, {name: record.inputs for name, record in version.nodes.items()}, None, version)


def diff_snapshot(diff: Diff, everything: bool = False) -> dict[str, Any]:
    """Describe both workflows of a diff as one graph.

    A node's ``state`` is its change. Unless ``everything`` is asked for, only the nodes that differ are
    there, and the same ones next to them.
    """
    chosen = diff.all_nodes if everything else _neighbourhood(diff)
    nodes, inputs = [], {}
    for name in chosen:
        node = diff.all_nodes[name]
        record = node.after or node.before
        assert record is not None
        nodes.append({**_recorded(record), "state": node.change.value, "reason": "; ".join(node.reasons)})
        inputs[name] = {
            **(node.before.inputs if node.before else {}),
            **(node.after.inputs if node.after else {}),
        }
    return _document(nodes, inputs, None, diff.after)


def _neighbourhood(diff: Diff) -> list[str]:
    near = set(diff.nodes)
    for name, node in diff.all_nodes.items():
        for record in (node.before, node.after):
            parents = set(record.inputs.values()) if record else set()
            if name in diff.nodes:
                near |= parents
    return [name for name in diff.all_nodes if name in near]


def _document(
    nodes: list[dict[str, Any]],
    inputs: Mapping[str, Mapping[str, str]],
    plan: Plan | None,
    version: Version | None,
) -> dict[str, Any]:
    known = nodes_by_name(nodes)
    return {
        "format": FORMAT,
        "nodes": nodes,
        "edges": [edge for child, names in inputs.items() for edge in _edges(child, names, known)],
        "plan": _planned(plan) if plan else None,
        "version": version.id if version else None,
    }


def nodes_by_name(nodes: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """``{name: node}`` of a snapshot's nodes."""
    return {node["name"]: node for node in nodes}


def _edges(child: str, inputs: Mapping[str, str], nodes: Mapping[str, dict[str, Any]]) -> Iterable[dict[str, Any]]:
    by_parent: dict[str, list[str]] = {}
    for name, parent in inputs.items():
        if parent in nodes:
            by_parent.setdefault(parent, []).append(name)
    for parent, names in by_parent.items():
        chain = nodes[child]["update"] and not set(names).isdisjoint(nodes[child]["outputs"])
        yield {"parent": parent, "child": child, "names": names, "chain": chain}


def _declared(
    declaration: Declaration, plan: Plan | None, record: NodeRecord | None, fresh: Container[str] | None
) -> dict[str, Any]:
    known = _recorded(record) if record else _unknown()
    node = {
        **known,
        "name": declaration.node,
        "outputs": list(declaration.outputs),
        "code": declaration.source,
        "update": declaration.update,
        "metrics": declaration.metrics,
        "group": declaration.group,
        "value": _value(declaration.node, record, fresh),
    }
    return {**node, **_coming(declaration.node, plan)} if plan else node


def _value(node: str, record: NodeRecord | None, fresh: Container[str] | None) -> str | None:
    if fresh is None:
        return None
    return "fresh" if node in fresh else "stale" if record and record.outputs else "none"


def _unknown() -> dict[str, Any]:
    names = ("state", "place", "seconds", "compute_seconds", "bytes", "last", "value")
    return {**dict.fromkeys(names), "reason": "", "status": ""}


def _coming(node: str, plan: Plan) -> dict[str, Any]:
    state = plan.states.get(node)
    place = plan.places.get(node)
    return {
        "state": state.value if state else None,
        "place": place.value if place else None,
        "reason": plan.reasons.get(node, ""),
        # a guess is no figure to show beside measured ones
        "seconds": None if node in plan.guessed else _finite(plan.node_seconds.get(node, 0.0)),
    }


def _recorded(record: NodeRecord) -> dict[str, Any]:
    return {
        "name": record.node,
        "outputs": [output.name for output in record.outputs],
        "state": record.outcome,
        "place": None,
        "reason": record.error or record.reason,
        "seconds": _finite(record.seconds),
        "compute_seconds": _finite(record.compute_seconds),
        "bytes": record.bytes,
        "code": record.source,
        "update": bool(record.options.get("update")),
        "metrics": bool(record.options.get("metrics")),
        "group": record.options.get("group"),
        "status": record.outcome if record.outcome in ("failed", "interrupted") else "done",
        "last": _last(record),
        "value": None,
    }


def _last(record: NodeRecord) -> dict[str, Any]:
    state = record.outcome
    if record.state is State.PRUNE and record.reason.startswith(NOT_REACHED):
        state = "unreached"
    return {"state": state, "seconds": _finite(record.seconds), "reason": record.error or record.reason}


def _planned(plan: Plan) -> dict[str, Any]:
    return {
        "seconds": _finite(plan.seconds),
        "bytes_read": plan.bytes_read,
        "targets": list(plan.targets),
        "guessed": list(plan.guessed),
        "deferred": {node: _finite(seconds) for node, seconds in (plan.deferred or {}).items()},
    }


def _finite(number: float) -> float | None:
    # to the microsecond: what is beyond nobody sees, and a saved notebook holds
    return round(number, 6) if math.isfinite(number) else None
