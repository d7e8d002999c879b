"""Garbage collection: which versions and artifacts go, what they would cost again, and deleting them."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence

from helix_jupyter.store import artifacts, items, notes, results, versions
from helix_jupyter.store.database import Database
from helix_jupyter.store.objects import Objects
from helix_jupyter.store.sweep import sweep
from helix_jupyter.store.types import ArtifactFact, GcReport, NodeShare

# the number of a version that stays -> digests that it refers to
Needed = Callable[[int], Collection[str]]


def collect(
    database: Database,
    objects: Objects,
    workflow: str,
    needed: Needed,
    *,
    keep_last: int | None = None,
    older_than_seconds: float | None = None,
    dry_run: bool = False,
    kept: Collection[int] = (),
) -> GcReport:
    """See :meth:`helix_jupyter.store.store.Store.collect`."""
    aged = versions.ages(database, workflow)
    staying = _staying(aged, keep_last, older_than_seconds) | {number for number, _ in aged if number in kept}
    wanted = {digest for number in sorted(staying) for digest in needed(number)}
    wanted |= results.consoles(database, wanted) | results.outputs_of_others(database, workflow)
    facts = artifacts.facts(database).values()
    unneeded = [fact for fact in facts if fact.workflow == workflow and fact.digest not in wanted]
    pins = notes.pins(database, workflow)
    garbage = [fact for fact in unneeded if fact.node not in pins]
    freed = artifacts.freed(database, [fact.digest for fact in garbage])
    without_pins = artifacts.freed(database, [fact.digest for fact in unneeded])
    leaving = tuple(number for number, _ in aged if number not in staying)
    report = GcReport(
        dry_run=dry_run,
        versions={workflow: leaving} if leaving else {},
        artifacts=tuple(sorted(garbage, key=lambda fact: (-fact.bytes, fact.digest))),
        nodes=_shares(garbage, freed),
        pinned=sum(without_pins.values()) - sum(freed.values()),
    )
    if not dry_run:
        versions.delete(database, workflow, leaving)
        artifacts.evict(database, [fact.digest for fact in garbage], "no version needs it (gc)")
        stored = set(artifacts.facts(database))
        results.prune(database, workflow, wanted | stored)
        items.prune(database, workflow, stored)
        sweep(database, objects)
    return report


def _staying(aged: Sequence[tuple[int, float]], keep_last: int | None, older_than_seconds: float | None) -> set[int]:
    """Versions that stay: one goes where every given condition says so; with none given, all stay."""
    if keep_last is None and older_than_seconds is None:
        return {number for number, _ in aged}
    newest = {number for number, _ in aged[-keep_last:]} if keep_last else set()
    if older_than_seconds is None:
        return newest
    oldest = time.time() - older_than_seconds
    return newest | {number for number, created in aged if created >= oldest}


def _shares(garbage: Sequence[ArtifactFact], freed: Mapping[str, int]) -> dict[tuple[str, str], NodeShare]:
    shares: dict[tuple[str, str], NodeShare] = {}
    for fact in garbage:
        share = shares.get((fact.workflow, fact.node), NodeShare(0, 0, 0.0))
        shares[fact.workflow, fact.node] = NodeShare(
            share.artifacts + 1, share.bytes + freed.get(fact.digest, 0), share.worth_seconds + fact.worth_seconds
        )
    return shares
