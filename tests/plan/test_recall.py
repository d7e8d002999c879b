"""What memory is worth beside a store: against every case, one by one."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helix_jupyter.plan.outlook import Vertex
from helix_jupyter.plan.recall import Recall

CASES = 5


@dataclass(frozen=True)
class Value:
    bytes: int = 1
    expected_seconds: float = 0.0
    pinned: bool = False


@dataclass(frozen=True)
class Work:
    vertices: list[Vertex]
    memory: dict[str, Value]
    disk: dict[str, float]

    def seconds(self, memory: set[str]) -> float:
        """Expected seconds of the next run, case by case."""
        total = 0.0
        for case in range(CASES):
            needed = {vertex.key for vertex in self.vertices if vertex.wanted >> case & 1}
            for vertex in reversed(self.vertices):
                if vertex.key not in needed or vertex.key in memory:
                    continue
                total += self.disk.get(vertex.key, vertex.compute_seconds)
                needed.update(() if vertex.key in self.disk else vertex.parents)
        return total / CASES

    def recall(self) -> Recall:
        recall = Recall(self.vertices, CASES)
        recall.begin(self.memory, self.disk)
        return recall


@st.composite
def works(draw: st.DrawFn) -> Work:
    vertices = []
    for at in range(draw(st.integers(1, 8))):
        above = draw(st.sets(st.integers(0, at - 1), max_size=3)) if at else set()
        cases = draw(st.integers(0, 2**CASES - 1))
        vertices.append(Vertex(str(at), tuple(map(str, sorted(above))), draw(st.integers(5, 50)), 3.0, cases))
    keys = st.sampled_from([vertex.key for vertex in vertices])
    memory = {key: Value(draw(st.integers(1, 9)), pinned=draw(st.booleans())) for key in draw(st.sets(keys))}
    return Work(vertices, memory, {key: draw(st.integers(0, 5)) for key in draw(st.sets(keys))})


@given(works())
def test_a_loss_is_what_the_expected_seconds_say(work: Work) -> None:
    for key in work.memory:
        left = work.memory.keys() - {key}
        assert work.recall().loss(key) == pytest.approx(work.seconds(left) - work.seconds(set(work.memory)))


@given(works(), st.data())
def test_step_by_step_is_all_at_once(work: Work, data: st.DataObject) -> None:
    recall = Recall(work.vertices, CASES)
    recall.begin({}, work.disk)
    keys = [vertex.key for vertex in work.vertices]
    held: set[str] = set()
    for key in data.draw(st.lists(st.sampled_from(keys), max_size=12)):
        if key in held:
            recall.evict(key)
            held.remove(key)
        else:
            recall.store(key, Value())
            held.add(key)
    assert recall.seconds == pytest.approx(work.seconds(held))
    assert recall.bytes == len(held)


@given(works(), st.sampled_from([0, 3, 10, 30]))
def test_what_is_left_fits_and_what_is_in_use_stays(work: Work, room: int) -> None:
    recall = work.recall()
    recall.trim(room)
    pinned = {key for key, value in work.memory.items() if value.pinned}
    assert pinned <= recall.held.keys() <= work.memory.keys()
    assert recall.bytes == sum(value.bytes for value in recall.held.values())
    assert recall.bytes <= max(room, sum(work.memory[key].bytes for key in pinned))


@settings(max_examples=30)
@given(works())
def test_a_value_that_the_store_lost_is_worth_its_making_again(work: Work) -> None:
    recall = work.recall()
    for key in list(work.disk):
        recall.note_gone(key)
    without = Work(work.vertices, work.memory, {})
    assert recall.seconds == pytest.approx(without.seconds(set(work.memory)))


def test_what_the_store_has_goes_first() -> None:
    vertices = [Vertex("cheap", (), 9.0, 1.0, 1), Vertex("dear", (), 50.0, 1.0, 1)]
    recall = Recall(vertices, 1)
    recall.begin({"cheap": Value(), "dear": Value()}, {"dear": 0.5})
    recall.trim(1)
    assert set(recall.held) == {"cheap"}
