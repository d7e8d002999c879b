"""What the browser draws: slim, laid out as the static picture is, groups as one box where they can be one."""

from __future__ import annotations

import json

import pytest

from helix_jupyter.plan.types import Plan, State
from helix_jupyter.view.picture import picture
from helix_jupyter.view.snapshot import snapshot
from helix_jupyter.view.svg import place

CHAIN = {"a": {}, "b": {"a": "a"}, "c": {"b": "b"}, "d": {"c": "c", "a": "a"}}


@pytest.fixture
def shown(graph):
    """A snapshot of ``CHAIN`` with the groups that ``{node: group}`` says."""

    def build(groups):
        states = dict.fromkeys(CHAIN, State.COMPUTE) | {"a": State.LOAD}
        plan = Plan(states, {}, dict.fromkeys(CHAIN, 1.0), 4.0, 0, ("d",), {}, ("d",))
        found = snapshot(graph(CHAIN, "secret = 1"), plan, None, {"a"})
        return {**found, "nodes": [{**node, "group": groups.get(node["name"])} for node in found["nodes"]]}

    return build


def edges(found):
    return {(edge["parent"], edge["child"]) for edge in found["edges"]}


def test_a_picture_is_a_snapshot_without_code_laid_out(shown) -> None:
    found = picture(shown({}))
    assert "secret" not in json.dumps(found, allow_nan=False)
    assert found["layout"] == place(shown({})).to_json()
    assert {node["name"]: node["value"] for node in found["nodes"]} == {
        "a": "fresh",
        "b": "none",
        "c": "none",
        "d": "none",
    }
    assert edges(found) == {("a", "b"), ("b", "c"), ("c", "d"), ("a", "d")}


def test_a_group_is_one_box(shown) -> None:
    found = picture(shown({"b": "g", "c": "g"}), ["g", "no such group"])
    assert [node["name"] for node in found["nodes"]] == ["a", "group g", "d"]
    box = found["nodes"][1]
    assert (box["state"], box["seconds"], box["members"], box["lines"]) == ("compute", 2.0, ["b", "c"], ["g"])
    assert edges(found) == {("a", "group g"), ("group g", "d"), ("a", "d")}
    assert found["groups"] == [{"name": "g", "members": ["b", "c"], "collapsed": True, "problem": ""}]


def test_a_group_with_others_between_stays_open_and_says_why(shown) -> None:
    found = picture(shown({"a": "g", "c": "g"}), ["g"])
    assert [node["name"] for node in found["nodes"]] == list(CHAIN)
    assert found["groups"][0]["problem"] == "It cannot be one box: b stands between its nodes."


def test_two_groups_that_would_make_a_cycle_together(shown) -> None:
    found = picture(shown({"a": "g", "d": "g", "b": "h", "c": "h"}), ["h", "g"])
    assert not found["groups"][0]["collapsed"]
    assert [node["name"] for node in found["nodes"]] == ["a", "group h", "d"]


def test_time_that_nobody_knows_stays_unknown_in_a_group(shown) -> None:
    found = picture(shown({"c": "g", "d": "g"}), ["g"])
    assert found["nodes"][-1]["seconds"] is None
