"""Coordinates: nothing overlaps, edges lead from parent to child, and the same graph is laid out the same way."""

from __future__ import annotations

import json
import shutil
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helix_jupyter.view import layout as layout_module
from helix_jupyter.view.layout import lay_out
from helix_jupyter.view.places import Box, Layout

DIAMOND = (["a", "b", "c", "d"], [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("a", "d")])
engines = [
    pytest.param(False, id="layers"),
    *([pytest.param(True, id="dot")] if shutil.which("dot") else []),  # where it is installed, as users have it
]


def sized(nodes):
    return {node: (100.0 + 7 * index % 60, 44.0) for index, node in enumerate(nodes)}


def overlap(one: Box, other: Box) -> bool:
    apart_x = one.x + one.width <= other.x + 1e-6 or other.x + other.width <= one.x + 1e-6
    apart_y = one.y + one.height <= other.y + 1e-6 or other.y + other.height <= one.y + 1e-6
    return not (apart_x or apart_y)


def check(found: Layout, nodes, edges, tolerance: float) -> None:
    assert list(found.boxes) == list(nodes)
    assert [(route.parent, route.child) for route in found.routes] == list(edges)
    for box in found.boxes.values():
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= found.width
        assert box.y + box.height <= found.height
    for one, other in combinations(found.boxes.values(), 2):
        assert not overlap(one, other)
    for route in found.routes:
        assert len(route.points) % 3 == 1
        assert near(found.boxes[route.parent], route.points[0], tolerance)
        assert near(found.boxes[route.child], route.points[-1], tolerance)


def near(box: Box, point, tolerance: float) -> bool:
    x, y = point
    inside_x = box.x - tolerance <= x <= box.x + box.width + tolerance
    return inside_x and box.y - tolerance <= y <= box.y + box.height + tolerance


@st.composite
def graphs(draw):
    count = draw(st.integers(1, 14))
    nodes = [f"n{index}" for index in range(count)]
    pairs = [(nodes[a], nodes[b]) for a, b in combinations(range(count), 2)]
    return nodes, draw(st.lists(st.sampled_from(pairs), unique=True, max_size=30)) if pairs else []


@given(graphs())
def test_layers_keep_order_and_distance(graph) -> None:
    nodes, edges = graph
    found = lay_out(nodes, edges, sized(nodes), use_dot=False)
    check(found, nodes, edges, 0.01)
    for parent, child in edges:
        assert found.boxes[parent].y + found.boxes[parent].height < found.boxes[child].y
    assert lay_out(nodes, edges, sized(nodes), use_dot=False) == found


@pytest.mark.parametrize("use_dot", engines)
def test_a_diamond(use_dot: bool) -> None:
    nodes, edges = DIAMOND
    found = lay_out(nodes, edges, sized(nodes), use_dot=use_dot)
    check(found, nodes, edges, 2.0)
    assert found.boxes["b"].y == pytest.approx(found.boxes["c"].y, abs=0.5)
    assert lay_out(nodes, edges, sized(nodes), use_dot=use_dot) == found


@pytest.mark.parametrize("use_dot", engines)
@pytest.mark.parametrize("count", [0, 1, 12, 200])
def test_sizes(count: int, use_dot: bool) -> None:
    nodes = [f"n{index}" for index in range(count)]
    edges = sorted({(nodes[index // 2], nodes[index]) for index in range(1, count)})
    check(lay_out(nodes, edges, sized(nodes), use_dot=use_dot), nodes, edges, 2.0)


def test_a_long_edge_is_led_around_the_nodes_between() -> None:
    nodes = ["a", "b", "c", "d"]
    found = lay_out(nodes, [("a", "b"), ("b", "c"), ("c", "d"), ("a", "d")], sized(nodes), use_dot=False)
    for between in ("b", "c"):
        assert not any(near(found.boxes[between], point, 0.0) for point in found.routes[3].points)


def test_crossings_that_can_be_avoided_are_avoided() -> None:
    nodes = ["a", "b", "y", "x"]
    boxes = lay_out(nodes, [("a", "x"), ("b", "y")], sized(nodes), use_dot=False).boxes
    assert (boxes["a"].x < boxes["b"].x) == (boxes["x"].x < boxes["y"].x)


def test_a_cycle_between_two_versions_is_still_drawn() -> None:
    nodes, edges = ["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a")]
    found = lay_out(nodes, edges, sized(nodes), use_dot=False)
    check(found, nodes, edges, 0.01)


def test_a_broken_dot_is_done_without(tmp_path, monkeypatch) -> None:
    broken = tmp_path / "dot"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    (tmp_path / "dot.bat").write_text("@exit /b 3\r\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    nodes, edges = ["broken", *DIAMOND[0]], [("broken", "a"), *DIAMOND[1]]  # not one that was laid out before
    assert lay_out(nodes, edges, sized(nodes)) == lay_out(nodes, edges, sized(nodes), use_dot=False)


def test_a_graph_too_large_for_dot_gets_layers(monkeypatch) -> None:
    monkeypatch.setattr(layout_module, "DOT_LIMIT", 3)
    nodes, edges = DIAMOND
    assert lay_out(nodes, edges, sized(nodes)) == lay_out(nodes, edges, sized(nodes), use_dot=False)


def test_as_json() -> None:
    nodes, edges = DIAMOND
    found = json.loads(json.dumps(lay_out(nodes, edges, sized(nodes), use_dot=False).to_json()))
    assert list(found["nodes"]) == nodes
    assert found["edges"][0][:2] == ["a", "b"]
    assert len(found["edges"][0][2]) == 8
