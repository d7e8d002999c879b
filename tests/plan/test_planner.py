"""Plans from facts: states, reasons, seconds, bytes; forced nodes; what fits into a given time."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helix_jupyter.errors import PlanError, UnknownTarget
from helix_jupyter.plan import Fact, Place, State, make_plan, plan_within
from helix_jupyter.plan.reasons import past

GRAPH = {"rows": (), "features": ("rows",), "model": ("features",), "scores": ("model",), "plot": ("rows",)}


def stored(compute, load, **others):
    return Fact(compute, load, Place.STORE, bytes=12_300_000, **others)


UNCHANGED = {node: stored(2.0, 0.5) for node in GRAPH}


def letters(plan):
    return "".join(str(state)[0] for state in plan.states.values())


@pytest.mark.parametrize(
    ("changes", "targets", "forced", "expected"),
    [
        pytest.param({}, ["scores"], (), "pppl" + "p", id="unchanged"),
        pytest.param({}, ["scores", "plot"], (), "pppl" + "l", id="two targets"),
        pytest.param({"model": Fact(2.0), "scores": Fact(1.0)}, ["scores"], (), "plcc" + "p", id="edited model"),
        pytest.param({"features": stored(2.0, 0.5, must_compute=True)}, ["scores"], (), "pppl" + "p", id="not needed"),
        pytest.param({"scores": stored(2.0, 0.5, must_compute=True)}, ["scores"], (), "pplc" + "p", id="volatile"),
        pytest.param({}, ["scores"], ("features",), "lcpl" + "p", id="forced ancestor runs, its child is loaded"),
        pytest.param({}, ["scores"], ("scores", "rows"), "cplc" + "p", id="forced far apart"),
        pytest.param({}, ["scores"], ("plot",), "pppl" + "p", id="forced outside the slice"),
        pytest.param({"model": stored(0.1, 3.0)}, ["model"], (), "plcp" + "p", id="computing is cheaper"),
    ],
)
def test_states(changes, targets, forced, expected):
    assert expected == letters(make_plan(GRAPH, UNCHANGED | changes, targets, forced))


@pytest.mark.parametrize(
    ("changes", "node", "reason"),
    [
        pytest.param(
            {"model": Fact(1, reason="code changed: C=0.1 -> C=1.0")},
            "model",
            "code changed: C=0.1 -> C=1.0",
            id="changed",
        ),
        pytest.param(
            {"model": stored(0.02, 0.4), "features": Fact(1, 0.0, Place.MEMORY)},
            "model",
            "cheaper to compute (0.02 s) than to load (0.40 s)",
            id="cheaper",
        ),
        pytest.param(
            {"features": Fact(1), "model": Fact(1)},
            "features",
            "not stored, and `model` needs it",
            id="not stored",
        ),
        pytest.param({"model": Fact(1)}, "model", "not stored", id="target not stored"),
        pytest.param({"model": stored(1, 0.1, must_compute=True)}, "model", "may not be loaded", id="must compute"),
        pytest.param({"model": Fact(1, 0.0, Place.MEMORY)}, "model", "unchanged, in memory", id="memory"),
        pytest.param({}, "model", "unchanged, stored (12.3 MB)", id="stored"),
        pytest.param(
            {"model": Fact(1)},
            "features",
            "unchanged, stored (12.3 MB); `model` needs it",
            id="loaded for a child",
        ),
        pytest.param(
            {"model": stored(9, 0.1, reason="code changed")},
            "model",
            "code changed; that value is stored (12.3 MB)",
            id="changed back",
        ),
        pytest.param({}, "features", "unchanged, and nothing that runs needs it", id="pruned"),
        pytest.param(
            {"rows": Fact(1, reason="file changed")},
            "rows",
            "nothing that runs needs it",
            id="changed, pruned",
        ),
        pytest.param({}, "plot", "no target needs it", id="outside"),
    ],
)
def test_reasons(changes, node, reason):
    assert reason == make_plan(GRAPH, UNCHANGED | changes, ["model"]).reasons[node]


def test_forced_is_the_reason():
    assert make_plan(GRAPH, UNCHANGED, ["model"], ["rows"]).reasons["rows"] == "forced"


def test_seconds_bytes_places_and_guesses():
    facts = UNCHANGED | {
        "rows": Fact(1.0, 0.0, Place.MEMORY, bytes=5),
        "model": Fact(3.0, measured=False),
        "scores": Fact(0.25),
    }
    plan = make_plan(GRAPH, facts, ["scores", "plot", "scores"])
    assert letters(plan) == "plccl"
    assert dict(plan.node_seconds) == {"rows": 0, "features": 0.5, "model": 3.0, "scores": 0.25, "plot": 0.5}
    assert plan.seconds == 4.25
    assert plan.bytes_read == 24_600_000
    assert plan.targets == ("scores", "plot")
    assert dict(plan.places) == {"features": Place.STORE, "plot": Place.STORE}
    assert plan.guessed == ("model",)
    assert plan.nodes(State.COMPUTE) == ("model", "scores")


def test_what_is_in_memory_is_not_read_from_the_store():
    facts = {"a": Fact(1.0, 0.0, Place.MEMORY, bytes=7)}
    assert make_plan({"a": ()}, facts, ["a"]).bytes_read == 0


def test_facts_outside_the_slice_are_not_needed():
    plan = make_plan(GRAPH, {"rows": Fact(1.0)}, ["rows"])
    assert letters(plan) == "cpppp"
    assert plan.reasons["model"] == "no target needs it"


def test_bad_input_is_named():
    with pytest.raises(UnknownTarget, match="Did you mean 'scores'"):
        make_plan(GRAPH, UNCHANGED, ["score"])
    with pytest.raises(PlanError, match="Nothing is known of 'rows'"):
        make_plan(GRAPH, {}, ["rows"])


FAN = {"rows": (), "scores": ("rows",), "plot": ("rows",), "report": ("rows",)}
FAN_FACTS = {"rows": Fact(10), "scores": Fact(5), "plot": Fact(30), "report": Fact(1)}


@pytest.mark.parametrize(
    ("seconds", "priority", "fits", "deferred"),
    [
        pytest.param(100, (), ("scores", "plot", "report"), {}, id="all"),
        pytest.param(46, (), ("scores", "plot", "report"), {}, id="just"),
        pytest.param(45.5, (), ("scores", "plot"), {"report": 1}, id="greedy by order"),
        pytest.param(45.5, ("report",), ("scores", "report"), {"plot": 30}, id="priority first"),
        pytest.param(20, ("scores",), ("scores", "report"), {"plot": 30}, id="a cheaper one after one too dear"),
        pytest.param(12, ("plot", "rows"), ("report",), {"plot": 30, "scores": 5}, id="no target: no priority"),
        pytest.param(1, (), (), {"scores": 15, "plot": 40, "report": 11}, id="none"),
    ],
)
def test_within(seconds, priority, fits, deferred):
    plan = plan_within(FAN, FAN_FACTS, ["scores", "plot", "report"], seconds, priority)
    assert fits == plan.targets
    assert deferred == plan.deferred
    assert plan.seconds <= seconds


def test_what_is_left_out_says_so():
    plan = plan_within(FAN, FAN_FACTS, ["scores", "plot"], 20)
    assert plan.reasons["plot"] == "left for later: would add 30.0 s, and the run may then take 45.0 s"
    assert plan.reasons["report"] == "no target needs it"


def test_what_is_left_out_with_a_target_says_so():
    plan = plan_within(FAN, FAN_FACTS, ["scores"], 14)
    assert plan.reasons["scores"] == "left for later: would add 15.0 s, and the run may then take 15.0 s"
    assert plan.reasons["rows"] == "left for later: does not fit into 14.0 s"


def test_what_never_ran_has_no_price():
    guessed = replace(FAN_FACTS["rows"], measured=False)
    plan = plan_within(FAN, FAN_FACTS | {"rows": guessed}, ["scores", "report"], 0)
    assert plan.deferred == {"scores": math.inf, "report": math.inf}


def test_forced_counts_only_for_what_fits():
    facts = {node: Fact(10, 0.0, Place.MEMORY) for node in FAN}
    plan = plan_within(FAN, facts, ["scores", "plot"], 5, forced=["plot"])
    assert plan.targets == ("scores",)
    assert plan.deferred == {"plot": 10}


@st.composite
def workflows(draw):
    size = draw(st.integers(1, 8))
    graph = {
        f"n{i}": tuple(f"n{p}" for p in sorted(draw(st.sets(st.integers(0, i - 1))) if i else ())) for i in range(size)
    }
    seconds = st.floats(0, 100)
    fact = st.builds(Fact, seconds, seconds | st.just(math.inf), must_compute=st.booleans())
    some = st.lists(st.sampled_from(list(graph)), unique=True)
    return graph, {node: draw(fact) for node in graph}, draw(some), draw(some)


@settings(max_examples=150, deadline=None)
@given(workflows())
def test_plans_always_hold(workflow):
    graph, facts, targets, forced = workflow
    plan = make_plan(graph, facts, targets, forced)
    ancestors = set(targets)
    for node in reversed(graph):
        ancestors |= set(graph[node]) if node in ancestors else set()
    for node, state in plan.states.items():
        assert node in ancestors or state is State.PRUNE
        if state is State.COMPUTE:
            assert not any(plan.states[parent] is State.PRUNE for parent in graph[node])
        if state is State.LOAD:
            assert facts[node].load_seconds < math.inf
            assert not facts[node].must_compute
    assert all(plan.states[node] is State.COMPUTE for node in forced if node in ancestors)
    assert not any(plan.states[target] is State.PRUNE for target in targets)
    assert plan.seconds == pytest.approx(sum(plan.node_seconds.values()))
    assert all(plan.reasons[node] for node in graph)


@settings(max_examples=100, deadline=None)
@given(workflows(), st.floats(0, 200))
def test_within_never_exceeds_and_forgets_no_target(workflow, seconds):
    graph, facts, targets, forced = workflow
    plan = plan_within(graph, facts, targets, seconds, targets[::-1], forced)
    assert plan.seconds <= seconds + 1e-9
    assert set(targets) == set(plan.targets) | set(plan.deferred)
    assert not set(plan.targets) & set(plan.deferred)


def test_within_counts_the_upper_end_of_what_is_likely():
    graph, sure = {"a": ()}, {"a": Fact(10.0)}
    assert plan_within(graph, sure, ["a"], 11).targets == ("a",)
    unsure = {"a": Fact(10.0, spread=0.2)}
    assert plan_within(graph, unsure, ["a"], 11).deferred == {"a": 10.0}
    assert plan_within(graph, unsure, ["a"], 14).targets == ("a",)


@pytest.mark.parametrize(
    ("coming", "over"),
    [
        ("unchanged, in memory; `b` needs it", "unchanged, in memory; `b` needed it"),
        ("unchanged, and nothing that runs needs it", "unchanged, and nothing that ran needed it"),
        ("no target needs it", "no target needed it"),
        ("cheaper to compute (1 ms) than to load (2 ms)", "it was cheaper to compute (1 ms) than to load (2 ms)"),
        ("its input `rows` will be made anew", "its input `rows` was made anew"),
        (
            "its inputs `a`, `b` will be made anew, because of `rows`",
            "its inputs `a`, `b` were made anew, because of `rows`",
        ),
        ("code edited", "code edited"),
        ("reads `needs it`", "reads `needs it`"),
    ],
)
def test_of_a_run_that_is_over_reasons_are_in_the_past(coming, over):
    assert past(coming) == over
