"""Replay a trace under a policy and a budget, with the planner and the policies that real runs use.

Every iteration starts as after a restart of the kernel: nothing is in memory, only what was kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from helix_jupyter.plan.expect import outlook
from helix_jupyter.plan.forecast import guess_seconds
from helix_jupyter.plan.keeping import Candidate, Contents, Policy, Storage, Stored
from helix_jupyter.plan.min_cut import optimal_reuse
from helix_jupyter.plan.trace import NodeVersion, Step, Trace
from helix_jupyter.plan.types import State

# Iterations that a policy learns from.
REMEMBERED = 24


@dataclass(frozen=True)
class Replayed:
    """What one iteration took.

    Attributes
    ----------
    seconds
        Computing, loading, and waiting for writes to be taken.
    states
        Of the nodes that the targets need.
    used, peak
        Bytes stored at its end, and at most during it.
    kept, evicted
        Keys that it wrote and deleted.
    """

    seconds: float
    states: Mapping[str, State]
    used: int
    peak: int
    kept: tuple[str, ...]
    evicted: tuple[str, ...]


@dataclass(frozen=True)
class Replay:
    """A trace under one policy and budget, iteration by iteration."""

    steps: tuple[Replayed, ...]

    @property
    def seconds(self) -> float:
        """Cumulative seconds."""
        return sum(step.seconds for step in self.steps)

    @property
    def peak(self) -> int:
        """Most bytes that were ever stored."""
        return max((step.peak for step in self.steps), default=0)


def replay(trace: Trace, policy: Policy, budget: int) -> Replay:
    """What ``trace`` would have taken under ``policy`` with ``budget`` bytes."""
    stored: dict[str, Stored] = {}
    measured: dict[str, NodeVersion] = {}
    steps = []
    for at in range(len(trace.steps)):
        remembered = trace.steps[max(0, at + 1 - REMEMBERED) : at + 1]
        steps.append(_iterate(remembered, policy, budget, stored, measured))
    return Replay(tuple(steps))


def _iterate(
    steps: Sequence[Step], policy: Policy, budget: int, stored: dict[str, Stored], measured: dict[str, NodeVersion]
) -> Replayed:
    """The last of ``steps``. ``stored`` and ``measured`` (the newest version of each node that ran) are carried on."""
    step, moment = steps[-1], float(len(steps))
    nodes = step.needed
    states = _plan(step, stored)
    in_use = {nodes[name].key for name, state in states.items() if state is State.LOAD}
    coming = {
        nodes[name].key: Stored(nodes[name].key, measured[name].bytes, 0.0)
        for name, state in states.items()
        if state is State.COMPUTE and nodes[name].reusable and name in measured
    }
    ancestors: dict[str, frozenset[str]] = {}
    spent: dict[str, float] = {}
    kept: list[str] = []
    evicted: list[str] = []
    used = peak = sum(one.bytes for one in stored.values())
    waited = 0.0
    expected = cache(lambda: outlook([*steps[:-1], _foreseen(step, measured)]))

    def contents() -> Contents:
        return Contents(stored, coming, in_use, expected())

    for name, node in nodes.items():
        ancestors[name] = frozenset([name]).union(*(ancestors[parent] for parent in node.parents))
        if states[name] is State.LOAD:
            spent[name] = node.load_seconds
            in_use.discard(node.key)
        if states[name] is not State.COMPUTE:
            continue
        spent[name] = node.compute_seconds
        measured[name] = node
        coming.pop(node.key, None)
        if not node.reusable or node.key in stored:
            continue
        cumulative = sum(spent.get(one, 0.0) for one in ancestors[name])
        costs = (cumulative, node.load_seconds, node.compute_seconds, node.write_seconds)
        candidate = Candidate(name, node.key, node.bytes, *costs)
        decision = policy(candidate, Storage(budget, used, contents))
        for key in decision.evict:
            used -= stored.pop(key).bytes
        evicted += decision.evict
        if decision.keep:
            stored[node.key] = Stored(node.key, node.bytes, candidate.worth_seconds, last_used=moment)
            used += node.bytes
            waited += node.write_seconds
            kept.append(node.key)
        peak = max(peak, used)
    return Replayed(sum(spent.values()) + waited, states, used, peak, tuple(kept), tuple(evicted))


def _foreseen(step: Step, measured: Mapping[str, NodeVersion]) -> Step:
    """``step`` with what is known of its costs before it ran: what each node took when it last did."""
    guess = guess_seconds([node.compute_seconds for node in measured.values()])
    nodes = {
        name: replace(
            node,
            compute_seconds=measured[name].compute_seconds if name in measured else guess,
            load_seconds=measured[name].load_seconds if name in measured else 0.0,
        )
        for name, node in step.nodes.items()
    }
    return replace(step, nodes=nodes)


def _plan(step: Step, stored: Mapping[str, Stored]) -> dict[str, State]:
    nodes: Mapping[str, NodeVersion] = step.needed
    return optimal_reuse(
        {name: node.parents for name, node in nodes.items()},
        {name: node.compute_seconds for name, node in nodes.items()},
        {name: node.load_seconds for name, node in nodes.items() if node.key in stored},
        step.targets,
    )
