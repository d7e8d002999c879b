"""What the browser's views of versions are drawn from, and the static forms beside it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helix_jupyter.plan.types import State
from helix_jupyter.version.compare_figures import FigureDiff, Picture
from helix_jupyter.version.compare_plain import compare_plain
from helix_jupyter.version.diff import compare
from helix_jupyter.version.types import Version
from helix_jupyter.version.values import ValueDiff
from helix_jupyter.view import documents
from helix_jupyter.view.code_rows import code_rows
from helix_jupyter.view.documents import diff_document, lanes_of, versions_document
from helix_jupyter.view.highlight import kinds, runs
from helix_jupyter.view.parallel import Axis, parallel_svg
from helix_jupyter.view.render import as_html, as_text
from helix_jupyter.view.types import VersionList


class NoNodes(dict):  # type: ignore[type-arg]
    """Nodes that nobody may look at."""

    def __iter__(self):  # type: ignore[no-untyped-def]
        raise AssertionError("a list of versions read its nodes")

    values = items = keys = __iter__


def version_of(number: int, parent: int | None = None, **fields: object) -> Version:
    counts = {State.COMPUTE: 2, State.LOAD: 1}
    settings = {"recorded_counts": counts, "recorded_full_seconds": 5.0} | fields
    return Version(number, "main", parent, f"m{number}", 1e9 + number, "done", 2.0, NoNodes(), **settings)


def test_the_list_of_versions() -> None:
    versions = [
        version_of(1, metrics={"auc": 0.5}),
        version_of(2, 1, metrics={"auc": float("nan"), "surprise": 1.0}, directions={"surprise": "lower"}),
        version_of(3, 1, tags=("base",), note="n"),
    ]
    document = versions_document(versions, current=2)
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["metrics"] == [
        {"name": "auc", "direction": "higher"},
        {"name": "surprise", "direction": "lower"},
    ]
    assert document["current"] == 2
    assert document["versions"][2] == {
        "id": 3, "parent": 1, "lane": 1, "message": "m3", "created": 1e9 + 3, "status": "done", "seconds": 2.0,
        "saved": 3.0, "compute": 2, "load": 1, "prune": 0, "metrics": {}, "tags": ["base"], "note": "n", "error": "",
    }  # fmt: skip
    assert document["versions"][1]["metrics"]["auc"] == "nan"


def test_ten_thousand_versions_read_no_node() -> None:
    versions = [version_of(number, number - 1 or None, metrics={"auc": 0.5}) for number in range(1, 10_001)]
    document = versions_document(versions)
    assert len(document["versions"]) == 10_000
    assert {version["lane"] for version in document["versions"]} == {0}


def test_lanes_of_branches() -> None:
    # 1 - 2 - 5 ; 3, 4 from 1 ; 6 from 4 ; 7 from 5, 8 from 5
    parents = [(1, None), (2, 1), (3, 1), (4, 1), (5, 2), (6, 4), (7, 5), (8, 5)]
    assert lanes_of(parents) == {1: 0, 2: 0, 3: 1, 4: 2, 5: 0, 6: 2, 7: 0, 8: 1}


@pytest.mark.parametrize("parents", [[(1, 1)], [(1, 2), (2, 1)], [(1, None), (2, 2), (3, 2)], [(1, 3), (3, 1), (4, 9)]])
def test_of_a_damaged_store_every_version_has_a_lane(parents: list[tuple[int, int | None]]) -> None:
    assert set(lanes_of(parents)) == {number for number, _ in parents}


@given(st.lists(st.integers(0, 30), max_size=30))
def test_lines_never_lie_in_one_another(draws: list[int]) -> None:
    parents = [(number, draw % number or None) for number, draw in enumerate(draws, 1)]
    lanes = lanes_of(parents)
    spans: dict[int, list[tuple[int, int]]] = {}
    for number, parent in parents:
        if parent is not None:
            spans.setdefault(lanes[number], []).append((parent, number))
    for lane, lines in spans.items():
        assert all(
            number <= start or until <= parent
            for at, (parent, number) in enumerate(lines)
            for start, until in lines[at + 1 :]
        ), lane


def test_a_diff_as_json_has_code_in_rows_and_kinds(record) -> None:
    before = Version(1, "main", None, "", 1e9, "done", 1.0, {"m": record("m", "x = 1\nm = fit(C=0.1)", "d", "")})
    after = replace(before, id=2, nodes={"m": record("m", "x = 1\nm = fit(C=1.0)", "e", "")})
    document = diff_document(compare(before, after))
    (node,) = document["nodes"]
    assert node["change"] == "edited"
    same, changed = node["code"]
    assert same["before"]["pieces"] == [["x = 1", False]]
    assert changed["after"]["pieces"] == [["m = fit(C=", False], ["1.0", True], [")", False]]
    assert changed["after"]["kinds"] == "          nnn "
    assert document["parameters"][0] == {"node": "m", "label": "C", "before": "0.1", "after": "1.0", "line": 2}
    assert document["graph"]["nodes"][0]["state"] == "edited"


def test_a_helper_that_differs_is_in_every_form(values) -> None:
    told = values("clean")["diff"]
    (helper,) = diff_document(told)["definitions"]
    assert (helper["name"], helper["nodes"]) == ("clean", ["clean", "clean child"])
    assert helper["code"][0]["after"]["pieces"] == [["clean", False], [" now", True]]
    assert "+clean now" in as_text(told)
    assert "reached by" in as_html(told)


def test_equal_lines_are_folded_with_their_numbers() -> None:
    before = [f"x{number} = {number}" for number in range(12)]
    after = ["new = 1", *before[:11], "x11 = 12"]
    added, *context, folded = code_rows("\n".join(before), "\n".join(after))[:5]
    assert added["before"] is None
    assert [row["after"]["number"] for row in context] == [2, 3, 4]
    assert folded["skipped"] == 5
    assert folded["lines"][0] == [4, 5, "x3 = 3", "     n"]
    assert code_rows("a = 1", "a = 1") == [{"skipped": 1, "lines": [[1, 1, "a = 1", "    n"]]}]
    assert code_rows("", "") == []


lines_of_code = st.lists(st.sampled_from(["a = 1", "b = 2", "c", ""]), max_size=14).map("\n".join)


@given(lines_of_code, lines_of_code)
def test_rows_hold_every_line_of_both_texts_once(before: str, after: str) -> None:
    sides: tuple[list[tuple[int, str]], list[tuple[int, str]]] = ([], [])
    for row in code_rows(before, after):
        for old, new, text, _ in row.get("lines", ()):
            sides[0].append((old, text))
            sides[1].append((new, text))
        for side, line in zip(sides, (row.get("before"), row.get("after")), strict=True):
            if line:
                side.append((line["number"], "".join(text for text, _ in line["pieces"])))
    for side, text in zip(sides, (before, after), strict=True):
        assert side == list(enumerate(text.splitlines(), 1))


@given(st.text(alphabet="abc =(){}'\"#\\\n\r\x0c%!0123 def\u2028", max_size=80))
def test_colours_never_change_the_text(code: str) -> None:
    lines = code.splitlines(keepends=True)
    letters = kinds(code)
    assert [len(one) for one in letters] == [len(line) for line in lines]
    assert ["".join(text for text, _ in runs(line, one)) for line, one in zip(lines, letters, strict=True)] == lines


def test_five_and_more_metrics_are_not_out_of_sight() -> None:
    names = [f"metric_{number}" for number in range(12)] + ["a_rather_long_name_of_a_metric_of_validation"]
    versions = VersionList([version_of(number, metrics=dict.fromkeys(names, 0.5)) for number in (1, 2)])
    tables = re.findall("<thead>(.*?)</thead>", as_html(versions))
    widths = [len(re.findall("<th", head)) for head in tables]
    assert sum(widths) == 13 + 4 + (len(tables) - 1)
    assert widths[0] <= 9
    assert max(widths) <= 9
    assert all(f"metric_{number}" in "".join(tables) for number in range(12))


def test_few_metrics_stand_beside_the_versions() -> None:
    versions = VersionList([version_of(number, metrics={"auc": number / 4, "loss": 1.0}) for number in (1, 2)])
    assert as_html(versions).count("<thead>") == 1


@given(
    st.lists(
        st.tuples(st.text(max_size=8), st.lists(st.none() | st.floats(), min_size=3, max_size=3)),
        min_size=2,
        max_size=5,
    )
)
def test_parallel_curves_of_any_numbers(axes: list[tuple[str, list[float | None]]]) -> None:
    svg = parallel_svg(["1", "2", "<3>"], [Axis(name, tuple(values), "higher") for name, values in axes])
    root = ElementTree.fromstring(svg)
    assert len(root.findall(".//*[@data-version]")) == 3
    assert not re.search("nan|inf", "".join(one.get("d", "") for one in root.iter()))


def test_the_last_axis_has_its_lowest_figure_to_the_left_of_what_leads_to_the_versions() -> None:
    svg = parallel_svg(["1", "2"], [Axis(name, (1.0, 2.0), "") for name in ("C", "auc")])
    assert re.findall(r"text-anchor='(\w+)'>1<", svg) == ["middle", "end"]


def test_pictures_have_a_room_in_documents(record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "ROOM_FOR_FIGURES", 10)
    version = Version(1, "main", None, "", 1e9, "done", 1.0, {"m": record("m", "m = 1", "d", "")})
    pairs = (
        FigureDiff(None, Picture("image/png", "aaaaaaaa", "1")),
        FigureDiff(None, Picture("image/png", "bbbb", "2")),
    )
    (figures,) = diff_document(replace(compare(version, version), figures={"m": pairs}))["figures"]
    sources = [pair["after"]["source"] for pair in figures["pairs"]]
    assert sources == ["data:image/png;base64,aaaaaaaa", None]


def test_what_shows_no_difference_says_so(record) -> None:
    version = Version(1, "main", None, "", 1e9, "done", 1.0, {"m": record("m", "m = 1", "d", "")})
    values = {"m": ValueDiff("m", "m", ("", ""), (1, 1), compare_plain(1, 1))}
    assert "no difference was found" in as_text(replace(compare(version, version), values=values))
