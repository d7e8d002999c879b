"""What keeping is worth, given what else is kept, over all that may come next."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helix_jupyter.plan.exchange import exchange
from helix_jupyter.plan.expect import learn, outlook
from helix_jupyter.plan.outlook import Outlook, Vertex
from helix_jupyter.plan.trace import NodeVersion, Step

CASES = 6


@dataclass(frozen=True)
class Value:
    bytes: int = 1
    expected_seconds: float = 0.0
    pinned: bool = False


@st.composite
def workflows(draw):
    """Vertices ``0 ..``, parents first, and what is stored of them."""
    count = draw(st.integers(1, 9))
    vertices = [
        Vertex(
            str(at),
            tuple(map(str, sorted(draw(st.sets(st.integers(0, at - 1), max_size=3))))) if at else (),
            draw(st.integers(1, 50)),
            draw(st.integers(0, 5)),
            draw(st.integers(0, 2**CASES - 1)),
        )
        for at in range(count)
    ]
    return vertices, draw(st.sets(st.sampled_from([vertex.key for vertex in vertices])))


def expected(vertices, stored):
    """Case by case: load what is stored, compute what is not."""
    total = 0.0
    for case in range(CASES):
        needed = {vertex.key for vertex in vertices if vertex.wanted >> case & 1}
        for vertex in reversed(vertices):
            if vertex.key in needed:
                total += vertex.load_seconds if vertex.key in stored else vertex.compute_seconds
                needed.update(() if vertex.key in stored else vertex.parents)
    return total / CASES


@given(workflows())
def test_losses_are_what_the_expected_seconds_say(workflow):
    vertices, stored = workflow
    ahead = Outlook(vertices, CASES)
    ahead.assume(dict.fromkeys(stored, Value()))
    now = expected(vertices, stored)
    assert ahead.seconds == pytest.approx(now)
    for vertex in vertices:
        if vertex.key in stored:
            assert ahead.loss(vertex.key) == pytest.approx(expected(vertices, stored - {vertex.key}) - now)
            ahead.evict(vertex.key)
            assert ahead.seconds == pytest.approx(expected(vertices, stored - {vertex.key}))
            ahead.store(vertex.key, Value())
        else:
            ahead.store(vertex.key, Value())
            assert ahead.loss(vertex.key) == pytest.approx(now - expected(vertices, stored | {vertex.key}))
            ahead.evict(vertex.key)
        assert ahead.seconds == pytest.approx(now)


@given(workflows(), st.data())
def test_trimming_keeps_within_the_bytes_and_spares_what_is_pinned(workflow, data):
    vertices, _ = workflow
    values = {vertex.key: Value(data.draw(st.integers(0, 9)), 0.0, data.draw(st.booleans())) for vertex in vertices}
    values["unknown"] = Value(5, expected_seconds=3.0)
    spared = {key for key, value in values.items() if value.pinned}
    room = data.draw(st.integers(0, 60))
    ahead = Outlook(vertices, CASES)
    ahead.assume(values)
    ahead.trim(room, values)
    assert ahead.bytes == sum(value.bytes for value in ahead.held.values())
    assert ahead.bytes <= max(room, sum(values[key].bytes for key in spared))
    assert spared <= ahead.held.keys()
    assert ahead.seconds == pytest.approx(expected(vertices, ahead.held.keys()))


def test_a_value_whose_child_is_kept_is_worth_little():
    every = (1 << CASES) - 1
    chain = [Vertex("parent", (), 10, 1, 0), Vertex("child", ("parent",), 1, 1, every)]
    ahead = Outlook(chain, CASES)
    ahead.assume({"parent": Value()})
    assert ahead.loss("parent") == 9
    ahead.store("child", Value())
    assert ahead.loss("parent") == 0
    ahead.evict("parent")
    assert ahead.loss("child") == 10


def test_what_overshoots_is_not_cheap_for_its_further_bytes():
    every = (1 << CASES) - 1
    ahead = Outlook([Vertex("large", (), 100, 0, every), Vertex("small", (), 20, 0, every)], CASES)
    values = {"large": Value(100), "small": Value(10)}
    ahead.assume(values)
    ahead.trim(105, values)
    assert ahead.held.keys() == {"large"}


def test_two_values_take_the_place_of_the_one_that_is_worth_more_per_byte():
    every = (1 << CASES) - 1
    vertices = [Vertex(key, (), seconds, 0, every) for key, seconds in (("one", 7), ("left", 5), ("right", 5))]
    values = {"one": Value(6), "left": Value(5), "right": Value(5)}
    ahead = Outlook(vertices, CASES)
    ahead.assume(values)
    ahead.trim(10, values)
    assert ahead.held.keys() == {"one"}
    exchange(ahead, 10, values)
    assert ahead.held.keys() == {"left", "right"}
    assert ahead.seconds == 7


@given(workflows(), st.data())
def test_an_exchange_keeps_within_the_bytes_spares_what_is_pinned_and_never_loses(workflow, data):
    vertices, _ = workflow
    values = {vertex.key: Value(data.draw(st.integers(0, 9)), 0.0, data.draw(st.booleans())) for vertex in vertices}
    values["unknown"] = Value(5, expected_seconds=3.0)
    room = data.draw(st.integers(0, 60))
    ahead = Outlook(vertices, CASES)
    ahead.assume(values)
    ahead.trim(room, values)
    before = ahead.seconds + ahead.lost
    exchange(ahead, room, values)
    assert ahead.seconds + ahead.lost <= before + 1e-9
    assert ahead.seconds == pytest.approx(expected(vertices, ahead.held.keys()))
    spared = {key for key, value in values.items() if value.pinned}
    assert spared <= ahead.held.keys()
    assert ahead.bytes == sum(value.bytes for value in ahead.held.values())
    assert ahead.bytes <= max(room, sum(values[key].bytes for key in spared))
    assert all(ahead.held[key] is values[key] for key in ahead.held)


def step(keys, edits=(), kind="code"):
    """A chain raw -> model -> score; ``keys`` tells what each is now."""
    nodes, above = {}, ()
    for name, key in zip(("raw", "model", "score"), keys, strict=True):
        nodes[name] = NodeVersion(key, above, 10.0, 0.1, 100)
        above = (name,)
    return Step(nodes, ("score",), dict.fromkeys(edits, kind))


FIRST = step(("r1", "m1", "s1"))


def worth(steps, *keys):
    ahead = outlook(steps)
    ahead.assume(dict.fromkeys(keys, Value()))
    return {key: ahead.loss(key) for key in keys}


def test_a_first_run_expects_edits_near_the_results():
    found = worth([FIRST], "r1", "m1", "s1")
    assert found["m1"] > found["r1"] > 0


@pytest.mark.parametrize(("edited", "best"), [("score", "m"), ("model", "r")])
def test_what_an_edit_leaves_valid_right_above_it_is_worth_most(edited, best):
    steps = [FIRST]
    for number in range(2, 6):
        now = {
            "score": ("r1", "m1", f"s{number}"),
            "model": ("r1", f"m{number}", f"s{number}"),
        }[edited]
        steps.append(step(now, [edited]))
    current = [node.key for node in steps[-1].nodes.values()]
    found = worth(steps, *current[:2])
    assert max(found, key=found.get).startswith(best)


def test_what_was_superseded_is_worth_only_the_chance_of_taking_the_edit_back():
    steps = [FIRST, step(("r1", "m2", "s2"), ["model"])]
    found = worth(steps, "r1", "m1", "s1", "m2", "s2")
    assert 0 < found["m1"] < found["m2"]
    assert found["s1"] > 0


def test_edits_that_are_often_taken_back_are_expected_to_be():
    there = step(("r1", "m2", "s2"), ["model"], "value")
    back = step(("r1", "m1", "s1"), ["model"], "value")
    wavering = [FIRST, there, back, there, back, there]
    onward = [FIRST, *(step(("r1", f"m{at}", f"s{at}"), ["model"], "value") for at in range(2, 7))]
    assert learn(wavering).returns > 0.4 > 0.1 > learn(onward).returns
    assert learn([*wavering[:-1], step(("r1", "m3", "s3"), ["model"], "code")]).returns < learn(wavering).returns


def test_new_nodes_make_what_they_may_read_worth_more():
    grown = [FIRST]
    for number in range(4):
        nodes = dict(grown[-1].nodes)
        nodes[f"plot{number}"] = NodeVersion(f"p{number}", ("raw",), 1.0, 0.1, 10)
        grown.append(Step(nodes, ("score",) if number % 2 else (*grown[-1].targets, f"plot{number}")))
    assert learn(grown).growth > learn([FIRST, FIRST, FIRST]).growth


def test_history_of_one_run_has_the_priors():
    assert learn([FIRST]).edits == ()


def test_nodes_with_equal_values_are_one_value():
    nodes = {
        "a": NodeVersion("same", (), 5.0, 0.1, 10),
        "b": NodeVersion("same", ("a",), 5.0, 0.1, 10),
        "c": NodeVersion("other", ("b",), 5.0, 0.1, 10),
    }
    assert worth([Step(nodes, ("c",))], "same", "other")["other"] > 0


@given(workflows(), st.data())
def test_a_branch_goes_its_own_way(workflow, data):
    vertices, stored = workflow
    values = {key: Value(data.draw(st.integers(0, 9))) for key in sorted(stored)} | {"unknown": Value(5, 3.0)}
    ahead = Outlook(vertices, CASES)
    ahead.assume(values)
    before, held = ahead.seconds, dict(ahead.held)
    branch = ahead.branch()
    branch.trim(data.draw(st.integers(0, 40)), values)
    assert branch.seconds == pytest.approx(expected(vertices, branch.held.keys()))
    assert branch.lost == (0.0 if "unknown" in branch.held else 3.0)
    assert (ahead.seconds, ahead.held, ahead.lost) == (before, held, 0.0)
