"""Make a what-if so, and take it back: pins, nodes never to store, the DAG, budget and policy.

What was deleted for a lower budget cannot be brought back but from memory: that is told, not hidden.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from helix_jupyter.config import ORIGINS
from helix_jupyter.errors import HelixError
from helix_jupyter.graph.declaration import Declaration
from helix_jupyter.plan.explore import Explored
from helix_jupyter.plan.explore.types import Going
from helix_jupyter.session import steering
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.workflow import Workflow
from helix_jupyter.version.types import NodeRecord

SETTINGS = ("budget", "policy")


@dataclass(frozen=True)
class Applied:
    """What was made so, and what it takes to undo that.

    Attributes
    ----------
    explored
        The answer that was made so.
    targets, force
        What the next run is to be given: ``session.run(**applied.run)``.
    keeping
        What was said of keeping before, for each node that this changed: ``pinned``, ``never stored`` or empty.
    settings
        Budget and policy as ``%helix config`` had them before; None where it had nothing to say.
    declarations
        All declarations before.
    lost
        Nodes whose stored values were deleted.
    """

    explored: Explored
    targets: tuple[str, ...] | None
    force: tuple[str, ...]
    keeping: Mapping[str, str]
    settings: Mapping[str, str | None]
    declarations: Mapping[str, Declaration]
    lost: tuple[str, ...]

    @property
    def gone(self) -> tuple[Going, ...]:
        """All stored values that were deleted, those of earlier versions too."""
        return self.explored.explored.gone_before

    def gone_for_good(self, lost: Collection[str]) -> tuple[Going, ...]:
        """What of that ``undo`` did not bring back, given the nodes that it told of."""
        return tuple(one for one in self.gone if not one.current or one.node in lost)

    @property
    def run(self) -> dict[str, tuple[str, ...] | None]:
        """The arguments of the run that was explored."""
        return {"targets": self.targets, "force": self.force}

    @property
    def command(self) -> str:
        """The magic line of the run that was explored."""
        return " ".join(["%helix run", *(self.targets or ()), *(f"--force {node}" for node in self.force)])


def check_still_so(explored: Explored, now: Explored) -> None:
    """Raise ``HelixError`` where the answer cannot be made so, or is another by now."""
    if now.problem:
        raise HelixError(now.problem)
    then, today = explored.explored, now.explored
    same = (
        then.plan.states == today.plan.states
        and {one.digests for one in then.gone_before} == {one.digests for one in today.gone_before}
        and explored.dropped == now.dropped
    )
    if not same:
        raise HelixError("The workflow is another than when this was explored, and so is the answer. Explore again.")


def apply(bench: Bench, workflow: Workflow, records: Mapping[str, NodeRecord], explored: Explored) -> Applied:
    """Make it so. The session has checked it, and sees to the names that the notebook has of what is dropped."""
    what_if, after = explored.what_if, explored.explored
    steered = [node for node in (*what_if.pin, *what_if.never, *what_if.unpin) if node not in explored.dropped]
    said = steering.keeping(bench)
    asked_for = set(what_if.targets or ()) - set(explored.dropped)
    applied = Applied(
        explored,
        tuple(map(workflow.graph.word_for, after.plan.targets)) if asked_for else None,
        tuple(workflow.graph.word_for(node) for node in what_if.force if node not in explored.dropped),
        MappingProxyType({node: said.get(node, "") for node in steered}),
        MappingProxyType({key: _configured(bench, key) for key in SETTINGS}),
        MappingProxyType(dict(workflow.declarations)),
        tuple(dict.fromkeys(one.node for one in after.gone_before if one.current)),
    )
    for key, value in (("budget", what_if.budget), ("policy", what_if.policy)):
        if value is not None:
            bench.settings.put(key, value)
    bench.store.budget = bench.settings["budget"]
    going = [digest for one in after.gone_before for digest in one.digests]
    bench.store.evict(going, "given up for a what-if that was applied")
    survey = workflow.survey(shown=True)
    steering.never_store(bench, survey, [node for node in what_if.never if node in steered])
    for node in what_if.unpin:
        bench.store.set_pin(bench.workflow, node, False)
    steering.pin(bench, survey, records, [node for node in what_if.pin if node in steered])
    return applied


def undo(bench: Bench, workflow: Workflow, records: Mapping[str, NodeRecord], applied: Applied) -> tuple[str, ...]:
    """Take it back; gives the nodes whose stored values could not be brought back, since memory has them no more."""
    for key, text in applied.settings.items():
        if text is None:
            bench.settings.clear(key, ORIGINS[0])
        else:
            bench.settings.put(key, text)
    bench.store.budget = bench.settings["budget"]
    for node, said in applied.keeping.items():
        steering.say(bench, node, said)
    survey = workflow.survey(shown=True)
    back = [node for node in applied.lost if node in survey.graph.declarations]
    steering.store_at_hand(bench, survey, records, back)
    bench.store.flush()
    results = {node: survey.known[node].result for node in back}
    wanted = {node: {one.digest for one in result.outputs} if result else set() for node, result in results.items()}
    return tuple(node for node in back if not wanted[node] or bench.store.has(wanted[node]) != wanted[node])


def with_dropped(workflow: Workflow, applied: Applied) -> dict[str, Declaration]:
    """The declarations of now, with the dropped ones in the places that they had."""
    now = dict(workflow.declarations)
    dropped = {node: one for node, one in applied.declarations.items() if node in applied.explored.dropped}
    before = {node: now.get(node) or dropped.get(node) for node in applied.declarations}
    return {node: one for node, one in before.items() if one is not None} | now


def _configured(bench: Bench, key: str) -> str | None:
    setting = bench.settings.setting(key)
    return setting.text if setting.origin == ORIGINS[0] else None
