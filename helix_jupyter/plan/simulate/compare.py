"""What policies and budgets would have made of a trace, beside the least that is possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helix_jupyter.errors import ConfigError, nearest
from helix_jupyter.plan.materialise import POLICIES
from helix_jupyter.plan.simulate.bound import Bound, clairvoyant
from helix_jupyter.plan.simulate.replay import Replay, replay
from helix_jupyter.plan.trace import Trace


@dataclass(frozen=True)
class Comparison:
    """One trace under several budgets and policies.

    Attributes
    ----------
    trace
        What was replayed.
    budgets
        In bytes.
    replays
        ``{policy: replays}``, one for each budget.
    bounds
        For each budget, what no policy can do with less than.
    """

    trace: Trace
    budgets: tuple[int, ...]
    replays: Mapping[str, tuple[Replay, ...]]
    bounds: tuple[Bound, ...]


def compare(trace: Trace, budgets: Sequence[int], policies: Sequence[str] = ("adaptive", "helix")) -> Comparison:
    """Replay ``trace`` under each of ``policies`` with each of ``budgets`` bytes.

    Raises
    ------
    ConfigError
        There is no such policy, or a budget is negative.
    """
    for name in policies:
        if name not in POLICIES:
            hint = nearest(name, POLICIES)
            fix = f"Did you mean '{hint}'?" if hint else f"There are: {', '.join(POLICIES)}."
            raise ConfigError(f"There is no policy '{name}'. {fix}")
    for budget in budgets:
        if budget < 0:
            raise ConfigError(f"A budget of {budget} bytes does not fit. Give 0 or more.")
    return Comparison(
        trace,
        tuple(budgets),
        {name: tuple(replay(trace, POLICIES[name], budget) for budget in budgets) for name in policies},
        tuple(clairvoyant(trace, budget) for budget in budgets),
    )
