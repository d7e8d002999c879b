"""What-ifs of a session: one look at the workflow as plain values, and questions in a user's words.

Reads what is known, stored and recorded; changes nothing, runs nothing, writes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from helix_jupyter.config import OPTIONS, Settings
from helix_jupyter.errors import UnknownOption
from helix_jupyter.graph.dag import Graph
from helix_jupyter.plan import expect
from helix_jupyter.plan.explore import Output, Situation, Standing, WhatIf
from helix_jupyter.plan.forecast import load_forecast
from helix_jupyter.plan.types import Fact, Place
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.facts import Surroundings, all_reasons, forecast_of, needed_to_show, node_fact
from helix_jupyter.session.holdings import grouped
from helix_jupyter.session.steps import edits_since, step_ahead
from helix_jupyter.store.types import ArtifactFact

# what is being written counts as stored if that is done soon
WRITE_SECONDS = 1.0


def look(bench: Bench, around: Surroundings) -> Situation:
    """The workflow at this moment."""
    graph, store, workflow = around.graph, bench.store, bench.workflow
    edits = edits_since(around.records, around.known)
    step = step_ahead(graph, around.known, around.costs, edits, graph.sinks())
    steps = bench.history.steps(expect.NODES)
    pinned = frozenset(store.pins(workflow))
    stored, digests = grouped(around.artifacts, [*steps, step], pinned, workflow)
    return Situation(
        graph={node: graph.parents(node) for node in graph.order},
        standings={node: _standing(around, node) for node in graph.order},
        nodes=step.nodes,
        steps=steps,
        edits=edits,
        stored=stored,
        digests=digests,
        loads=_slow_loads(stored, around.artifacts),
        artifacts={digest: fact.disk_bytes for digest, fact in around.artifacts.items()},
        writers={digest: fact.node for digest, fact in around.artifacts.items() if fact.workflow == workflow},
        used=store.used_bytes,
        pinned=pinned,
        never=frozenset(store.never_stored(workflow)),
        budget=store.budget,
        policy=bench.settings["policy"],
    )


def _standing(around: Surroundings, node: str) -> Standing:
    known, declaration = around.known[node], around.graph.declarations[node]
    names, result = declaration.outputs, known.result
    reasons = all_reasons(around, node, Place.NOWHERE)
    anew = replace(node_fact(around, node, names), load_seconds=math.inf, place=Place.NOWHERE)
    anew = _with_forecast(around, node, replace(anew, reason=next(iter(reasons), "")), at_hand=False)
    # the last reason is that the value is not to be had
    reason = next(iter(reasons[:-1]), "") if result is not None else anew.reason
    fact = _with_forecast(around, node, replace(anew, reason=reason), at_hand=True)
    shown = needed_to_show(declaration, result) if result is not None else ""
    can_show = not shown or shown in around.memory or shown in around.artifacts
    digests = {output.name: output.digest for output in result.outputs} if result is not None and can_show else {}
    return Standing(fact, anew, tuple(_output(around, node, name, digests.get(name, "")) for name in names))


def _with_forecast(around: Surroundings, node: str, fact: Fact, at_hand: bool) -> Fact:
    forecast = forecast_of(around, node, at_hand)
    return replace(fact, compute_seconds=forecast.seconds, spread=forecast.spread)


def _slow_loads(stored: Iterable[str], artifacts: Mapping[str, ArtifactFact]) -> dict[str, float]:
    """Seconds of what takes longer to load than its bytes tell, since it is compressed."""
    found = {}
    for key in stored:
        facts = [artifacts[digest] for digest in key.split("+") if digest in artifacts]
        seconds = sum(fact.load_seconds for fact in facts)
        if seconds > load_forecast(sum(fact.bytes for fact in facts)):
            found[key] = seconds
    return found


def _output(around: Surroundings, node: str, name: str, digest: str) -> Output:
    artifact = around.artifacts.get(digest)
    return Output(
        name,
        digest,
        around.graph.consumers(node, name),
        bool(digest) and digest in around.memory,
        load_forecast(artifact.bytes, artifact.load_seconds) if artifact else math.inf,
    )


def what_if(graph: Graph, settings: Settings, asked: Mapping[str, object]) -> WhatIf:
    """A question with its names resolved to nodes and its budget and policy checked.

    Raises
    ------
    UnknownNode, ConfigError
        A name, budget or policy does not exist or fit.
    UnknownOption
        The same node is to be kept in two ways.
    """
    chosen = {key: _nodes(graph.giver, asked.get(key)) for key in ("force", "pin", "never", "unpin")}
    chosen["drop"] = _nodes(graph.resolve, asked.get("drop"))
    for one, other in (("pin", "never"), ("pin", "unpin"), ("never", "unpin")):
        if both := set(chosen[one]) & set(chosen[other]):
            raise UnknownOption(f"'{min(both)}' stands behind both {one} and {other}. Take one of them off.")
    budget, policy = asked.get("budget"), asked.get("policy")
    for key, value in (("budget", budget), ("policy", policy)):
        if value is not None:
            settings.check(key, value, "what if")
    targets = _nodes(graph.giver, asked.get("targets"))
    return WhatIf(
        targets=targets or None,
        budget=None if budget is None else OPTIONS["budget"].parse(str(budget)),
        policy=None if policy is None else str(policy),
        **chosen,
    )


def _nodes(meant: Callable[[str], str], names: object) -> tuple[str, ...]:
    listed = (names,) if isinstance(names, str) else names if isinstance(names, Collection) else ()
    return tuple(dict.fromkeys(meant(str(name)) for name in listed))
