"""The order of a run that keeps few bytes alive: by case, and against every order on small graphs."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helix_jupyter.plan.ordering import EXACT_NODES, memory_order, peak_bytes

Graph = dict[str, tuple[str, ...]]

# every feature is read by a small summary; in order of place all features come first
FAN = {
    **{f"feature{number}": () for number in range(4)},
    **{f"summary{number}": (f"feature{number}",) for number in range(4)},
}
FAN_BYTES = {**{f"feature{number}": 100 for number in range(4)}, **{f"summary{number}": 1 for number in range(4)}}


def lowest(graph: Graph, sizes: dict[str, int], kept: set[str]) -> int:
    """The lowest peak of all orders, one by one."""
    return min(
        peak_bytes(order, graph, sizes, kept)
        for order in itertools.permutations(graph)
        if all(order.index(parent) < order.index(node) for node in graph for parent in graph[node])
    )


def is_topological(order: tuple[str, ...], graph: Graph) -> bool:
    return sorted(order) == sorted(graph) and all(
        order.index(parent) < order.index(node) for node in graph for parent in graph[node]
    )


@st.composite
def works(draw: st.DrawFn, most: int) -> tuple[Graph, dict[str, int], set[str]]:
    names = [f"n{number}" for number in range(draw(st.integers(1, most)))]
    graph: Graph = {}
    for at, name in enumerate(names):
        graph[name] = tuple(draw(st.sets(st.sampled_from(names[:at]), max_size=3))) if at else ()
    sizes = {name: draw(st.integers(0, 9)) for name in names}
    return graph, sizes, draw(st.sets(st.sampled_from(names)))


def test_what_is_alive_when() -> None:
    graph = {"a": (), "b": ("a",), "c": ("a", "b")}
    sizes = {"a": 4, "b": 2, "c": 1}
    assert peak_bytes(["a", "b", "c"], graph, sizes, {"c"}) == 7
    assert peak_bytes(["a", "b", "c"], {"a": (), "b": ("a",), "c": ("b",)}, sizes, {"c"}) == 6


def test_branches_are_finished_one_by_one() -> None:
    kept = {f"summary{number}" for number in range(4)}
    assert peak_bytes(FAN, FAN, FAN_BYTES, kept) == 401
    order = memory_order(FAN, FAN_BYTES, kept, budget=200)
    assert peak_bytes(order, FAN, FAN_BYTES, kept) == 104


def test_the_given_order_stays_where_it_fits() -> None:
    assert memory_order(FAN, FAN_BYTES, set(), budget=401) == tuple(FAN)


def test_the_given_order_stays_where_no_other_is_better() -> None:
    chain = {"a": (), "b": ("a",), "c": ("b",)}
    assert memory_order(chain, {"a": 9, "b": 9, "c": 9}, {"c"}, budget=1) == ("a", "b", "c")


def test_the_larger_subtree_first() -> None:
    """Sethi-Ullman: what needs most room goes while nothing else is held."""
    graph = {"small": (), "left": ("small",), "huge": (), "right": ("huge",), "both": ("left", "right")}
    sizes = {"small": 2, "left": 5, "huge": 10, "right": 1, "both": 1}
    order = memory_order(graph, sizes, {"both"}, budget=0)
    assert order.index("right") < order.index("small")
    assert peak_bytes(order, graph, sizes, {"both"}) == 11


@settings(deadline=None, max_examples=200)
@given(works(most=7))
def test_no_order_of_a_small_graph_has_a_lower_peak(work: tuple[Graph, dict[str, int], set[str]]) -> None:
    graph, sizes, kept = work
    order = memory_order(graph, sizes, kept, budget=0)
    assert is_topological(order, graph)
    assert peak_bytes(order, graph, sizes, kept) == lowest(graph, sizes, kept)


@settings(deadline=None, max_examples=60)
@given(works(most=90), st.integers(0, 60))
def test_never_higher_than_the_given_order(work: tuple[Graph, dict[str, int], set[str]], budget: int) -> None:
    graph, sizes, kept = work
    order = memory_order(graph, sizes, kept, budget)
    assert is_topological(order, graph)
    given_peak = peak_bytes(graph, graph, sizes, kept)
    assert peak_bytes(order, graph, sizes, kept) <= given_peak
    if given_peak <= budget:
        assert order == tuple(graph)


@pytest.mark.parametrize("branches", [3, EXACT_NODES, 400])
def test_many_branches(branches: int) -> None:
    graph: Graph = {"rows": ()}
    graph |= {f"feature{number}": ("rows",) for number in range(branches)}
    graph |= {f"score{number}": (f"feature{number}",) for number in range(branches)}
    graph["table"] = tuple(f"score{number}" for number in range(branches))
    sizes = {node: {"r": 50, "f": 100, "s": 1, "t": 1}[node[0]] for node in graph}
    order = memory_order(graph, sizes, {"table"}, budget=200)
    assert peak_bytes(order, graph, sizes, {"table"}) == 149 + branches  # rows, a feature, the scores before it
