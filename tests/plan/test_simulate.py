"""Replays, and the bound that none of them is below."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helix_jupyter.errors import ConfigError
from helix_jupyter.plan.materialise import POLICIES
from helix_jupyter.plan.min_cut import optimal_reuse
from helix_jupyter.plan.simulate import clairvoyant, compare, replay
from helix_jupyter.plan.simulate.generate import FAMILIES, random_graph
from helix_jupyter.plan.trace import NodeVersion, Step, Trace
from helix_jupyter.plan.types import State


def chain(*iterations, sizes=(1000, 100, 1), seconds=(5.0, 10.0, 1.0)):
    """raw -> model -> score, each iteration given by the three keys: ``"r1 m1 s1"``."""
    steps = []
    for keys in iterations:
        nodes, above = {}, ()
        for name, key, size, took in zip(("raw", "model", "score"), keys.split(), sizes, seconds, strict=True):
            nodes[name] = NodeVersion(key, above, took, 0.5, size)
            above = (name,)
        steps.append(Step(nodes, ("score",)))
    return Trace("chain", tuple(steps))


PPR = chain("r1 m1 s1", "r1 m1 s2", "r1 m1 s3")


@pytest.mark.parametrize(
    ("policy", "budget", "seconds"),
    [
        pytest.param("none", 10_000, 16 * 3, id="none"),
        pytest.param("memory", 10_000, 16 * 3, id="memory: every iteration is after a restart"),
        pytest.param("all", 10_000, 16 + 2 * 1.5, id="all"),
        pytest.param("helix", 10_000, 16 + 2 * 1.5, id="helix"),
        pytest.param("adaptive", 10_000, 16 + 2 * 1.5, id="adaptive"),
        pytest.param("helix", 1000, 16 + 2 * 11.5, id="helix: first come"),
        pytest.param("adaptive", 1000, 16 + 2 * 1.5, id="adaptive: the model for the rows"),
        pytest.param("adaptive", 100, 16 + 2 * 1.5, id="adaptive: the model for the score"),
        pytest.param("adaptive", 0, 16 * 3, id="no budget"),
    ],
)
def test_replays(policy, budget, seconds):
    done = replay(PPR, POLICIES[policy], budget)
    assert done.seconds == pytest.approx(seconds)
    assert done.peak <= budget


def test_a_replay_tells_what_ran_and_what_was_kept():
    first, second, _ = replay(PPR, POLICIES["helix"], 10_000).steps
    assert list(first.states.values()) == [State.COMPUTE] * 3
    assert second.states == {"raw": State.PRUNE, "model": State.LOAD, "score": State.COMPUTE}
    assert first.kept == ("r1", "m1", "s1")
    assert second.kept == ("s2",)


@pytest.mark.parametrize(
    ("trace", "budget", "seconds"),
    [
        pytest.param(PPR, 10_000, 16 + 2 * 1.5, id="all fits"),
        pytest.param(PPR, 100, 16 + 2 * 1.5, id="just the model"),
        pytest.param(PPR, 99, 48, id="not even that"),
        pytest.param(chain("r1 m1 s1", "r1 m2 s2", "r1 m1 s1"), 1001, 16 + 11.5 + 0.5, id="rows now, scores later"),
        pytest.param(chain("r1 m1 s1", "r2 m2 s2"), 10_000, 32, id="nothing is left"),
        pytest.param(chain("r1 m1 s1", "r1 m1 s1"), 1, 16.5, id="the same again"),
    ],
)
def test_the_clairvoyant_bound(trace, budget, seconds):
    bound = clairvoyant(trace, budget)
    assert bound.exact
    assert bound.seconds == pytest.approx(seconds, rel=1e-3)


@st.composite
def traces(draw, most=5, iterations=4):
    """A small workflow under edit; ``"name.edits"`` along the way names a value."""
    count = draw(st.integers(1, most))
    names = [f"n{at}" for at in range(count)]
    parents = {
        name: tuple(sorted(draw(st.sets(st.sampled_from(names[:at]), max_size=2)))) if at else ()
        for at, name in enumerate(names)
    }
    read = {parent for above in parents.values() for parent in above}
    targets = tuple(name for name in names if name not in read)
    variants = dict.fromkeys(names, 0)
    costs = {}
    edits = {}
    steps = []
    for _ in range(draw(st.integers(1, iterations))):
        nodes = {}
        for name in names:
            key = f"{name}.{variants[name]}({','.join(nodes[parent].key for parent in parents[name])})"
            costs.setdefault(key, (draw(st.integers(1, 30)), draw(st.integers(0, 12)), draw(st.integers(0, 9))))
            compute, load, size = costs[key]
            nodes[name] = NodeVersion(key, parents[name], compute, load, size, write_seconds=load / 8)
        edited = draw(st.sampled_from(names))
        steps.append(Step(nodes, targets, edits))
        edits = {edited: "code"}
        variants[edited] = draw(st.integers(0, 2))
    return Trace("drawn", tuple(steps))


@settings(max_examples=60, deadline=None)
@given(traces(), st.integers(0, 60), st.sampled_from(sorted(POLICIES)))
def test_no_policy_is_below_the_bound_or_above_its_budget(trace, budget, policy):
    done = replay(trace, POLICIES[policy], budget)
    assert done.peak <= budget
    for exact in (True, False):
        assert clairvoyant(trace, budget, exact=exact).seconds <= done.seconds * (1 + 1e-6) + 1e-9


@settings(max_examples=40, deadline=None)
@given(traces(most=3, iterations=3), st.integers(0, 25))
def test_the_exact_bound_is_what_trying_everything_finds(trace, budget):
    bound = clairvoyant(trace, budget)
    assert bound.exact
    assert bound.seconds == pytest.approx(by_brute_force(trace, budget), rel=1e-3, abs=1e-9)


def by_brute_force(trace, budget):
    """Every choice of what to compute, and every choice of what to leave stored."""
    best = {frozenset(): 0.0}
    for step in trace.steps:
        reached = {}
        for stored, before in best.items():
            for computed in subsets(step.needed):
                seconds = cost_of(step, computed, stored)
                if seconds is None:
                    continue
                made = {step.needed[name].key: step.needed[name] for name in computed}
                for left in subsets(stored | made.keys()):
                    size = sum(sizes(trace)[key] for key in left)
                    if size <= budget:
                        written = sum(made[key].write_seconds for key in left if key not in stored)
                        total = before + seconds + written
                        reached[frozenset(left)] = min(total, reached.get(frozenset(left), total))
        best = reached
    return min(best.values())


def cost_of(step, computed, stored):
    """Seconds if just ``computed`` are; None where something would be missing."""
    needed = set(step.targets) | {parent for name in computed for parent in step.needed[name].parents}
    loaded = needed - set(computed)
    if any(step.needed[name].key not in stored for name in loaded):
        return None
    return sum(step.needed[name].compute_seconds for name in computed) + sum(
        step.needed[name].load_seconds for name in loaded
    )


def sizes(trace):
    return {node.key: node.bytes for step in trace.steps for node in step.nodes.values()}


def subsets(names):
    names = list(names)
    return itertools.chain.from_iterable(itertools.combinations(names, count) for count in range(len(names) + 1))


@pytest.mark.parametrize("family", FAMILIES)
def test_generated_traces_are_drawn_from_their_seed(family):
    one = FAMILIES[family](3)
    assert one == FAMILIES[family](3)
    assert one != FAMILIES[family](4)
    for step in one.steps:
        states = optimal_reuse(
            {name: node.parents for name, node in step.needed.items()},
            {name: node.compute_seconds for name, node in step.needed.items()},
            {},
            step.targets,
        )
        assert set(states.values()) == {State.COMPUTE}


def test_random_graphs_spread_over_six_decades():
    nodes = random_graph(1, nodes=400).steps[0].nodes.values()
    seconds = [node.compute_seconds for node in nodes]
    assert max(seconds) / min(seconds) > 1e5


@pytest.mark.parametrize("family", ["census", "genomics", "extraction", "images", "shared"])
def test_adaptive_is_near_the_bound(family):
    ratios = []
    for seed in range(3):
        trace = FAMILIES[family](seed)
        budget = trace.artifact_bytes // 8
        ratios.append(replay(trace, POLICIES["adaptive"], budget).seconds / clairvoyant(trace, budget).seconds)
    assert sorted(ratios)[1] <= 1.25


@pytest.mark.parametrize(
    ("budgets", "policies", "hint"),
    [([1], ["adaptve"], "adaptive"), ([1], ["?"], "helix"), ([-1], ["helix"], "0 or more")],
)
def test_what_cannot_be_compared_is_refused(budgets, policies, hint):
    with pytest.raises(ConfigError) as problem:
        compare(PPR, budgets, policies)
    assert hint in str(problem.value)
