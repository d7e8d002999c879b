"""What-ifs over simulated histories: what they foresee is what a simulated run does, and nothing breaks its budget."""

from __future__ import annotations

import json
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helix_jupyter.plan import State
from helix_jupyter.plan.explore import Explorer, Situation, WhatIf, explore
from helix_jupyter.plan.explore.choices import with_dependants
from helix_jupyter.plan.explore.simulated import situation_of
from helix_jupyter.plan.materialise import POLICIES
from helix_jupyter.plan.simulate import replay
from helix_jupyter.plan.simulate.generate import FAMILIES, random_graph
from helix_jupyter.plan.trace import Trace
from helix_jupyter.view.explore_snapshot import explored_snapshot
from helix_jupyter.view.render import as_html, as_text

SHARES = (1.0, 0.3, 0.1, 0.02)


@cache
def situation(seed: int, share: float, policy: str) -> tuple[Situation, Trace]:
    family = sorted(FAMILIES)[seed % len(FAMILIES)]
    trace = FAMILIES[family](seed) if family != "random" else random_graph(seed, 30, 8)
    return situation_of(trace, policy, round(share * trace.artifact_bytes)), trace


situations = st.builds(situation, st.integers(0, 23), st.sampled_from(SHARES), st.sampled_from(sorted(POLICIES)))


@st.composite
def asked(draw: st.DrawFn) -> tuple[Situation, WhatIf]:
    one, trace = draw(situations)
    nodes = st.lists(st.sampled_from(list(one.graph)), max_size=3, unique=True).map(tuple)
    pin = draw(nodes)
    budgets = st.one_of(st.none(), st.floats(0, 1).map(lambda share: round(share * trace.artifact_bytes)))
    question = WhatIf(
        draw(st.one_of(st.none(), nodes.filter(bool))),
        draw(nodes),
        pin,
        tuple(node for node in draw(nodes) if node not in pin),
        drop=draw(nodes),
        budget=draw(budgets),
        policy=draw(st.one_of(st.none(), st.sampled_from(sorted(POLICIES)))),
    )
    return one, question


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 23), st.sampled_from(SHARES), st.sampled_from(["helix", "all", "none", "memory"]))
def test_without_a_change_it_foresees_what_a_simulated_run_does(seed: int, share: float, policy: str) -> None:
    one, trace = situation(seed, share, policy)
    answer = explore(one, WhatIf(targets=trace.steps[-1].targets))
    done = replay(trace, POLICIES[policy], one.budget).steps[-1]
    states = {node: answer.explored.plan.states[node] for node in done.states}
    assert states == done.states
    assert {one.nodes[node].key for node in answer.explored.kept} == set(done.kept)
    assert answer.explored.used == done.used


@settings(max_examples=10, deadline=None)
@given(situations)
def test_a_what_if_without_a_change_is_what_is(given_: tuple[Situation, Trace]) -> None:
    answer = explore(given_[0], WhatIf())
    assert answer.explored == answer.actual
    assert (answer.changed, answer.dropped, answer.problem) == ((), (), "")


@settings(max_examples=30, deadline=None)
@given(asked())
def test_the_budget_holds_or_it_is_said_why_not(given_: tuple[Situation, WhatIf]) -> None:
    one, question = given_
    answer = explore(one, question)
    assert answer.explored.used <= answer.explored.budget or answer.problem
    assert not answer.problem or "\n" not in answer.problem
    assert answer.explored.kept.keys().isdisjoint(answer.explored.never)
    going = answer.explored.gone_before + answer.explored.gone_during
    assert not any(gone.node in answer.explored.pinned and gone.current for gone in going)
    assert answer.actual == explore(one, WhatIf()).actual
    for before, after in zip(answer.curve, answer.curve[1:], strict=False):
        assert before.budget < after.budget
    assert all(point.used <= point.budget for point in answer.curve)


@settings(max_examples=25, deadline=None)
@given(asked())
def test_what_is_dropped_takes_its_dependants_along_and_forced_nodes_run(given_: tuple[Situation, WhatIf]) -> None:
    one, question = given_
    answer = explore(one, question)
    plan = answer.explored.plan
    assert set(answer.dropped) == with_dependants(one.graph, question.drop)
    assert plan.states.keys() == one.graph.keys() - set(answer.dropped)
    assert plan.targets == tuple(dict.fromkeys(plan.targets))
    needed = set(plan.targets)
    for node in reversed(list(plan.states)):
        if node in needed:
            needed.update(one.graph[node])
    for node in needed & set(question.force):
        assert plan.states[node] is State.COMPUTE


@settings(max_examples=15, deadline=None)
@given(asked())
def test_an_explorer_answers_like_a_fresh_look_and_leaves_the_situation_alone(
    given_: tuple[Situation, WhatIf],
) -> None:
    one, question = given_
    before = (dict(one.stored), dict(one.nodes), one.pinned, one.used)
    explorer = Explorer(one)
    for other in (WhatIf(), WhatIf(budget=0), WhatIf(policy="helix"), question):
        explorer.explore(other)
    assert explorer.explore(question) == explore(one, question)
    assert before == (dict(one.stored), dict(one.nodes), one.pinned, one.used)


@settings(max_examples=25, deadline=None)
@given(asked())
def test_every_answer_can_be_shown(given_: tuple[Situation, WhatIf]) -> None:
    answer = explore(*given_)
    document = json.loads(json.dumps(explored_snapshot(answer), allow_nan=False))
    assert [node["name"] for node in document["nodes"]] == list(answer.actual.plan.states)
    assert [node["name"] for node in document["nodes"] if node["dropped"]] == list(answer.dropped)
    for shown in (as_text(answer), as_html(answer)):
        assert all(node in shown for node in given_[0].graph)


@pytest.mark.parametrize("policy", ["adaptive", "helix", "all"])
def test_more_storage_never_makes_the_next_iteration_much_slower(policy: str) -> None:
    one, _ = situation(4, 1.0, policy)
    seconds = [point.seconds for point in explore(one, WhatIf()).curve]
    assert len(seconds) > 3
    assert seconds[-1] < seconds[0]
    # a value that is loaded more slowly than it is made costs a little when it is stored
    assert seconds[-1] == pytest.approx(min(seconds), rel=0.01)
