"""The state machine: what a user may do, step by step. Each step is drawn by Hypothesis and shrinks."""

from __future__ import annotations

import sys
from typing import Any, ClassVar

from fuzz_edits import EDITS, edited
from fuzz_model import Workflow
from fuzz_world import World, counted
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

numbers = st.lists(st.integers(0, 23), min_size=5, max_size=5)
often = ("change_holds", "change_holds", "change_constant", "change_kind", "change_number", "change_reads", "redress")
kinds = st.sampled_from([*sorted(EDITS), *often])
edits = st.tuples(kinds, numbers)


class Notebook(RuleBasedStateMachine):
    """Edits, restarts and runs of one workflow, each run held against the oracle."""

    options: ClassVar[dict[str, Any]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.world = World(**self.options)
        self.past = [self.world.workflow]

    def teardown(self) -> None:
        # what fails must not be covered by what closing finds
        failed = sys.exc_info()[0] is not None
        try:
            self.world.close()
        except AssertionError:
            if not failed:
                raise

    def _take(self, what: str, after: Workflow) -> None:
        if after != self.world.workflow:
            counted.update({"edits": 1, f"edits: {what}": 1})
            self.world.take(after)
            self.past.append(after)

    def _edit(self, kind: str, drawn: list[int]) -> None:
        self._take(kind, edited(self.world.workflow, kind, drawn))

    @initialize(definitions=st.lists(numbers, min_size=3, max_size=9), nodes=st.lists(numbers, min_size=2, max_size=7))
    def begin(self, definitions: list[list[int]], nodes: list[list[int]]) -> None:
        workflow = self.world.workflow
        for kind, given in (("add_definition", definitions), ("add_node", nodes)):
            for drawn in given:
                workflow = edited(workflow, kind, drawn)
        self.world.take(workflow)
        self.world.run()

    @rule(edit=edits)
    def edit(self, edit: tuple[str, list[int]]) -> None:
        self._edit(*edit)
        self.world.run()

    @rule(several=st.lists(edits, min_size=2, max_size=3))
    def edit_several_things(self, several: list[tuple[str, list[int]]]) -> None:
        for edit in several:
            self._edit(*edit)
        self.world.run()

    @rule(edit=edits, place=st.integers(0, 1))
    def edit_and_run_in_any_kernel(self, edit: tuple[str, list[int]], place: int) -> None:
        self._edit(*edit)
        self.world.run(place % len(self.world.kernels))

    @rule(place=st.integers(1, 20))
    def revert(self, place: int) -> None:
        self._take("revert", self.past[-1 - place % len(self.past)])
        self.world.run()

    @rule(
        what=st.sampled_from(
            ["restart", "second kernel", "other process", "target", "force", "mutate", "touch", "anew", "time"]
        ),
        number=st.integers(0, 23),
    )
    def do(self, what: str, number: int) -> None:
        world, place = self.world, number % len(self.world.kernels)
        nodes, names = world.workflow.nodes, list(world.workflow.outputs)
        counted.update({"edits": 1, f"edits: {what}": 1})
        chosen = (nodes[number % len(nodes)].name,) if nodes else ()
        match what:
            case "restart":
                world.restart(place)
                world.run(place)
            case "second kernel":
                world.second()
                world.run(-1)
            case "other process":
                world.run_remotely()
            case "target":
                world.run(place, targets=chosen)
            case "force":
                world.run(place, force=chosen)
            case "mutate":
                if names:
                    world.kernels[place].mutate(names[number % len(names)])
                world.run(place)
            case "touch":
                world.touch(f"f{number % 2}")
                world.run(place)
            case "anew":
                world.run(place, anew=True)
            case "time":
                world.clock += 1
                world.run(place)


class SmallBudget(Notebook):
    """The same with a store that has to evict: a large value needs the room of all others."""

    options: ClassVar[dict[str, Any]] = {"policy": "adaptive", "budget": "20kB", "memory": "5kB"}


class TinyBudget(Notebook):
    """The same with room for a handful of small values, and none for a large one."""

    options: ClassVar[dict[str, Any]] = {"policy": "adaptive", "budget": "1kB", "memory": "500B"}
