"""Answers about the workflow as it stands: cards, status, why. Reads what is known; runs nothing."""

from __future__ import annotations

import ast
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from helix_jupyter.errors import listing
from helix_jupyter.fingerprint.explain import NEVER
from helix_jupyter.graph.dag import Graph
from helix_jupyter.graph.declaration import Declaration
from helix_jupyter.plan.types import Fact, Place, Plan, State
from helix_jupyter.session.earlier import earlier_values
from helix_jupyter.session.facts import Surroundings, all_reasons, node_fact, said
from helix_jupyter.session.resolve import Known
from helix_jupyter.units import format_duration
from helix_jupyter.version.types import Capture
from helix_jupyter.view.types import Card, Status, StatusRow, Why

_HEADS = 5


def card(
    around: Surroundings,
    declaration: Declaration,
    before: Declaration | None,
    superseded: Collection[str] = (),
    missing: Collection[str] = (),
    runs: bool = False,
) -> Card:
    """What a declaration answers with: a line that stays below its cell, so nothing in it is of the present.

    ``before`` is the one that it replaces; ``superseded`` are those of its outputs that the notebook holds a value of
    its own for; ``missing`` is what it watches and is not there; ``runs``: a run follows by itself.
    """
    node = declaration.node
    recorded = around.records.get(node)
    earlier = before.normalised if before else recorded.normalised if recorded else None
    same = declaration.normalised == earlier and (before is None or _says_the_same(before, declaration))
    change = "new" if earlier is None else "unchanged" if same else "edited"
    plain = Card(
        node,
        declaration.outputs,
        tuple(around.graph.inputs[node]),
        change,
        "declared: it runs at once" if runs else "declared: %helix run computes it",
        State.COMPUTE,
        "; ".join(_notes(around, declaration, superseded, missing)),
    )
    known = around.known.get(node)
    if known is None or known.waiting:
        return plain
    return _with_action(plain, node_fact(around, node, declaration.outputs), known)


def _notes(
    around: Surroundings, declaration: Declaration, superseded: Collection[str], missing: Collection[str]
) -> Iterator[str]:
    """What may not be meant: a name of two meanings, an output that is never given, a file that is not there."""
    yield from _unassigned(declaration)
    yield from _private(around.graph, declaration)
    for watched in missing:
        yield f"nothing is at '{watched}' so far: it is watched for"
    if superseded:
        names = listing([f"'{name}'" for name in superseded])
        yield f"the notebook's own value of {names} is replaced by the node's when it has run"
    graph = around.graph
    for name in declaration.analysis.reads:
        if name in graph.declarations and name not in graph.outputs and name != declaration.node:
            outputs = listing(graph.declarations[name].outputs)
            yield f"it reads the notebook's own '{name}': node '{name}' gives {outputs}"


def _unassigned(declaration: Declaration) -> Iterator[str]:
    """Of several outputs those that the cell does not assign; a single one that it shows nothing for either."""
    written = declaration.analysis.writes
    if len(declaration.outputs) > 1 and not declaration.update and "*" not in written:
        missing = [f"'{output}'" for output in declaration.outputs if output not in written]
        if missing:
            yield f"nothing in it assigns {listing(missing)}"
        return
    if declaration.outputs != (declaration.node,) or not {declaration.node, "*"}.isdisjoint(written):
        return
    if any(isinstance(part, ast.Expr) for part in ast.walk(ast.parse(declaration.code))):
        return
    if not written:
        says = "does nothing" if _is_idle(declaration.code) else f"assigns no '{declaration.node}'"
        yield f"the cell {says}: its result is empty"
    else:
        yield f"it assigns {listing(written, 3)} and not '{declaration.node}': its result is what it shows"


def _is_idle(code: str) -> bool:
    return all(isinstance(statement, ast.Pass) for statement in ast.parse(code).body)


def _private(graph: Graph, declaration: Declaration) -> Iterator[str]:
    """Names that it gives a value of its own although another node gives them."""
    for name in declaration.analysis.writes:
        giver = graph.producers.get(name)
        if giver is not None and giver != declaration.node and name not in declaration.outputs:
            yield f"its '{name}' stays within the cell: node '{giver}' gives that name to others"


def _says_the_same(before: Declaration, after: Declaration) -> bool:
    """Whether two declarations differ in their text alone: comments, blank lines, formatting."""
    return replace(before, source=after.source, code=after.code, analysis=after.analysis) == after


def _with_action(card: Card, fact: Fact, known: Known) -> Card:
    if known.result is not None and math.isfinite(fact.load_seconds):
        where = "in memory" if fact.place is Place.MEMORY else "stored"
        noted = f"; it {fact.note}" if fact.note else ""
        return replace(card, action=f"declared: it was up to date, {where}{noted}", state=State.LOAD)
    about = f" (about {format_duration(fact.compute_seconds)})" if fact.measured else ""
    change = fact.reason if fact.reason and card.change != "new" else card.change
    return replace(card, change=change, action=f"{card.action}{about}")


def status(around: Surroundings, plan: Plan, keeping: Mapping[str, str]) -> Status:
    """Every node: what a run would do with it, why, at what price; and what the user said of ``keeping`` it."""
    return Status(tuple(_row(around, node, plan, keeping.get(node, "")) for node in around.graph.order))


def _row(around: Surroundings, node: str, plan: Plan, keeping: str) -> StatusRow:
    fact = node_fact(around, node, around.graph.declarations[node].outputs)
    fresh = around.known[node].result is not None
    seconds = plan.node_seconds[node]
    return StatusRow(node, plan.states[node], plan.reasons[node], seconds, fact.bytes, fresh, keeping)


def why(
    around: Surroundings, node: str, plan: Plan, keeping: Mapping[str, str], captures: Mapping[str, Capture]
) -> Why:
    """Every reason that a node would run or not, most specific first.

    ``captures``: of the version that its record is of. A plan says in a word what is told here element by element.
    """
    fact = node_fact(around, node, around.graph.declarations[node].outputs)
    notes = [f"it {note}" for note in said(around.known[node]) if note not in plan.reasons[node]]
    said_of_keeping = [f"{keeping[node]}: %helix unpin leaves it to the policy"] if node in keeping else []
    values = earlier_values(captures, around.known[node].captured.reached, around.store)
    told = all_reasons(around, node, fact.place, values=values)
    planned = [plan.reasons[node]] if plan.reasons[node] != fact.reason or not told else []
    heads = _of_heads(around, node, plan) if NEVER not in told else []
    reasons = (*told, *heads, *planned, *notes, *said_of_keeping)
    return Why(node, plan.states[node], tuple(dict.fromkeys(reasons)))


def _of_heads(around: Surroundings, node: str, plan: Plan) -> list[str]:
    """Why the nodes run that ``node`` waits for, which its own reason only names."""
    heads = around.heads(node)
    lines = [f"`{head}`: {plan.reasons[head]}" for head in heads[:_HEADS] if head in plan.reasons]
    return [*lines, f"{len(heads) - _HEADS} more nodes further up"] if len(heads) > _HEADS else lines


def price(name: str, word: str, plan: Plan) -> str:
    """What it takes to bring ``name`` up to date by a run of ``word``, in one line."""
    computed = len(plan.nodes(State.COMPUTE))
    about = "" if plan.guessed else f", about {format_duration(plan.seconds)}"
    nodes = "1 node" if computed == 1 else f"{computed} nodes"
    return f"'{name}' is not up to date: %helix run {word} computes it ({nodes}{about})."
