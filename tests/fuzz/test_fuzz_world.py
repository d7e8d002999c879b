"""What the fuzz takes for needless under a small budget, and what it says of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from unittest import mock

import pytest
from fuzz_clock import spend
from fuzz_model import Definition, Node, Workflow
from fuzz_world import World

from helix_jupyter.plan.types import Fact, Place
from helix_jupyter.session.facts import node_fact

# `n2` reads `n1` and is loaded, so that a run leaves `n1` alone: only who asks for its value needs it
WORKFLOW = Workflow(nodes=(Node("n1", "array", 1), Node("n2", "int", 1, reads=("n1",)), Node("n3", "list", 1)))
EDITED = replace(WORKFLOW, nodes=(*WORKFLOW.nodes[:2], Node("n3", "list", 2)))


@pytest.fixture
def opened() -> Iterator[Callable[[str], World]]:
    worlds: list[World] = []

    def open_world(policy: str) -> World:
        world = World(policy=policy)
        worlds.append(world)
        world.take(WORKFLOW)
        world.run()
        world.restart(0)  # nothing is at hand
        world.take(EDITED)
        return world

    yield open_world
    for world in worlds:
        world.close()


def test_what_is_evicted_during_a_run_may_be_computed_when_it_is_asked_for_then(opened: Callable[[str], World]) -> None:
    world = opened("adaptive")
    kernel, took = world.kernels[0], []

    def evict(seconds: float) -> None:
        spend(1)
        if not took:
            artifacts = kernel.session.store.artifacts().values()
            took.extend(fact.digest for fact in artifacts if fact.node == "n1")
            kernel.session.store.evict(took, "evicted for n3 (budget)")

    with mock.patch("fuzz_kernel.spend", evict):
        world.run()
    assert kernel.log == ["n3", "n1"]
    assert set(took) <= kernel.stored()  # as before the run: only in between it was not


@pytest.mark.parametrize("policy", ["all", "adaptive"])
def test_a_needless_run_is_told_with_the_reason_that_the_package_gives(
    opened: Callable[[str], World], policy: str
) -> None:
    def forgetting(around: Any, node: str, *rest: Any) -> Fact:
        fact = node_fact(around, node, *rest)
        return replace(fact, place=Place.NOWHERE, load_seconds=math.inf, reason="forgotten") if node == "n2" else fact

    world = opened(policy)
    with (
        mock.patch("helix_jupyter.session.planning.node_fact", forgetting),
        pytest.raises(AssertionError, match="ran, though its result is known: n2") as failure,
    ):
        world.run()
    assert "compute n2: forgotten" in str(failure.value)


def test_a_star_leaves_other_modules_the_names_that_a_run_from_scratch_gives_them(
    opened: Callable[[str], World],
) -> None:
    world = opened("all")
    reading = Workflow(
        nodes=(Node("n1", "int", reads=("p0",)),),
        definitions=(Definition("p0", "function"), Definition("a0", "function", reads=("p0",))),
        imports={"ap": "package"},  # where `P` is the package, and not the module inside as in the notebook
    )
    world.take(reading)
    world.run()
    world.take(replace(reading, imports={**reading.imports, "ha": "star"}))
    world.run()
    assert world.kernels[0].log == []
