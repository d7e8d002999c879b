"""Milliseconds of a what-if answer: `python -m benchmarks.bench_explore [--nodes 200] [--versions 24] [--seeds 5]`.

Random workflows with a history of edits (`plan.simulate.generate`), at budgets of 100 %, 12 % and 5 % of all their
values. Told apart: the first answer on a look at the workflow, curve included; then answers to each kind of question
that was not asked before (``budget``: a slider that moves), and what their curve takes in addition. With ``--session``,
what the look itself takes in a session of trivial nodes.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from helix_jupyter.plan.explore import Explorer, Situation, WhatIf
from helix_jupyter.plan.explore.simulated import situation_of
from helix_jupyter.plan.simulate.generate import random_graph

SHARES = (1.0, 0.12, 0.05)
STOPS = 20


def milliseconds(action: Callable[[], Any]) -> tuple[float, float]:
    """Of the clock, and of this process alone: the machine may be busy with other things."""
    started, own = time.perf_counter(), time.process_time()
    action()
    return (time.perf_counter() - started) * 1e3, (time.process_time() - own) * 1e3


def questions(situation: Situation, draw: random.Random) -> Iterator[tuple[str, WhatIf]]:
    nodes = list(situation.graph)

    def some() -> tuple[str, ...]:
        return tuple(draw.sample(nodes, 3))

    yield "nothing", WhatIf()
    for _ in range(STOPS):
        yield "budget", WhatIf(budget=round(draw.random() * situation.budget))
    for _ in range(STOPS // 4):
        yield "force", WhatIf(force=some())
        yield "pin", WhatIf(pin=some())
        yield "never", WhatIf(never=some())
        yield "drop", WhatIf(drop=some()[:1])
        yield "targets", WhatIf(targets=some())
        yield "policy", WhatIf(policy=draw.choice(("helix", "all", "none")))
        yield (
            "all of it",
            WhatIf(
                some(),
                some(),
                some()[:1],
                some()[:1],
                (),
                some()[:1],
                round(draw.random() * situation.budget),
                "adaptive",
            ),
        )


def measure(nodes: int, versions: int, seeds: int) -> dict[str, list[tuple[float, float]]]:
    took: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for seed in range(seeds):
        trace = random_graph(seed, nodes, versions + 1)
        for share in SHARES:
            situation = situation_of(trace, "adaptive", round(share * trace.artifact_bytes))
            explorer = Explorer(situation)
            took["first answer"].append(milliseconds(partial(explorer.explore, WhatIf())))
            for kind, question in questions(situation, random.Random(seed)):
                took[kind].append(milliseconds(partial(explorer.explore, question, with_curve=False)))
                if kind not in ("nothing", "budget"):
                    took["its curve"].append(milliseconds(partial(explorer.curve, question)))
    return took


def look(nodes: int) -> None:
    from helix_jupyter import Session

    draw = random.Random(0)
    with tempfile.TemporaryDirectory() as folder, Session(folder) as session:
        for number in range(nodes):
            above = sorted({f"n{draw.randrange(max(0, number - 8), number)}" for _ in range(2)}) if number else []
            session.declare(f"n{number} = {number}{''.join(f' + {one}' for one in above)}", [f"n{number}"])
        session.run()
        session.flush()
        first = milliseconds(session.explorer)[0]
        took = [milliseconds(session.explorer)[0] for _ in range(9)]
        print(f"a session's look at {nodes} trivial nodes: first {first:.0f} ms, then {statistics.median(took):.0f} ms")


def spread(values: Sequence[float]) -> tuple[float, float]:
    """The median, and what 95 % are within."""
    return statistics.median(values), sorted(values)[int(0.95 * (len(values) - 1))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--nodes", type=int, default=200)
    parser.add_argument("--versions", type=int, default=24)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--session", action="store_true")
    chosen = parser.parse_args()
    print(f"{chosen.nodes} nodes, {chosen.versions} versions: milliseconds per answer, of the clock (of the process)")
    for kind, took in measure(chosen.nodes, chosen.versions, chosen.seeds).items():
        cells = [spread(one) for one in zip(*took, strict=True)]
        middle, most = ("{:6.1f} ({:.1f})".format(*pair) for pair in zip(*cells, strict=True))
        print(f"  {kind:<14}{len(took):>5} answers, median {middle}, 95 % within {most}")
    if chosen.session:
        look(chosen.nodes)


if __name__ == "__main__":
    main()
