"""``run --audit``: which of the reused nodes are computed again, and what comparing them with the record says."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from types import ModuleType
from typing import Any

from helix_jupyter.execute.types import Outcome
from helix_jupyter.fingerprint.locality import Origin, origin
from helix_jupyter.graph.dag import Graph
from helix_jupyter.graph.declaration import Declaration
from helix_jupyter.plan.types import Plan, State
from helix_jupyter.session.outside import FILE
from helix_jupyter.session.resolve import Known
from helix_jupyter.session.showing import is_for_show
from helix_jupyter.store.types import Result
from helix_jupyter.version.compare_shown import SHOWS
from helix_jupyter.version.types import AuditRow

REASON = "audit: computed again, to compare"

ACCEPTED = "its edit was accepted as giving the same value"


def draw(graph: Graph, plan: Plan, known: Mapping[str, Known], share: float, seed: int) -> dict[str, Result]:
    """A ``share`` of the nodes that the plan reuses (loads or prunes above its targets), at least one where there is
    any; each with its recorded result. Equal seeds draw equal nodes."""
    reused = {
        node: result
        for node in graph.slice(plan.targets)
        if plan.states[node] is not State.COMPUTE and (result := known[node].result) is not None
    }
    count = min(len(reused), max(1, round(share * len(reused))))
    drawn = set(random.Random(seed).sample(sorted(reused), count))
    return {node: result for node, result in reused.items() if node in drawn}


def compared(
    declaration: Declaration,
    before: Result,
    after: Result,
    done: Outcome,
    namespace: Mapping[str, Any],
    accepted: bool,
    same_shown: bool,
) -> AuditRow:
    """Whether computing a node again gave what is on record for its key.

    ``accepted``: an edit of it was said not to change its value. ``same_shown``: whether it showed the same,
    as far as that is known.
    """
    node = declaration.node
    if before.key != after.key:
        return AuditRow(node, "not compared", "what it reads came out differently itself")
    old = {fact.name: fact for fact in before.outputs}
    comparable = [fact for fact in after.outputs if fact.by_content and old[fact.name].by_content]
    # a value that has a digest only one of the two times is another value, too
    kinds = [fact.name for fact in after.outputs if fact.by_content != old[fact.name].by_content]
    differing = [*kinds, *(fact.name for fact in comparable if fact.digest != old[fact.name].digest)]
    left = [fact.name for fact in after.outputs if not fact.by_content and fact.name not in kinds]
    untold = f"{', '.join(left)} {'has' if len(left) == 1 else 'have'} no digest" if left else ""
    if differing:
        if accepted:
            return AuditRow(node, "different", ACCEPTED)
        which = f"{', '.join(differing)} differ{'s' if len(differing) == 1 else ''}"
        return AuditRow(node, "different", f"{which}; {_origins(declaration, before, after, done, namespace)}")
    if not same_shown and is_for_show(after.outputs):
        return AuditRow(node, "different", f"{SHOWS}; {_origins(declaration, before, after, done, namespace)}")
    if not comparable:
        return AuditRow(node, "not compared", untold)
    own = [source for source in done.consulted if "(by " not in source]  # packages look at clocks all the time
    consulted = f"it consults {', '.join(own[:3])}" if own else ""
    return AuditRow(node, "same", "; ".join(filter(None, ("" if same_shown else SHOWS, untold, consulted))))


def finished(drawn: Collection[str], rows: Mapping[str, AuditRow]) -> tuple[AuditRow, ...]:
    """A row for every node that was drawn."""
    return tuple(rows.get(node, AuditRow(node, "not compared", "the run did not get there")) for node in drawn)


def warning(row: AuditRow) -> str:
    """What a user is told of a difference."""
    if row.detail == ACCEPTED:
        return (
            f"Audit: '{row.node}' gives another value since its edit, which %helix accept said it does not. The new "
            f"value counts from now on."
        )
    if row.detail.startswith(SHOWS):
        return (
            f"Audit: '{row.node}' showed something else from the same inputs; {row.detail.removeprefix(SHOWS + '; ')}. "
            f"If that is its cause, declare it with --volatile, or --watch what it depends on."
        )
    return (
        f"Audit: '{row.node}' gave another value from the same inputs: {row.detail}. The new value counts from now "
        f"on. If that is its cause, declare it with --volatile, or --watch what it depends on."
    )


def _origins(
    declaration: Declaration, before: Result, after: Result, done: Outcome, namespace: Mapping[str, Any]
) -> str:
    """What the difference may come from: what the second time was seen to consult, no more is known."""
    recorded = {fact.name for fact in before.outside if fact.kind == FILE}
    now = {fact.name for fact in after.outside if fact.kind == FILE}
    files = [f"the file {path}, which it had not read before" for path in sorted(now - recorded)]
    files += [f"the file {path}, which it did not read this time" for path in sorted(recorded - now)]
    noted = [] if done.consulted else [f"what it does: it {note.text}" for note in done.notes]
    found = [*files, *done.consulted[:3], *noted]
    if declaration.map:
        found.append("what an item takes from others, their number or their order, which --map leaves no room for")
    found = found or _state_of_packages(declaration, namespace)
    return f"it may come from {', '.join(found)}" if found else "nothing was seen that it may come from"


def _state_of_packages(declaration: Declaration, namespace: Mapping[str, Any]) -> list[str]:
    """Data of installed packages that the cell reads by name: they count by version only."""
    found = []
    for name, chains in declaration.analysis.attributes.items():
        module = namespace.get(name)
        if isinstance(module, ModuleType) and origin(module.__name__) is Origin.THIRD_PARTY:
            for first in sorted({chain.partition(".")[0] for chain in chains} - {""}):
                value = getattr(module, first, None)
                if not callable(value) and not isinstance(value, (ModuleType, type)):
                    found.append(f"the state of a package, `{name}.{first}`")
    return found
