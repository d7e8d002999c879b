"""Answer what-ifs over one situation. Remembers what does not change from one question to the next."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TypeVar

from helix_jupyter.plan import expect
from helix_jupyter.plan.explore import left_behind
from helix_jupyter.plan.explore.choices import Choices, choices
from helix_jupyter.plan.explore.curve import curve, expected_seconds
from helix_jupyter.plan.explore.left_behind import Shelf
from helix_jupyter.plan.explore.situation import Situation
from helix_jupyter.plan.explore.types import CurvePoint, Explored, Going, Prospect, WhatIf
from helix_jupyter.plan.keeping import Stored
from helix_jupyter.plan.outlook import Outlook
from helix_jupyter.plan.planner import ancestors, make_plan
from helix_jupyter.plan.types import Fact, Place, Plan
from helix_jupyter.units import format_bytes

T = TypeVar("T")

# outlooks and curves that are remembered: a slider moves one thing at a time
REMEMBERED = 16
BUDGET, NEVER, POLICY = "beyond the budget", "never to be stored", "evicted for what is worth more"


def explore(situation: Situation, what_if: WhatIf) -> Explored:
    """What would be, under ``what_if``, beside what is. A pure function."""
    return Explorer(situation).explore(what_if)


class Explorer:
    """Answers many what-ifs over one situation, each as ``explore`` does."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self._outlooks: dict[object, Outlook] = {}
        self._curves: dict[object, tuple[CurvePoint, ...]] = {}

    def explore(self, what_if: WhatIf, with_curve: bool = True) -> Explored:
        """What would be, beside what is; ``with_curve=False`` where a curve is not to be waited for."""
        chosen = choices(self.situation, what_if)
        explored = self._prospect(chosen)
        points = self.curve(what_if) if with_curve else ()
        dropped = tuple(node for node in self.situation.graph if node in chosen.dropped)
        problem = _problem(explored) if chosen.lowered else ""
        return Explored(what_if, self._actual, explored, dropped, points, problem)

    def curve(self, what_if: WhatIf) -> tuple[CurvePoint, ...]:
        """What storage buys. The same whatever the budget is: from all that is stored now, and all that the run would
        then do."""
        chosen = choices(self.situation, what_if)
        known = (chosen.targets, chosen.forced, chosen.dropped, chosen.pinned, chosen.never, chosen.policy)
        if known not in self._curves:
            outlook = self._outlook(chosen)
            shelf, going = self._before(chosen, outlook, hold=False)
            plan, facts = self._plan(chosen, [digest for one in going for digest in one.digests])
            _remember(self._curves, known, curve(shelf, self.situation, chosen, plan, facts, outlook))
        return self._curves[known]

    @cached_property
    def _actual(self) -> Prospect:
        return self._prospect(choices(self.situation, WhatIf()))

    def _prospect(self, chosen: Choices) -> Prospect:
        outlook = self._outlook(chosen)
        shelf, before = self._before(chosen, outlook)
        plan, facts = self._plan(chosen, [digest for one in before for digest in one.digests])
        left_behind.run(shelf, self.situation, chosen, plan, facts, outlook.branch())
        return Prospect(
            plan,
            chosen.budget,
            chosen.policy,
            chosen.pinned,
            chosen.never,
            tuple(before),
            tuple(self._going(shelf.evicted, POLICY)),
            shelf.kept,
            tuple(shelf.unsized),
            shelf.used,
            expected_seconds(shelf, outlook),
        )

    def _before(self, chosen: Choices, outlook: Outlook, hold: bool = True) -> tuple[Shelf, list[Going]]:
        """What is stored when the run begins, and what went for that; ``hold``: for the budget, too."""
        situation = self.situation
        shelf = left_behind.shelf_of(situation, chosen)
        never = left_behind.never_digests(situation, chosen)
        going = self._going(left_behind.take_out(shelf, situation, never), NEVER) if never else []
        if hold and chosen.lowered and shelf.used > chosen.budget:
            plan, _ = self._plan(chosen, never)
            loaded = frozenset(situation.nodes[node].key for node, place in plan.places.items() if place is Place.STORE)
            going += self._going(left_behind.trim(shelf, chosen.budget, outlook, loaded), BUDGET)
        if hold:
            left_behind.store_at_hand(shelf, situation, chosen, outlook.branch())
            going += self._going(shelf.evicted, POLICY)
            shelf.evicted.clear()
        return shelf, going

    def _outlook(self, chosen: Choices) -> Outlook:
        """On the run after the coming one: what that one leaves behind does not change it."""
        known = (chosen.targets, chosen.dropped)
        if known not in self._outlooks:
            step = self.situation.coming(*known)
            steps = (*self.situation.steps, step) if step.needed else self.situation.steps
            found = expect.outlook(steps) if steps else Outlook([], 1)
            for key, seconds in self.situation.loads.items():
                found.revise(key, None, seconds)
            _remember(self._outlooks, known, found)
        return self._outlooks[known]

    def _plan(self, chosen: Choices, gone: Iterable[str]) -> tuple[Plan, dict[str, Fact]]:
        situation, lost = self.situation, frozenset(gone)
        graph = {node: parents for node, parents in situation.graph.items() if node not in chosen.dropped}
        inside, targets = ancestors(graph, chosen.targets), set(chosen.targets)
        facts = {}
        for node in graph:
            outputs = situation.standings[node].outputs
            needed = [one.name for one in outputs if node in targets or any(reader in inside for reader in one.readers)]
            facts[node] = situation.fact(node, needed, lost, node in chosen.forced, "it would no longer be stored")
        return make_plan(graph, facts, chosen.targets, chosen.forced), facts

    def _going(self, values: Iterable[Stored], reason: str) -> list[Going]:
        found = []
        for one in values:
            node, current = self.situation.of_value(one.key)
            found.append(Going(node, one.bytes, reason, current, self.situation.digests.get(one.key, ())))
        return found


def _problem(explored: Prospect) -> str:
    over = explored.used - explored.budget
    if over <= 0:
        return ""
    pinned = "what is pinned" if explored.pinned else "what is stored"
    return (
        f"{format_bytes(explored.used)} cannot be brought within {format_bytes(explored.budget)}: {pinned} stays. "
        f"Give at least {format_bytes(explored.used)}, or %helix unpin NODE."
    )


def _remember(known: dict[object, T], key: object, value: T) -> None:
    known[key] = value
    while len(known) > REMEMBERED:
        known.pop(next(iter(known)))
