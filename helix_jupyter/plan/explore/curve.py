"""What storage buys: expected seconds of the next iteration at about a dozen budgets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from helix_jupyter.plan.explore import left_behind
from helix_jupyter.plan.explore.choices import Choices
from helix_jupyter.plan.explore.left_behind import Shelf
from helix_jupyter.plan.explore.situation import Situation
from helix_jupyter.plan.explore.types import CurvePoint
from helix_jupyter.plan.outlook import Outlook
from helix_jupyter.plan.types import Fact, Plan

# Of all that could be stored after the coming run and is not pinned; closer together where a little storage buys much.
SHARES = (1.0, 0.8, 0.65, 0.5, 0.4, 0.3, 0.2, 0.15, 0.1, 0.05, 0.02, 0.0)


def curve(
    shelf: Shelf,
    situation: Situation,
    chosen: Choices,
    plan: Plan,
    facts: Mapping[str, Fact],
    outlook: Outlook,
) -> tuple[CurvePoint, ...]:
    """The points of one set of choices, smallest budget first. ``shelf`` is what is stored before the run.

    Under ``adaptive`` what stays is the set that is worth most, which is found by one pass from everything down: an
    answer for one budget, which looks twice, may be a little better than its point. Policies that never evict are asked
    anew for each budget. The coming run is taken to do what ``plan`` says.
    """
    full = Shelf(dict(shelf.stored), shelf.elsewhere)
    everything = replace(chosen, budget=shelf.used + sum(situation.nodes[name].bytes for name in plan.states))
    left_behind.run(full, situation, everything, plan, facts, outlook.branch())
    most = full.used
    if not full.stored:
        return ()
    # less than what is pinned is no budget
    least = full.elsewhere + sum(one.bytes for one in full.stored.values() if one.pinned)
    budgets = list(dict.fromkeys(least + round(share * (most - least)) for share in SHARES))
    if chosen.policy == "adaptive":
        return tuple(reversed(_worth_most(full, budgets, outlook)))
    return tuple(reversed(_asked_anew(shelf, situation, chosen, plan, facts, outlook, budgets)))


def _worth_most(full: Shelf, budgets: list[int], outlook: Outlook) -> list[CurvePoint]:
    looking, points = outlook.branch(), []
    looking.assume(full.stored)
    for budget in budgets:
        looking.shed(max(0, budget - full.elsewhere))
        points.append(CurvePoint(budget, full.elsewhere + looking.bytes, looking.seconds + looking.in_any_case))
    return points


def _asked_anew(
    shelf: Shelf,
    situation: Situation,
    chosen: Choices,
    plan: Plan,
    facts: Mapping[str, Fact],
    outlook: Outlook,
    budgets: list[int],
) -> list[CurvePoint]:
    points, looking = [], outlook.branch()
    looking.assume(shelf.stored)
    for budget in budgets:
        looking.shed(max(0, budget - shelf.elsewhere))
        after = Shelf({key: shelf.stored[key] for key in looking.held}, shelf.elsewhere)
        left_behind.run(after, situation, replace(chosen, budget=budget), plan, facts, outlook.branch())
        points.append(CurvePoint(budget, after.used, expected_seconds(after, outlook)))
    return points


def expected_seconds(shelf: Shelf, outlook: Outlook) -> float:
    """Of the next iteration, with what is on ``shelf``."""
    looking = outlook.branch()
    looking.assume(shelf.stored)
    return looking.seconds + looking.in_any_case
