"""The plan of least time: by case, and against every assignment of states on small graphs."""

from __future__ import annotations

import itertools
import math

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helix_jupyter.errors import PlanError, UnknownTarget
from helix_jupyter.plan import State, optimal_reuse
from helix_jupyter.plan.max_flow import Network, source_side_dinic, source_side_scipy

COMPUTE, LOAD, PRUNE = State.COMPUTE, State.LOAD, State.PRUNE
INF = math.inf

CHAIN = {"rows": (), "features": ("rows",), "model": ("features",)}
SHARED = {"rows": (), "left": ("rows",), "right": ("rows",), "both": ("left", "right")}


@pytest.mark.parametrize(
    ("graph", "compute", "load", "targets", "expected"),
    [
        pytest.param(CHAIN, (3, 2, 1), (INF, INF, INF), ["model"], "CCC", id="nothing stored"),
        pytest.param(CHAIN, (3, 2, 1), (1, 1, 0.5), ["model"], "PPL", id="unchanged: load the target alone"),
        pytest.param(CHAIN, (3, 2, 1), (1, 1, INF), ["model"], "PLC", id="target changed: load its parent"),
        pytest.param(CHAIN, (1, 2, 1), (1, 5, INF), ["model"], "LCC", id="computing a parent beats loading it"),
        pytest.param(CHAIN, (3, 2, 1), (1, 1, 1), ["rows"], "LPP", id="below the target"),
        pytest.param(CHAIN, (1, 1, 1), (0, 0, 0), [], "PPP", id="no target"),
        pytest.param(CHAIN, (0, 0, 0), (0, 0, 0), ["model"], "PPL", id="all free: compute nothing"),
        pytest.param(CHAIN, (2, 1, 1), (INF, 3, INF), ["model"], "PLC", id="tie: fewer computed"),
        pytest.param(SHARED, (4, 1, 1, 1), (4, 4, 4, INF), ["both"], "LCCC", id="a shared parent is paid once"),
        pytest.param(SHARED, (9, 1, 1, 1), (9, 4, 4, INF), ["both"], "PLLC", id="unless it is too dear"),
        pytest.param(SHARED, (9, 1, 1, 1), (9, INF, 4, INF), ["both"], "LCCC", id="paid anyway, so used"),
        pytest.param(SHARED, (9, 1, 1, 1), (9, 4, 4, 0), ["left", "both"], "PLPL", id="two targets"),
    ],
)
def test_states(graph, compute, load, targets, expected):
    letters = {"C": COMPUTE, "L": LOAD, "P": PRUNE}
    states = optimal_reuse(graph, dict(zip(graph, compute, strict=True)), dict(zip(graph, load, strict=True)), targets)
    assert dict(zip(graph, (letters[letter] for letter in expected), strict=True)) == states


def test_missing_load_seconds_mean_not_stored():
    assert optimal_reuse({"a": []}, {"a": 1.0}, {}, ["a"]) == {"a": COMPUTE}


def test_digraph_and_mapping_give_the_same():
    digraph = networkx.DiGraph((parent, node) for node, parents in SHARED.items() for parent in parents)
    seconds = dict.fromkeys(SHARED, 1.0)
    assert optimal_reuse(digraph, seconds, {"left": 0.1}, ["both"]) == optimal_reuse(
        SHARED, seconds, {"left": 0.1}, ["both"]
    )


def test_parents_may_be_generators_and_come_in_any_order():
    graph = {"b": (name for name in ["a"]), "a": iter(())}
    assert optimal_reuse(graph, {"a": 2, "b": 1}, {"a": 1}, ["b"]) == {"b": COMPUTE, "a": LOAD}


@pytest.mark.parametrize(
    ("graph", "compute", "load", "targets", "error", "words"),
    [
        pytest.param({"rows": ()}, {"rows": 1}, {}, ["row"], UnknownTarget, "Did you mean 'rows'", id="target"),
        pytest.param({"a": ()}, {"a": -1}, {}, ["a"], PlanError, "'a' has -1 compute", id="negative compute"),
        pytest.param({"a": ()}, {"a": math.nan}, {}, ["a"], PlanError, "nan compute", id="NaN compute"),
        pytest.param({"a": ()}, {"a": INF}, {}, ["a"], PlanError, "finite", id="infinite compute"),
        pytest.param({"a": ()}, {"a": 1}, {"a": -0.5}, ["a"], PlanError, "-0.5 load", id="negative load"),
        pytest.param({"a": ()}, {"a": 1}, {"a": math.nan}, ["a"], PlanError, "nan load", id="NaN load"),
        pytest.param({"a": ()}, {}, {}, ["a"], PlanError, "no compute seconds for 'a'", id="no compute"),
        pytest.param({"b": ("a",)}, {"b": 1}, {}, ["b"], PlanError, "'a', a parent of 'b'", id="parent"),
        pytest.param({"a": ("b",), "b": ("a",)}, {"a": 1, "b": 1}, {}, ["a"], PlanError, "cycle", id="cycle"),
        pytest.param({"a": ("a",)}, {"a": 1}, {}, ["a"], PlanError, "cycle", id="self-loop"),
    ],
)
def test_bad_input_is_named(graph, compute, load, targets, error, words):
    with pytest.raises(error, match=words) as caught:
        optimal_reuse(graph, compute, load, targets)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("load", [INF, 1.0, 1.5], ids=["compute all", "load the last", "every node a tie or worse"])
def test_long_chain(load):
    graph = {0: ()} | {node: (node - 1,) for node in range(1, 10_000)}
    states = optimal_reuse(graph, dict.fromkeys(graph, 1.0), dict.fromkeys(graph, load), [9_999])
    expected = {INF: 10_000, 1.0: 0, 1.5: 0}[load]
    assert expected == sum(state is COMPUTE for state in states.values())


def test_long_ladder():
    # every node needs the two before it: no tree, so neither bound of the reduction is tight
    graph = {0: (), 1: (0,)} | {node: (node - 1, node - 2) for node in range(2, 3_000)}
    load = {node: 1.0 + (node * 7919 % 13) for node in graph}
    states = optimal_reuse(graph, dict.fromkeys(graph, 1.0), load, [2_999])
    assert_feasible(graph, load, [2_999], states)


def assert_feasible(graph, load, targets, states):
    assert not any(states[target] is PRUNE for target in targets)
    for node, state in states.items():
        assert state is not LOAD or load.get(node, INF) < INF
        assert state is not COMPUTE or not any(states[parent] is PRUNE for parent in graph[node])


def cost(states, compute, load):
    return sum(compute[n] if s is COMPUTE else load[n] for n, s in states.items() if s is not PRUNE)


def best_by_brute_force(graph, compute, load, targets):
    """Least seconds, and among those plans the fewest computed nodes, over all assignments of states."""
    best = (INF, 0)
    for chosen in itertools.product([COMPUTE, LOAD, PRUNE], repeat=len(graph)):
        states = dict(zip(graph, chosen, strict=True))
        if any(states[target] is PRUNE for target in targets):
            continue
        if any(states[p] is PRUNE for n in graph if states[n] is COMPUTE for p in graph[n]):
            continue
        best = min(best, (cost(states, compute, load), chosen.count(COMPUTE)))
    return best


@st.composite
def problems(draw, seconds, largest=6):
    """A DAG with compute seconds, load seconds (some of them infinite or missing) and targets."""
    size = draw(st.integers(1, largest))
    graph = {node: tuple(draw(st.sets(st.integers(0, node - 1)))) if node else () for node in range(size)}
    compute = {node: draw(seconds) for node in graph}
    load = {node: draw(st.one_of(seconds, st.just(INF))) for node in graph if draw(st.integers(0, 4))}
    targets = draw(st.sets(st.sampled_from(range(size)), min_size=1))
    full_load = {node: load.get(node, INF) for node in graph}
    return graph, compute, full_load, sorted(targets)


@settings(max_examples=250, deadline=None)
@given(problems(st.integers(0, 6)))
def test_equals_brute_force_and_ties_compute_the_fewest(problem):
    graph, compute, load, targets = problem
    states = optimal_reuse(graph, compute, load, targets)
    assert_feasible(graph, load, targets, states)
    computed = sum(state is COMPUTE for state in states.values())
    assert best_by_brute_force(graph, compute, load, targets) == (cost(states, compute, load), computed)


@settings(max_examples=100, deadline=None)
@given(problems(st.floats(0, 1e6, allow_subnormal=True)))
def test_equals_brute_force_for_any_floats(problem):
    graph, compute, load, targets = problem
    states = optimal_reuse(graph, compute, load, targets)
    assert_feasible(graph, load, targets, states)
    best = best_by_brute_force(graph, compute, load, targets)[0]
    assert cost(states, compute, load) == pytest.approx(best, rel=1e-12)


@settings(max_examples=200, deadline=None)
@given(problems(st.integers(0, 9), largest=30), st.randoms(use_true_random=False))
def test_does_not_depend_on_the_order_of_the_graph(problem, random):
    graph, compute, load, targets = problem
    shuffled = random.sample(list(graph), len(graph))
    again = optimal_reuse({n: graph[n][::-1] for n in shuffled}, compute, load, targets[::-1])
    assert optimal_reuse(graph, compute, load, targets) == again


INFINITE = Network.INFINITE


def network_of(vertices, arcs):
    return Network(vertices, *(list(column) for column in zip(*arcs, strict=True)) if arcs else ([], [], []))


@st.composite
def networks(draw, capacity):
    """Vertices 0 (source) and 1 (sink) among up to nine; arcs into the sink are finite."""
    vertices = draw(st.integers(2, 9))
    vertex = st.integers(0, vertices - 1)
    arcs = draw(st.lists(st.tuples(vertex, vertex, st.just(INFINITE) | capacity), max_size=30))
    fit = [
        (tail, head, amount)
        for tail, head, amount in arcs
        if tail != head and (tail, head) != (0, 1) and (amount != INFINITE or head != 1)
    ]
    return network_of(vertices, fit)


def smallest_minimum_cut(network):
    """By trying every set of vertices."""
    others = range(2, network.vertices)
    best = (INF, 0, set())
    for size in range(len(others) + 1):
        for side in itertools.combinations(others, size):
            inside = {0, *side}
            arcs = zip(network.tails, network.heads, network.capacities, strict=True)
            value = sum(INF if c == INFINITE else c for t, h, c in arcs if t in inside and h not in inside)
            best = min(best, (value, size + 1, inside), key=lambda cut: cut[:2])
    return best[2]


SOLVERS = pytest.mark.parametrize("solver", [source_side_dinic, source_side_scipy], ids=["dinic", "scipy"])


@SOLVERS
@settings(max_examples=150, deadline=None)
@given(networks(st.integers(0, 5)))
def test_solver_finds_the_smallest_minimum_cut(solver, network):
    assert smallest_minimum_cut(network) == solver(network)


@SOLVERS
def test_parallel_arcs_add_up(solver):
    assert solver(network_of(3, [(0, 2, 3), (2, 1, 3), (0, 2, 1)])) == {0, 2}


@SOLVERS
def test_large_capacities_and_parallel_infinite_arcs_are_not_cut(solver):
    assert solver(network_of(4, [(0, 2, 2**61), *[(2, 3, INFINITE)] * 5, (3, 1, 2**59)])) == {0, 2, 3}


@SOLVERS
def test_many_small_arcs_beside_a_large_one(solver):
    # rounding up each of them must not lift the cut above an infinite arc
    arcs = []
    for number, capacity in enumerate([2**60 - 1] + [2**30 - 1] * 500):
        source_end, sink_end = 2 + 2 * number, 3 + 2 * number
        arcs += [(0, source_end, 2**61), (source_end, sink_end, INFINITE), (sink_end, 1, capacity)]
    vertices = 2 + 2 * 501
    assert set(range(vertices)) - {1} == solver(network_of(vertices, arcs))
