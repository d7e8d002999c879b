"""The picture of a workflow and the snapshot that it is drawn from."""

from __future__ import annotations

import math
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from helix_jupyter.plan.types import Place, Plan, State
from helix_jupyter.version.diff import compare
from helix_jupyter.version.types import INTERRUPTED, Version
from helix_jupyter.view.render import as_html, as_text, mimebundle
from helix_jupyter.view.snapshot import diff_snapshot, snapshot, version_snapshot
from helix_jupyter.view.svg import dag_svg, place
from helix_jupyter.view.types import Dag
from helix_jupyter.view.version_pages import details

SVG = "{http://www.w3.org/2000/svg}"
INPUTS = {"rows": {}, "clean": {"rows": "rows"}, "df": {"clean": "clean"}, "df 2": {"df": "df", "r": "rows"}}


def version_of(*records, id: int = 1) -> Version:
    return Version(id, "main", None, "", 1.7e9, "done", 1.0, {record.node: record for record in records})


@pytest.fixture
def plan() -> Plan:
    states = dict(zip(INPUTS, (State.PRUNE, State.LOAD, State.COMPUTE, State.COMPUTE), strict=True))
    reasons = {"clean": "stored", "df": "code edited"}
    seconds = {"clean": 0.02, "df": 3.2, "df 2": math.inf}
    return Plan(states, reasons, seconds, 3.22, 12, ("df 2",), {"clean": Place.STORE})


def test_a_snapshot_of_graph_plan_and_last_run(graph, plan, record) -> None:
    last = version_of(record("clean", "old code", "d", "was new", bytes=5_000, error="boom"))
    found = snapshot(graph(INPUTS, "new code"), plan, last)
    nodes = {node["name"]: node for node in found["nodes"]}
    assert list(nodes) == list(INPUTS)
    assert nodes["clean"] == {
        "name": "clean",
        "outputs": ["clean"],
        "state": "load",
        "place": "store",
        "reason": "stored",
        "seconds": 0.02,
        "compute_seconds": 2.0,
        "bytes": 5_000,
        "group": None,
        "code": "new code",
        "update": False,
        "metrics": False,
        "status": "failed",
        "last": {"state": "failed", "seconds": 0.5, "reason": "boom"},
        "value": None,
    }
    assert (nodes["df 2"]["seconds"], nodes["df 2"]["bytes"], nodes["df 2"]["status"]) == (None, None, "")
    assert {(edge["parent"], edge["child"]) for edge in found["edges"]} == {
        ("rows", "clean"),
        ("clean", "df"),
        ("df", "df 2"),
        ("rows", "df 2"),
    }
    assert (found["plan"]["seconds"], found["version"]) == (3.22, 1)


def test_a_node_that_was_interrupted_says_so_in_every_form(graph, record) -> None:
    interrupted = record("rows", "1", "d", "", error=INTERRUPTED)
    version = version_of(interrupted)
    found = snapshot(graph(INPUTS), None, version)["nodes"][0]
    assert (found["state"], found["status"]) == ("interrupted", "interrupted")
    assert (found["last"]["state"], found["last"]["reason"]) == ("interrupted", INTERRUPTED)
    assert "data-state='interrupted'" in dag_svg(snapshot(graph(INPUTS), None, version))
    assert "interrupted" in as_html(version)
    assert "failed" not in as_html(version)
    assert [node["state"] for node in details(version, None)["nodes"]] == ["interrupted"]


def test_a_node_of_an_older_version_that_gave_nothing_was_interrupted(record) -> None:
    assert replace(record("rows", "1", "d", ""), outputs=(), state=State.COMPUTE).outcome == "interrupted"


def test_a_value_is_fresh_stale_or_none(graph, plan, record) -> None:
    last = version_of(record("rows", "1", "d", ""), record("clean", "1", "d", "", bytes=5_000))
    found = snapshot(graph(INPUTS), plan, last, {"rows"})
    assert [node["value"] for node in found["nodes"]] == ["fresh", "stale", "none", "none"]
    assert "stale 5 kB" in dag_svg(found)


def test_a_link_of_a_chain_of_updates_is_told(graph) -> None:
    found = snapshot(graph({"df": {}, "other": {}, "df_2": {"df_2": "df", "other": "other"}}))
    assert [(edge["parent"], edge["chain"]) for edge in found["edges"]] == [("df", True), ("other", False)]
    assert dag_svg(found).count("class='e u'") == 1
    assert "← updates df, other" in as_text(Dag(found))


def test_names_from_one_parent_share_an_edge(graph) -> None:
    found = snapshot(graph({"split": {}, "model": {"X": "split", "y": "split"}}))
    assert [edge["names"] for edge in found["edges"]] == [["X", "y"]]


def test_a_version_alone_gives_its_picture(record) -> None:
    found = version_snapshot(version_of(record("a", "1", "d", ""), record("b", "2", "d", "", inputs={"a": "a"})))
    assert [edge["child"] for edge in found["edges"]] == ["b"]
    assert {node["status"] for node in found["nodes"]} == {"done"}


def test_a_failed_node_is_shown_as_failed_until_the_next_plan(graph, plan, record) -> None:
    last = version_of(record("df", "1", "d", "", error="boom"))
    assert [node["state"] for node in version_snapshot(last)["nodes"]] == ["failed"]
    assert "failed" in as_html(Dag(version_snapshot(last)))
    assert {node["name"]: node["state"] for node in snapshot(graph(INPUTS), plan, last)["nodes"]}["df"] == "compute"


def test_a_saved_notebook_holds_a_large_picture_once(graph) -> None:
    def bundle(count: int):
        return mimebundle(Dag(snapshot(graph({f"n{index}": {} for index in range(count)}))))

    assert "image/svg+xml" in bundle(12)
    assert "image/svg+xml" not in bundle(200)
    assert len("".join(bundle(200).values())) < 200_000


def test_the_picture_of_a_diff_holds_what_differs_and_what_it_reads(record) -> None:
    same = [record("far", "1", "d", ""), record("near", "2", "d", "", inputs={"far": "far"})]
    old = record("gone", "3", "d", "", inputs={"near": "near"})
    new = record("model", "4", "d", "", inputs={"near": "near"})
    diff = compare(version_of(*same, old), version_of(*same, new, id=2))
    states = {node["name"]: node["state"] for node in diff_snapshot(diff)["nodes"]}
    assert states == {"near": "same", "model": "added", "gone": "removed"}
    assert "far" in {node["name"] for node in diff_snapshot(diff, everything=True)["nodes"]}


def test_two_versions_whose_edges_form_a_cycle_are_drawn(record) -> None:
    before = version_of(record("a", "1", "d", ""), record("b", "1", "d", "", inputs={"a": "a"}))
    after = version_of(record("b", "2", "e", ""), record("a", "2", "e", "", inputs={"b": "b"}), id=2)
    assert len(ElementTree.fromstring(dag_svg(diff_snapshot(compare(before, after)))).findall(".//*[@data-node]")) == 2


def test_nodes_carry_name_state_icon_and_word(graph, plan) -> None:
    root = ElementTree.fromstring(dag_svg(snapshot(graph(INPUTS), plan)))
    shown = {node.get("data-node"): node for node in root.findall(".//*[@data-node]")}
    assert {name: node.get("data-state") for name, node in shown.items()} == {
        "rows": "prune",
        "clean": "load",
        "df": "compute",
        "df 2": "compute",
    }
    words = "".join(shown["df"].itertext())
    for told in ("df", "compute", "3.2 s", "code edited"):
        assert told in words
    assert shown["df"].find(f"{SVG}path") is not None
    assert len(root.findall(".//*[@data-parent]")) == 4


@pytest.mark.parametrize("count", [0, 1, 12, 200, 2_000])
def test_any_number_of_nodes(graph, count: int) -> None:
    names = [f"n{index}" for index in range(count)]
    inputs = {name: {names[index // 3]: names[index // 3]} if index else {} for index, name in enumerate(names)}
    found = snapshot(graph(inputs))
    root = ElementTree.fromstring(dag_svg(found))
    assert [node.get("data-node") for node in root.findall(".//*[@data-node]")] == names
    assert len(as_text(Dag(found)).splitlines()) == (count + 1 if count else 1)
    assert as_html(Dag(found)).count("<img") == bool(count)


def test_boxes_are_as_wide_as_their_text(graph) -> None:
    boxes = place(
        snapshot(graph({"a": {}, "rather_long_preprocessing_names": {}, "漢字" * 8: {}, "x" * 500: {}}))
    ).boxes
    assert boxes["a"].width < boxes["rather_long_preprocessing_names"].width < boxes["漢字" * 8].width
    assert boxes["x" * 500].width < 250
