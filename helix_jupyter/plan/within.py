"""What of a run fits into a given time.

Reads the same facts as the planner, returns a ``Plan`` with what it leaves for later; does not measure
anything.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from helix_jupyter.plan.forecast import Forecast, likely_range
from helix_jupyter.plan.planner import Graph, ancestors, choose_states, make_plan, predicted_seconds
from helix_jupyter.plan.types import Fact, Plan, State
from helix_jupyter.units import format_duration


def plan_within(
    graph: Graph,
    facts: Mapping[str, Fact],
    targets: Sequence[str],
    seconds: float,
    priority: Sequence[str] = (),
    forced: Collection[str] = (),
) -> Plan:
    """The plan that brings up to date what fits into ``seconds`` by forecast, the most wanted targets first.

    What fits has to do so four times of five and more: the upper end of the likely range counts.

    Greedy: each target in turn joins if the best plan for it and those before it still fits. A cheaper
    target may so join after a dearer one did not. (Choosing the largest set that fits is NP-hard, and a user
    who sees the metrics last has gained nothing by it.)

    Parameters
    ----------
    graph, facts, forced
        As for ``make_plan``; forced nodes run only if a target that fits needs them.
    targets
        Nodes to bring up to date, if they fit.
    seconds
        What the plan may take, in predicted seconds.
    priority
        The targets that come first, most wanted first; the others follow in the order of ``targets``.

    Returns
    -------
    Plan
        ``targets`` holds what fits, ``deferred`` the rest, each with the seconds that it would add: ``inf`` where some
        of it never ran. The reasons tell that, and how long the run might then take.
    """
    wanted = dict.fromkeys([*(target for target in priority if target in targets), *targets])
    fitting: list[str] = []
    for target in wanted:
        if _upper(graph, facts, [*fitting, target], forced) <= seconds:
            fitting.append(target)
    plan = make_plan(graph, facts, [target for target in dict.fromkeys(targets) if target in fitting], forced)
    deferred = {
        target: max(0.0, _seconds(graph, facts, [*fitting, target], forced) - plan.seconds)
        for target in wanted
        if target not in fitting
    }
    left_out = ancestors(graph, deferred).keys() - ancestors(graph, fitting).keys()
    later = dict.fromkeys(left_out, f"left for later: does not fit into {format_duration(seconds)}")
    for target, added in deferred.items():
        later[target] = f"left for later: {_price(added, _upper(graph, facts, [*fitting, target], forced))}"
    return replace(plan, deferred=deferred, reasons={**plan.reasons, **later})


def _price(added: float, upper: float) -> str:
    if math.isinf(added):
        return "takes nobody knows how long yet"
    return f"would add {format_duration(added)}, and the run may then take {format_duration(upper)}"


def _upper(graph: Graph, facts: Mapping[str, Fact], targets: Sequence[str], forced: Collection[str]) -> float:
    states = choose_states(ancestors(graph, targets), facts, targets, forced)
    seconds = predicted_seconds(states, facts)
    spreads = {node: facts[node].spread for node, state in states.items() if state is State.COMPUTE}
    return likely_range(Forecast(one, spreads.get(node, 0.0)) for node, one in seconds.items())[1]


def _seconds(graph: Graph, facts: Mapping[str, Fact], targets: Sequence[str], forced: Collection[str]) -> float:
    """What the plan for ``targets`` takes; infinite where a node of it never ran, so that nobody knows."""
    states = choose_states(ancestors(graph, targets), facts, targets, forced)
    if any(state is State.COMPUTE and not facts[node].measured for node, state in states.items()):
        return math.inf
    return math.fsum(predicted_seconds(states, facts).values())
