"""From what is known, stored and measured to the planner's facts: the only form in which a plan sees the store."""

from __future__ import annotations

import math
from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass

from helix_jupyter.fingerprint.explain import explain
from helix_jupyter.graph.dag import Graph
from helix_jupyter.plan.forecast import compute_forecast, guess_seconds, load_forecast
from helix_jupyter.plan.types import Fact, Place
from helix_jupyter.session.resolve import Known
from helix_jupyter.store.store import Store
from helix_jupyter.store.types import ArtifactFact, Cost
from helix_jupyter.version.types import NodeRecord


@dataclass(frozen=True)
class Surroundings:
    """What the facts of all nodes rest on, read once per plan. ``memory`` holds the digests of values at hand."""

    graph: Graph
    artifacts: Mapping[str, ArtifactFact]
    costs: Mapping[str, Cost]
    records: Mapping[str, NodeRecord]
    memory: Container[str]
    store: Store

    @property
    def guess(self) -> float:
        """Seconds assumed for a node that never ran."""
        return guess_seconds([cost.seconds for cost in self.costs.values()])


def needed_outputs(graph: Graph, node: str, targets: Collection[str], inside: Collection[str]) -> tuple[str, ...]:
    """The outputs of ``node`` that the targets need: all of a target's own, else those that a node inside reads."""
    outputs = graph.declarations[node].outputs
    if node in targets:
        return outputs
    return tuple(name for name in outputs if any(reader in inside for reader in graph.consumers(node, name)))


def node_fact(around: Surroundings, node: str, known: Known, outputs: tuple[str, ...], forced: bool) -> Fact:
    """The fact of one node, of which ``outputs`` are needed."""
    cost = around.costs.get(node)
    measured = [known.result.seconds] if known.result else [cost.seconds] if cost else []
    place, load_seconds, size = _availability(around, known, outputs)
    return Fact(
        compute_seconds=compute_forecast(measured, around.guess),
        load_seconds=load_seconds,
        place=place,
        bytes=size or (cost.bytes if cost else 0),
        reason=reason(around, node, known, place, forced),
        must_compute=forced,
        measured=bool(measured),
    )


def _availability(around: Surroundings, known: Known, outputs: tuple[str, ...]) -> tuple[Place, float, int]:
    if known.result is None:
        return Place.NOWHERE, math.inf, 0
    digests = [(output.digest, output.bytes) for output in known.result.outputs if output.name in outputs]
    size = sum(output.bytes for output in known.result.outputs)
    if all(digest in around.memory for digest, _ in digests):
        return Place.MEMORY, 0.0, size
    seconds = 0.0
    for digest, _ in digests:
        if digest in around.memory:
            continue
        artifact = around.artifacts.get(digest)
        if artifact is None:
            return Place.NOWHERE, math.inf, size
        seconds += load_forecast(artifact.bytes, artifact.load_seconds)
    return Place.STORE, seconds, size


def reason(around: Surroundings, node: str, known: Known, place: Place, forced: bool) -> str:
    """Why the node's value is not simply the one of the version before, the most specific reason first."""
    reasons = all_reasons(around, node, known, place, forced)
    return reasons[0] if reasons else ""


def all_reasons(around: Surroundings, node: str, known: Known, place: Place, forced: bool = False) -> tuple[str, ...]:
    """Every reason, most specific first; none where the value of the version before still holds and is there."""
    declaration = around.graph.declarations[node]
    lines: list[str] = []
    if forced:
        lines.append("forced")
    if declaration.volatile:
        lines.append("volatile: never reused")
    lines += known.fingerprint.unknown
    lines += [f"{path} changed" for path in known.changed_files]
    record = around.records.get(node)
    if known.accepted:
        lines.append("its edit was accepted as giving the same value")
    if known.result is None or record is None or known.key != record.key:
        lines += _differences(record, known, declaration.normalised)
    if known.result is not None and place is Place.NOWHERE:
        lines.append(_gone(around, known))
    return tuple(dict.fromkeys(lines))


def _differences(record: NodeRecord | None, known: Known, code: str) -> list[str]:
    if record is None:
        return [] if known.result else ["never run before"]
    lines = [
        line
        for line in explain(record.parts, known.fingerprint, record.normalised, code)
        if not any(f"`{name}`" in line and line.startswith("input") for name in known.waiting)
    ]
    if known.waiting:
        names = ", ".join(f"`{name}`" for name in known.waiting)
        lines.append(f"its input{'s' if len(known.waiting) > 1 else ''} {names} will be made anew")
    if not lines and known.result is None and record.error:
        lines.append("it failed last time")
    return lines


def _gone(around: Surroundings, known: Known) -> str:
    result = known.result
    for output in result.outputs if result else ():
        why = around.store.evicted(output.digest)
        if why:
            return f"no longer stored: {why}"
    return "not stored"
