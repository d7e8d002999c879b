"""The least that any policy could take on a trace: it knows all edits to come.

An integer program over the whole trace, solved by HiGHS (through SciPy, loaded when first used). For each iteration
t and node with key k, four numbers from 0 to 1:

    c[t,k]  it is computed          l[t,k]  it is loaded
    w[t,k]  its value is written    s[t,k]  its value lies in the store when iteration t is over

    minimise    sum  compute * c + load * l + write * w
    subject to  c[t,k] + l[t,k] >= 1            for each target: it is available
                c[t,p] + l[t,p] >= c[t,k]       for each parent p of k: so are the inputs of what is computed
                l[t,k] <= s[t-1,k]              only what was in the store is loaded
                w[t,k] <= c[t,k]                only what was computed is written
                s[t,k] <= s[t-1,k] + w[t,k]     the store holds what it held or what was written
                sum of bytes * s[t] <= budget   at the end of each iteration

Whatever a policy does, with whatever planner, fulfils these constraints: so the minimum is a lower bound for all. With
whole c, l and w it can be attained by one that knows the future: it is exact. (Budgets bind *between* iterations
here. Within one, a policy may have to wait with a write until what it evicts is loaded for the last time: that is
free.) Two relaxations give lower bounds of it where the program is too large: fractions (a linear program), and the
solver's dual bound when its time is up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from helix_jupyter.plan.trace import Trace

# Whole numbers are asked for up to this many (node, iteration) pairs; beyond, fractions.
PAIRS_FOR_EXACT = 4_000
TIME_LIMIT_SECONDS = 20.0


@dataclass(frozen=True)
class Bound:
    """Seconds that no policy can do with less than; ``exact``: and that one which knows the future attains."""

    seconds: float
    exact: bool


def clairvoyant(
    trace: Trace, budget: int, *, time_limit: float = TIME_LIMIT_SECONDS, exact: bool | None = None
) -> Bound:
    """The least cumulative seconds for ``trace`` with ``budget`` bytes of storage.

    Parameters
    ----------
    time_limit
        Seconds after which the solver's lower bound has to do.
    exact
        Whether to ask for whole numbers; by default, where the trace is small enough.
    """
    import numpy
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    steps = [list(step.needed.items()) for step in trace.steps]
    if exact is None:
        exact = sum(map(len, steps)) <= PAIRS_FOR_EXACT
    last: dict[str, int] = {node.key: at for at, nodes in enumerate(steps) for _, node in nodes}
    cost: list[float] = []
    whole: list[int] = []
    tails: list[int] = []
    heads: list[int] = []
    entries: list[float] = []
    floors: list[float] = []

    def variable(seconds: float, integral: bool) -> int:
        cost.append(seconds)
        whole.append(int(integral))
        return len(cost) - 1

    def at_least(floor: float, terms: list[tuple[float, int]]) -> None:
        for entry, column in terms:
            entries.append(entry)
            tails.append(len(floors))
            heads.append(column)
        floors.append(floor)

    held: dict[str, tuple[int, int]] = {}  # key -> its s after the last iteration, bytes
    for at, nodes in enumerate(steps):
        available: dict[str, list[tuple[float, int]]] = {}
        for name, node in nodes:
            computed = variable(node.compute_seconds, True)
            available[name] = [(1.0, computed)]
            if node.key in held:
                loaded = variable(node.load_seconds, True)
                available[name].append((1.0, loaded))
                at_least(0.0, [(1.0, held[node.key][0]), (-1.0, loaded)])
            for parent in node.parents:
                at_least(0.0, [*available[parent], (-1.0, computed)])
            if node.reusable and node.bytes <= budget and last[node.key] > at:
                written = variable(node.write_seconds, False)
                at_least(0.0, [(1.0, computed), (-1.0, written)])
                stays = variable(0.0, True)
                before = [(1.0, held[node.key][0])] if node.key in held else []
                at_least(0.0, [*before, (1.0, written), (-1.0, stays)])
                held[node.key] = (stays, node.bytes)
        for target in trace.steps[at].targets:
            at_least(1.0, available[target])
        here = {node.key for _, node in nodes}
        for key, (before_column, size) in list(held.items()):
            if last[key] <= at:
                del held[key]
            elif key not in here:
                stays = variable(0.0, True)
                at_least(0.0, [(1.0, before_column), (-1.0, stays)])
                held[key] = (stays, size)
        if sum(size for _, size in held.values()) > budget:
            at_least(-1.0, [(-size / max(budget, 1), column) for column, size in held.values() if size])
    scale = max(max(cost, default=0.0), 1e-300)
    matrix = coo_array((entries, (tails, heads)), shape=(len(floors), len(cost))).tocsr()
    answer = milp(
        numpy.asarray(cost) / scale,
        integrality=numpy.asarray(whole) if exact else None,
        bounds=Bounds(0.0, 1.0),
        constraints=LinearConstraint(matrix, numpy.asarray(floors), math.inf),
        options={"time_limit": time_limit, "mip_rel_gap": 1e-4},
    )
    dual = getattr(answer, "mip_dual_bound", None) if exact else answer.fun
    if dual is None or not math.isfinite(dual):
        if not exact:
            return Bound(0.0, False)
        return clairvoyant(trace, budget, time_limit=time_limit, exact=False)
    return Bound(max(0.0, dual) * scale, exact and answer.status == 0)
