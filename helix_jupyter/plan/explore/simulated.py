"""The situation before the last iteration of a trace: for simulations, measurements and tests of what-ifs."""

from __future__ import annotations

import math
from dataclasses import replace

from helix_jupyter.plan.explore.situation import Output, Situation, Standing
from helix_jupyter.plan.keeping import Stored
from helix_jupyter.plan.materialise import POLICIES
from helix_jupyter.plan.simulate.replay import replay
from helix_jupyter.plan.trace import Trace
from helix_jupyter.plan.types import Fact


def situation_of(trace: Trace, policy: str, budget: int) -> Situation:
    """All but the last iteration of ``trace`` were done under ``policy``, and the kernel was restarted.

    Seconds and bytes of the last one are known beforehand, as they are where an edit hardly changes them.
    """
    *done, last = trace.steps
    stored: dict[str, Stored] = {}
    sizes = {node.key: (name, node) for step in done for name, node in step.nodes.items()}
    for step in replay(Trace(trace.name, tuple(done)), POLICIES[policy], budget).steps:
        for key in step.kept:
            stored[key] = Stored(key, sizes[key][1].bytes, sizes[key][1].compute_seconds)
        for key in step.evicted:
            stored.pop(key, None)
    readers: dict[str, list[str]] = {name: [] for name in last.nodes}
    for name, node in last.nodes.items():
        for parent in node.parents:
            readers[parent].append(name)
    standings = {}
    for name, node in last.nodes.items():
        is_stored = node.key in stored
        output = Output(name, node.key, tuple(readers[name]), False, node.load_seconds if is_stored else math.inf)
        fact = Fact(node.compute_seconds, bytes=node.bytes)
        standings[name] = Standing(fact, replace(fact, reason="not stored"), (output,))
    return Situation(
        graph={name: node.parents for name, node in last.nodes.items()},
        standings=standings,
        nodes=last.nodes,
        steps=tuple(done),
        edits=last.edits,
        stored=stored,
        digests={key: (key,) for key in stored},
        loads={},
        artifacts={key: one.bytes for key, one in stored.items()},
        writers={key: sizes[key][0] for key in stored},
        used=sum(one.bytes for one in stored.values()),
        pinned=frozenset(),
        never=frozenset(),
        budget=budget,
        policy=policy,
    )
