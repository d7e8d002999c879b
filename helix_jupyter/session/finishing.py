"""What becomes of a node that ran, in stages that hand on frozen values: an outcome is settled, then finished.

``settle`` puts back what the node changed of values that are not its own; ``failed`` or ``finished`` says what it gave,
``share`` records that for equal nodes. What follows for the rest of the run is the matter of ``iteration``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from helix_jupyter.errors import NodeFailed, StoreError
from helix_jupyter.execute.types import Outcome, Task
from helix_jupyter.fingerprint.reads import Seen
from helix_jupyter.graph.dag import Graph
from helix_jupyter.session import auditing
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.inputs import Inputs
from helix_jupyter.session.itemwise import Itemwise
from helix_jupyter.session.lent import Lent
from helix_jupyter.session.outcomes import Warn, result_of
from helix_jupyter.session.resolve import Known
from helix_jupyter.session.showing import same_shown
from helix_jupyter.session.twins import form_of, may_be_shared, to_share
from helix_jupyter.session.unseen import unseen_name
from helix_jupyter.store.pickling import Prepared
from helix_jupyter.store.types import Result
from helix_jupyter.version.types import AuditRow
from helix_jupyter.view.words import plural


@dataclass(frozen=True)
class Settled:
    """What a node gave, once what it changed of values that are not its own was put back.

    ``changed``: an input, which was dropped. ``stays_changed``: something of the notebook stays as the node left it.
    ``damaged``: an input had been loaded from damaged bytes, so what it gave is worth nothing.
    """

    done: Outcome
    changed: bool
    stays_changed: bool
    damaged: StoreError | None = None


@dataclass(frozen=True)
class Finished:
    """What is recorded of a node that ran, and its values ready to be written, by digest.

    ``told``: of its items, for the version. ``audit``: what comparing it with the record said, where that was asked.
    """

    result: Result
    prepared: Mapping[str, Prepared]
    told: str = ""
    audit: AuditRow | None = None


def settle(bench: Bench, lent: Lent, inputs: Inputs, node: str, known: Known, done: Outcome) -> Settled:
    """Put back or drop what ``node`` changed in place."""
    looked_outside = done.seen != Seen() or bool(done.notes) or done.drew
    done, changed_captures, stays_changed = lent.settle(node, known.captured, done)
    bench.memos.after(known.captured, known.modules, looked_outside or changed_captures)
    try:
        # of a node that failed, too: its inputs are still bound
        return Settled(done, inputs.check(node, known), stays_changed)
    except StoreError as problem:
        return Settled(done, True, stays_changed, problem)


def failed(bench: Bench, graph: Graph, task: Task, done: Outcome, warn: Warn) -> BaseException:
    """What to raise of a node that failed; of one that goes item by item what was done is stored."""
    assert done.error is not None
    node = task.declaration.node
    if isinstance(task.each, Itemwise):
        facts, _ = bench.outside.facts(done.seen, done.notes)
        if kept := task.each.save(facts, done.seconds):
            warn(f"Node '{node}': what was done is kept ({plural(kept, 'item')}).")
    if isinstance(done.error, KeyboardInterrupt):
        return done.error
    hint = unseen_name(done.error, task.declaration.analysis.reads, {*graph.producers, *bench.namespace})
    # sys.exit() is one, too
    return NodeFailed(node, done.line, done.error, script=task.declaration.origin.script, hint=hint)


def finished(
    bench: Bench,
    graph: Graph,
    known: Known,
    task: Task,
    done: Outcome,
    before: Result | None,
    accepted: bool,
    warn: Warn,
) -> Finished:
    """What a node that ran gave.

    Parameters
    ----------
    before
        The recorded result that an audit compares it with; None where none does.
    accepted
        An edit of it was said not to change its value.
    """
    node = task.declaration.node
    result, prepared = result_of(bench, graph, known, task, done, warn)
    told = ""
    if isinstance(task.each, Itemwise):
        each = task.each
        outside = tuple(dict.fromkeys((*result.outside, *each.facts)))
        result = replace(result, seconds=result.seconds + each.saved_seconds, outside=outside)
        each.record(result)
        if done.drew and each.parts > 1:
            warn(f"Node '{node}' draws random numbers: what an item gets depends on those beside it (--map).")
        told = each.told
    audit = None if before is None else _compared(bench, task, before, result, done, accepted, warn)
    return Finished(result, prepared, told, audit)


def _compared(
    bench: Bench, task: Task, before: Result, result: Result, done: Outcome, accepted: bool, warn: Warn
) -> AuditRow:
    after = replace(result, key=before.key) if accepted else result
    same = same_shown(bench, before, result, done.events)
    row = auditing.compared(task.declaration, before, after, done, bench.namespace, accepted, same)
    if row.outcome == "different":
        warn(auditing.warning(row))
    return row


def share(
    bench: Bench,
    graph: Graph,
    known: Mapping[str, Known],
    result: Result,
    done: Outcome,
    upcoming: Collection[str],
) -> list[str]:
    """Record a result for equal nodes, too, and give those of the ``upcoming`` ones."""
    node = result.node
    declaration, captured, parts = graph.declarations[node], known[node].captured, known[node].fingerprint.parts
    if known[node].accepted or not may_be_shared(result, done, parts):
        return []
    form = form_of(declaration, graph.inputs[node], captured.nodes)
    if form is None:
        return []
    shared = to_share(result, declaration, form, parts)
    bench.store.add_result(shared, bytes_read=None)
    bench.resolver.recorded.add(shared)
    return [other for other in upcoming if known[other].shared_key == shared.key and other != node]
