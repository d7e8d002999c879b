"""From what is known, stored and measured to the planner's facts: the only form in which a plan sees the store."""

from __future__ import annotations

import math
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from helix_jupyter.fingerprint.explain import NEVER, Values, explain
from helix_jupyter.fingerprint.key import code_digest
from helix_jupyter.fingerprint.types import READ, Part
from helix_jupyter.graph.dag import Graph
from helix_jupyter.graph.declaration import Declaration
from helix_jupyter.plan.forecast import PRIOR_SPREAD, Forecast, Measured, compute_forecast, guess_seconds, load_forecast
from helix_jupyter.plan.types import Fact, Place, State
from helix_jupyter.session.outside import FILE, FOLDER, LOOKS, NOTE, VARIABLE, WRITTEN
from helix_jupyter.session.resolve import Known
from helix_jupyter.store.store import Store
from helix_jupyter.store.types import ArtifactFact, Cost, Result
from helix_jupyter.version.types import NodeRecord

# what a record says of something outside that a node turned to by itself, as against what is watched
_OUTSIDE = frozenset({FILE, VARIABLE, FOLDER, WRITTEN, NOTE, "source", *LOOKS})


@dataclass(frozen=True)
class Surroundings:
    """What the facts of all nodes rest on, read once per plan. ``memory`` holds the digests of values at hand."""

    graph: Graph
    known: Mapping[str, Known]
    artifacts: Mapping[str, ArtifactFact]
    costs: Mapping[str, Cost]
    records: Mapping[str, NodeRecord]
    memory: Container[str]
    store: Store

    @cached_property
    def guess(self) -> float:
        """Seconds assumed for a node that never ran."""
        return guess_seconds([cost.seconds for cost in self.costs.values()])

    @cached_property
    def causes(self) -> Mapping[str, tuple[str, ...]]:
        """Of each node, those at the head of the wave that reaches it: they wait for nothing themselves."""
        found: dict[str, tuple[str, ...]] = {}
        for node in self.graph.order:
            inputs = self.graph.inputs[node]
            above = dict.fromkeys(found[inputs[name]] for name in self.known[node].waiting)
            found[node] = (node,) if not above else next(iter(above)) if len(above) == 1 else _together(above)
        return found

    def heads(self, node: str) -> tuple[str, ...]:
        """The nodes further up that make ``node`` wait; none where it does not."""
        inputs = self.graph.inputs[node]
        return _together(self.causes[inputs[name]] for name in self.known[node].waiting)


def needed_outputs(graph: Graph, node: str, targets: Collection[str], inside: AbstractSet[str]) -> tuple[str, ...]:
    """The outputs of ``node`` that the targets need: all of a target's own, else those that a node inside reads."""
    outputs = graph.declarations[node].outputs
    if node in targets or (len(outputs) == 1 and not inside.isdisjoint(graph.children(node))):
        return outputs
    return tuple(name for name in outputs if any(reader in inside for reader in graph.consumers(node, name)))


def node_fact(around: Surroundings, node: str, outputs: tuple[str, ...], forced: bool = False) -> Fact:
    """The fact of one node, of which ``outputs`` are needed."""
    known = around.known[node]
    cost = around.costs.get(node)
    place, load_seconds, size = _availability(around, node, outputs)
    forecast = forecast_of(around, node, place is not Place.NOWHERE and not forced)
    return Fact(
        compute_seconds=forecast.seconds,
        load_seconds=load_seconds,
        place=place,
        bytes=size or (cost.bytes if cost else 0),
        reason=next(iter(all_reasons(around, node, place, forced)), ""),
        must_compute=forced,
        measured=bool(known.result or cost),
        note=" and ".join(said(known)),
        spread=forecast.spread,
    )


def forecast_of(around: Surroundings, node: str, at_hand: bool) -> Forecast:
    """What computing a node will take: by all that was measured of it, if that is what is to be done."""
    known, cost = around.known[node], around.costs.get(node)
    if known.result and at_hand and known.result.reusable:
        return Forecast(known.result.seconds, PRIOR_SPREAD)
    measured = cost.history if cost else ()
    code = code_digest(known.fingerprint.parts) if measured else ""
    if known.result and all(one.key != known.result.key for one in measured):
        measured = (Measured(known.result.seconds, 0, known.result.key, code), *measured)
    read = bytes_read(around.graph, node, around.known, around.costs) if measured else 0
    return compute_forecast(measured, around.guess, read, known.key, code)


def bytes_read(graph: Graph, node: str, known: Mapping[str, Known], costs: Mapping[str, Cost]) -> int:
    """Size of a node's inputs in bytes, of those that are still to be made as they were last; 0: nobody knows."""
    total = 0
    for name, producer in graph.inputs[node].items():
        result = known[producer].result
        if result is not None:
            total += sum(output.bytes for output in result.outputs if output.name == name)
        elif producer in costs and name in costs[producer].sizes:
            total += costs[producer].sizes[name]
        else:
            return 0
    return total


def said(known: Known) -> tuple[str, ...]:
    """What is to be said of a node's recorded result: ``reads the clock (datetime.now in line 2)``."""
    return tuple(fact.name for fact in known.result.outside if fact.kind == NOTE) if known.result else ()


def _availability(around: Surroundings, node: str, outputs: tuple[str, ...]) -> tuple[Place, float, int]:
    known, declaration = around.known[node], around.graph.declarations[node]
    if known.result is None:
        return Place.NOWHERE, math.inf, 0
    digests = [output.digest for output in known.result.outputs if output.name in outputs]
    if digests and (shown := needed_to_show(declaration, known.result)):
        digests.append(shown)
    size = sum(output.bytes for output in known.result.outputs)
    if all(digest in around.memory for digest in digests):
        return Place.MEMORY, 0.0, size
    seconds = 0.0
    for digest in digests:
        if digest in around.memory:
            continue
        artifact = around.artifacts.get(digest)
        if artifact is None:
            return Place.NOWHERE, math.inf, size
        seconds += load_forecast(artifact.bytes, artifact.load_seconds)
    return Place.STORE, seconds, size


def needed_to_show(declaration: Declaration, result: Result) -> str:
    """The digest of what a node showed, where it is there for that and of no use without: its value may be any other
    node's. Else empty."""
    return (result.console or "") if set(declaration.outputs).isdisjoint(declaration.analysis.writes) else ""


def all_reasons(
    around: Surroundings, node: str, place: Place, forced: bool = False, values: Values = lambda kind, label: None
) -> tuple[str, ...]:
    """Every reason, most specific first; none where the value of the version before still holds and is there.

    ``values``: see ``explain``.
    """
    declaration, known = around.graph.declarations[node], around.known[node]
    lines: list[str] = []
    if forced:
        lines.append("forced")
    if declaration.volatile:
        lines.append("volatile: never reused")
    lines += known.fingerprint.unknown
    lines += [f"it reads `{name}`, which nothing defines" for name in _undefined(declaration, known)]
    lines += known.changed
    record = around.records.get(node)
    if known.shared_key is not None and known.result is not None:
        lines.append(f"computes what `{known.result.node}` gave")
    if known.accepted:
        lines.append("its edit was accepted as giving the same value")
    if known.result is None or record is None or known.key != record.key:
        lines += _differences(around, node, record, values)
    if known.result is not None and place is Place.NOWHERE:
        lines.append(_gone(around, known.result, declaration))
    return tuple(dict.fromkeys(lines))


def _undefined(declaration: Declaration, known: Known) -> Iterator[str]:
    certain = frozenset(declaration.analysis.reads)
    return (name for name in known.captured.missing if name in certain)


def _differences(around: Surroundings, node: str, record: NodeRecord | None, values: Values) -> list[str]:
    known = around.known[node]
    if record is None or (record.state is State.PRUNE and not record.outputs):
        return [] if known.result else [NEVER]
    before = [part for part in record.parts if _can_be_compared(part, known)]
    after = tuple(part for part in known.fingerprint.parts if _can_be_compared(part, known))
    declaration = around.graph.declarations[node]
    mark = replace(known.fingerprint, parts=after)
    lines = list(explain(before, mark, record.code or None, declaration.code, declaration.origin.offset, values))
    if known.waiting:
        lines.append(_waits(around, node))
    if not lines and known.result is None and record.error:
        how = record.error.partition(f"'{node}' failed")[2]
        lines.append("it was interrupted last time" if record.outcome == "interrupted" else f"it failed last time{how}")
    return lines


def _can_be_compared(part: Part, known: Known) -> bool:
    """Not before the node runs: what it turns to outside; not before its inputs are made: these, and their types."""
    if part.detail == READ and part.kind in _OUTSIDE:
        return False
    if part.kind == "input":
        return part.label not in known.waiting
    return (
        not known.waiting
        or part.kind != "module"
        or any((part.kind, part.label) == (one.kind, one.label) for one in known.fingerprint.parts)
    )


def _waits(around: Surroundings, node: str) -> str:
    """Which inputs will be made anew, and which nodes further up are the cause."""
    waiting = around.known[node].waiting
    inputs = around.graph.inputs[node]
    causes = around.heads(node)
    named = ", ".join(f"`{cause}`" for cause in causes)
    direct = set(causes) <= {inputs[name] for name in waiting} and len(causes) == len(waiting)
    line = f"its input{'s' if len(waiting) > 1 else ''} {', '.join(f'`{name}`' for name in waiting)} will be made anew"
    return line if direct else f"{line}, because of {named}"


def _together(several: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(several)))


def _gone(around: Surroundings, result: Result, declaration: Declaration) -> str:
    for output in result.outputs:
        why = around.store.evicted(output.digest)
        if why:
            return f"no longer stored: {why}"
    if (shown := needed_to_show(declaration, result)) and (why := around.store.evicted(shown)):
        return f"what it showed is no longer stored: {why}"
    return "not stored"
