"""What terminals and ``print`` show."""

from __future__ import annotations

import dataclasses
import math

import pytest

from helix_jupyter.plan.types import Place, Plan, State
from helix_jupyter.store.types import ArtifactFact, GcReport, NodeShare
from helix_jupyter.version.diff import compare
from helix_jupyter.version.types import Version
from helix_jupyter.view.render import as_html, as_text
from helix_jupyter.view.text import plan_line, version_text
from helix_jupyter.view.types import (
    Card,
    Config,
    Reproduction,
    ReproductionRow,
    Setting,
    Status,
    StatusRow,
    VersionList,
    Why,
)
from helix_jupyter.view.words import cells, line, number, numbers, signed


def version_of(id: int, *records, **fields) -> Version:
    settings = {"parent": None, "message": "", "created": 1.7e9, "status": "done", "seconds": 1.8} | fields
    return Version(id=id, workflow="main", nodes={record.node: record for record in records}, **settings)


def test_a_card_is_one_line() -> None:
    card = Card("split", ("X", "y"), ("rows",), "new", "a run would compute it")
    assert str(card) == repr(card) == "split: rows -> X, y | new | a run would compute it"
    assert str(Card("rows", ("rows",), (), "unchanged", "")) == "rows | unchanged"


def test_a_status_is_an_aligned_table() -> None:
    status = Status(
        (
            StatusRow("rows", State.LOAD, "unchanged", 0.02, 1_200_000, True),
            StatusRow("漢字", State.COMPUTE, "code edited", 3.2, 900, False),
            StatusRow("new", State.COMPUTE, "never run before", 1.0, 0, False),
        )
    )
    assert str(status).splitlines() == [
        "node  state        time    size  value  reason",
        "rows  ↓ load     0.02 s  1.2 MB  fresh  unchanged",
        "漢字  ▸ compute   3.2 s   900 B  stale  code edited",
        "new   ▸ compute       ?          none   never run before",
    ]
    assert status["rows"].bytes == 1_200_000
    assert "No nodes yet" in str(Status(()))


PLAN = Plan(
    {"a": State.COMPUTE, "b": State.COMPUTE, "c": State.LOAD, "d": State.PRUNE},
    {"a": "code edited"},
    {"a": 3.0, "b": 0.2, "c": 0.1, "d": 0.0},
    3.3,
    12_000_000,
    ("a",),
    {"c": Place.STORE},
)


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        pytest.param(PLAN, "2 to compute (about 3.2 s), 1 to load (12 MB), 1 pruned", id="all three"),
        pytest.param(Plan({}, {}, {}, 0.0, 0, (), {}), "nothing to do", id="nothing"),
        pytest.param(
            dataclasses.replace(PLAN, guessed=("b",)),
            "2 to compute (about 3.0 s, and 1 that never ran), 1 to load (12 MB), 1 pruned",
            id="guess",
        ),
        pytest.param(
            dataclasses.replace(PLAN, spreads={"a": 0.2, "b": 0.2}),
            "2 to compute (about 3.2 s, likely 2.5-4.1), 1 to load (12 MB), 1 pruned",
            id="how sure",
        ),
        pytest.param(
            dataclasses.replace(PLAN, deferred={"slow": 90.0}),
            "2 to compute (about 3.2 s), 1 to load (12 MB), 1 pruned; 1 target left for later: slow",
            id="later",
        ),
    ],
)
def test_the_totals_of_a_plan(plan: Plan, told: str) -> None:
    assert plan_line(plan) == told


def test_a_plan_ends_with_its_totals() -> None:
    lines = as_text(dataclasses.replace(PLAN, guessed=("b",))).splitlines()
    assert lines[1].split() == ["a", "▸", "compute", "3.0", "s", "code", "edited"]
    assert lines[2].split() == ["b", "▸", "compute", "?"]
    assert "store" in lines[3]
    assert lines[-1].startswith("2 to compute")


def test_a_version_in_one_line_with_metrics_against_its_parent(record) -> None:
    parent = version_of(3, metrics={"f1": 0.5, "loss": 0.25, "rows": 10})
    run = version_of(
        4,
        *(record(name, "", "d", "", compute_seconds=4.0) for name in "abc"),
        record("d", "", "d", "", state=State.LOAD, compute_seconds=2.2),
        metrics={"f1": 0.625, "loss": 0.5, "rows": 10},
        message="more bins",
    )
    assert version_text(run, parent).splitlines() == [
        "version 4 “more bins”: computed 3, loaded 1 in 1.8 s (a full run: 14.2 s, 87% saved)",
        "  metric   value   change",
        "  f1      0.6250  +0.1250  better",
        "  loss    0.5000  +0.2500  worse",
        "  rows        10",
    ]
    assert "a full run" not in as_text(version_of(5, record("a", "", "d", "", compute_seconds=1.0)))


def test_a_failed_version_says_so_first() -> None:
    text = as_text(version_of(2, status="failed", error="Node 'a' failed at line 2: ValueError: no"))
    assert text.splitlines() == [
        "version 2: failed, no nodes in 1.8 s",
        "  ✗ Node 'a' failed at line 2: ValueError: no",
    ]


def test_versions_newest_first_with_metrics_as_columns() -> None:
    versions = VersionList(
        (version_of(1, metrics={"f1": 0.5}, message="first"), version_of(2, parent=1, metrics={"auc": math.nan}))
    )
    head, newest, oldest = str(versions).splitlines()
    assert head.split() == ["version", "parent", "when", "status", "time", "auc", "f1", "message"]
    assert newest.split()[:2] == ["2", "1"]
    assert newest.endswith("nan")
    assert oldest.endswith("0.5000  first")
    assert versions[-1].id == 2
    assert len(versions) == 2
    assert "No versions yet" in str(VersionList(()))


@pytest.mark.parametrize("form", [as_text, as_html], ids=["text", "html"])
def test_only_the_newest_versions_are_shown(form) -> None:
    shown = form(VersionList(tuple(version_of(id, message=f"run-{id}.") for id in range(1, 10_001)), limit=20))
    assert "run-10000." in shown
    assert "run-9980." not in shown
    assert "9,980 older versions not shown" in shown


def test_a_diff_names_nodes_parameters_metrics_and_code(record) -> None:
    before = version_of(1, record("m", "m = fit(C=0.1)", "d", ""), record("same", "s", "d", ""), metrics={"f1": 0.5})
    after = version_of(2, record("m", "m = fit(C=1.0)", "e", ""), record("same", "s", "d", ""), metrics={"f1": 0.75})
    text = as_text(compare(before, after))
    for told in (
        "version 1 -> 2: 1 edited",
        "~ m   edited  code edited",
        "m.C        0.1     ->  1.0",
        "f1      0.5000  ->  0.7500  +0.2500  better",
        "-m = fit(C=0.1)",
        "+m = fit(C=1.0)",
    ):
        assert told in text
    assert "same" not in text
    assert "version 1: no node differs, no version before it to compare it with" in as_text(compare(before, before))


def test_why_is_a_list() -> None:
    assert str(Why("m", State.COMPUTE, ("code edited", "bins 1 -> 2"))).splitlines() == [
        "m: ▸ compute, because",
        "  - code edited",
        "  - bins 1 -> 2",
    ]


def test_settings_say_where_they_come_from() -> None:
    config = Config((Setting("auto", True, "environment"), Setting("budget", None, "default")))
    assert str(config).splitlines() == [
        "setting  value  from",
        "auto     true   environment",
        "budget   none   default",
    ]
    assert config["auto"] is True


def test_a_reproduction_names_the_first_difference() -> None:
    rows = (ReproductionRow("a", "x" * 32, "x" * 32, True), ReproductionRow("b", "x" * 32, "y" * 32, False, "no seed"))
    found = Reproduction(3, rows, {"a": True, "b": False}, "b")
    assert str(found).splitlines()[-1] == "version 3: 1 of 2 nodes came out the same; the first that differs is b"
    assert not found.same


def test_a_garbage_collection_tells_cost_before_it_deletes() -> None:
    fact = ArtifactFact("d", 2_000_000, 6.0, 0.1, 0, 0, "rows", "main", "output")
    report = GcReport(True, {"main": (1, 2)}, (fact,), {("main", "rows"): NodeShare(1, 2_000_000, 6.0)}, 5_000)
    *_, row, total = as_text(report).splitlines()
    assert row.split() == ["rows", "1", "2", "MB", "6.0", "s", "main"]
    assert total == (
        "Would delete 2 versions (1, 2) and 1 artifact (2 MB, 6.0 s to compute again); 5 kB stay since they are pinned."
    )
    assert as_text(dataclasses.replace(report, dry_run=False)).splitlines()[-1].startswith("Deleted 2 versions")
    assert as_text(GcReport(True, {}, (), {})).startswith("Nothing to delete")


def test_what_is_none_of_ours_is_shown_as_python_does() -> None:
    assert as_text([1]) == "[1]"
    assert as_html("<b>") == "<pre>&#x27;&lt;b&gt;&#x27;</pre>"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.84213, "0.8421"),
        (32561, "32,561"),
        (12345.678, "12,345.7"),
        (123.456, "123.5"),
        (1.0, "1"),
        (2e-7, "2e-07"),
        (math.nan, "nan"),
        (math.inf, "inf"),
        (-0.5, "-0.5000"),
        (None, "\u2013"),
    ],
)
def test_numbers_read_well(value, text: str) -> None:
    assert number(value) == text


def test_two_numbers_that_differ_look_different() -> None:
    assert numbers(0.84210001, 0.8421) == ("0.84210001", "0.8421")
    assert numbers(0.5, 0.25) == ("0.5000", "0.2500")


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0123, "+0.0123"), (-2.0, "\u22122"), (3e-6, "+3e-06"), (0.0, "±0"), (None, ""), (math.nan, "")],
)
def test_differences_have_a_sign(value, text: str) -> None:
    assert signed(value) == text


def test_terminal_cells() -> None:
    assert (cells("abc"), cells("漢字"), cells("e\u0301"), cells("🎉")) == (3, 4, 1, 2)
    assert line("a\nb\tc  d") == "a b c d"
    assert line("x" * 300, 10) == "xxxxxxxxx…"
