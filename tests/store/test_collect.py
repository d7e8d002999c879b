from __future__ import annotations

import time

import numpy as np
import pytest

from helix_jupyter.store.pickling import prepare
from helix_jupyter.store.store import Store
from helix_jupyter.store.types import OutputFact, Result

DAY = 86400.0


def result(number: int, workflow: str = "main") -> Result:
    output = OutputFact("x", f"out{number}", True)
    return Result(f"k{number}", workflow, "shared", (output,), 1.0, time.time(), console=f"console{number}")


@pytest.fixture
def history(store: Store) -> Store:
    """Versions 1, 2, 3 of main, aged 3, 2, 1 days; version n refers to out<n>, which node<n> wrote."""
    for number in (1, 2, 3):
        for digest, kind in ((f"out{number}", "output"), (f"console{number}", "console")):
            value, node = prepare(np.full(1000 * number, number)), f"node{number}"
            store.write(digest, value, worth_seconds=10.0 * number, node=node, workflow="main", kind=kind)
        store.add_result(result(number))
        store.add_version("main", {"created": time.time() - (4 - number) * DAY}, [b""])
    store.add_version("other", {"created": 0.0}, [b""])
    store.flush()
    return store


def needed(number: int) -> set[str]:
    return {f"out{number}"}


@pytest.mark.parametrize(
    ("conditions", "gone"),
    [
        pytest.param({}, (), id="nothing asked, all versions need theirs"),
        pytest.param({"keep_last": 2}, (1,), id="keep last"),
        pytest.param({"keep_last": 9}, (), id="keep more than there are"),
        pytest.param({"older_than_seconds": 1.5 * DAY}, (1, 2), id="older than"),
        pytest.param({"keep_last": 2, "older_than_seconds": 1.5 * DAY}, (1,), id="both"),
        pytest.param({"keep_last": 0}, (1, 2, 3), id="keep none"),
    ],
)
def test_the_report_says_what_then_happens(
    history: Store, conditions: dict[str, object], gone: tuple[int, ...]
) -> None:
    expected = {f"{kind}{number}" for number in gone for kind in ("out", "console")}
    before = history.artifacts()
    preview = history.collect("main", needed=needed, dry_run=True, **conditions)
    assert preview.versions == ({"main": gone} if gone else {})
    assert {fact.digest for fact in preview.artifacts} == expected
    assert history.artifacts() == before
    assert len(history.versions("main")) == 3
    report = history.collect("main", needed=needed, **conditions)
    told = (report.versions, report.artifacts, report.nodes)
    assert told == (preview.versions, preview.artifacts, preview.nodes)
    assert before.keys() - history.artifacts().keys() == expected
    assert [number for number, _ in history.versions("main")] == [n for n in (1, 2, 3) if n not in gone]
    assert history.used_bytes == sum(fact.bytes for fact in before.values()) - report.bytes
    assert history.verify() == []


def test_bytes_and_seconds_are_told_per_node(history: Store) -> None:
    report = history.collect("main", needed=needed, keep_last=1, dry_run=True)
    assert report.worth_seconds == 60.0
    assert report.bytes == sum(share.bytes for share in report.nodes.values()) > 48_000
    artifacts = {node: share.artifacts for node, share in report.nodes.items()}
    assert artifacts == {("main", "node1"): 2, ("main", "node2"): 2}
    assert report.artifacts[0].digest.endswith("2")


def test_pins_survive(history: Store) -> None:
    history.set_pin("main", "node1", True)
    report = history.collect("main", needed=needed, keep_last=0)
    assert history.artifacts().keys() == {"out1", "console1"}
    assert report.pinned == history.used_bytes
    assert history.evicted("out2") == "no version needs it (gc)"


def test_other_workflows_are_left_alone(history: Store) -> None:
    history.add_result(result(2, workflow="other"))
    history.write("elsewhere", prepare(1), worth_seconds=1, node="n", workflow="other")
    history.flush()
    history.collect("main", needed=needed, keep_last=0)
    assert history.artifacts().keys() == {"out2", "console2", "elsewhere"}
    assert len(history.versions("other")) == 1


def test_results_that_lead_nowhere_go_and_costs_stay(history: Store) -> None:
    history.collect("main", needed=needed, keep_last=0)
    assert history.results(["k1", "k2", "k3"]).keys() == {"k3"}
    assert history.costs("main")["shared"].seconds == 1.0
