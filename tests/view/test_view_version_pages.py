"""A long history in parts: what the document holds, what the pages add, how a page sees that something is missing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import reduce
from operator import xor

from helix_jupyter.plan.types import State
from helix_jupyter.version.types import NodeRecord, Version
from helix_jupyter.view.version_pages import MOST, PAGE, ROOM, details, listing, newest_document, page_before


def version_of(number: int, parent: int | None = None, **fields: object) -> Version:
    settings = {"recorded_counts": {State.COMPUTE: 2}, "recorded_full_seconds": 5.0} | fields
    return Version(number, "main", parent, f"m{number}", 1e9 + number, "done", 2.0, {}, **settings)


class History:
    """Versions in memory; counts what is read."""

    def __init__(self, versions: Sequence[Version]) -> None:
        self.versions, self.read = versions, 0
        self.listing = listing([(one.id, one.parent, hash(one.message) % 2**32) for one in versions])

    def between(self, first: int, last: int) -> list[Version]:
        found = [one for one in self.versions if first <= one.id <= last]
        self.read += len(found)
        return found


def chain(count: int, **fields: object) -> History:
    return History([version_of(number, number - 1 or None, **fields) for number in range(1, count + 1)])


def test_a_short_history_is_in_the_document() -> None:
    document = newest_document(chain(3).listing, chain(3).between, 3)
    assert [row["id"] for row in document["versions"]] == [1, 2, 3]
    assert (document["total"], document["current"]) == (3, 3)
    assert reduce(xor, (row["mark"] for row in document["versions"])) == document["marks"]


def test_no_version_is_a_document_too() -> None:
    document = newest_document(listing([]), lambda first, last: [], None)
    assert (document["versions"], document["total"], document["marks"]) == ([], 0, 0)


def test_pages_and_document_are_all_of_a_long_history() -> None:
    history = chain(2 * PAGE + MOST + 7, metrics={"auc": 0.5})
    document = newest_document(history.listing, history.between, 1)
    assert history.read == MOST
    assert len(json.dumps(document)) < 1.2 * ROOM
    rows = list(document["versions"])
    pages = 0
    while page := page_before(history.listing, history.between, rows[0]["id"])["versions"]:
        rows[:0] = page
        pages += 1
    assert pages == 3
    assert [row["id"] for row in rows] == [one.id for one in history.versions]
    assert reduce(xor, (row["mark"] for row in rows)) == document["marks"]


def test_a_document_stays_small_whatever_versions_say() -> None:
    history = chain(300, note="n" * 100_000, metrics={f"metric {number}": 0.5 for number in range(100)})
    document = newest_document(history.listing, history.between, 300)
    assert 0 < len(document["versions"]) < 20
    assert document["total"] == 300
    assert len(json.dumps(document)) < 1.5 * ROOM
    assert max(len(row["note"]) for row in document["versions"]) == 300


def test_a_mark_changes_with_lane_and_text() -> None:
    before = listing([(1, None, 7), (2, 1, 8), (3, 2, 9)]).marks
    branched = listing([(1, None, 7), (2, 1, 8), (3, 1, 9)]).marks
    renamed = listing([(1, None, 7), (2, 1, 80), (3, 2, 9)]).marks
    assert (before[2], before[3] == branched[3]) == (branched[2], False)
    assert {number for number in before if before[number] != renamed[number]} == {2}


def test_a_version_that_came_since_waits_for_the_next_document() -> None:
    history = chain(4)
    older = listing([(1, None, 1), (2, 1, 2), (4, 2, 3)])
    assert [row["id"] for row in newest_document(older, history.between, 4)["versions"]] == [1, 2, 4]


def test_details_tell_metrics_against_the_parent_and_what_failed() -> None:
    nodes = {
        "a": NodeRecord("a", (), "a = 1", "", State.LOAD, reason="stored", seconds=0.5, bytes=7),
        "b": NodeRecord("b", (), "b = 1", "", State.COMPUTE, error="no"),
    }
    parent = version_of(1, metrics={"loss": 2.0})
    version = Version(2, "main", 1, "m", 1.0, "failed", 1.0, nodes, metrics={"loss": 1.0, "new": float("nan")})
    told = details(version, parent)
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["metrics"] == [
        {"name": "loss", "value": 1.0, "delta": -1.0, "better": True, "direction": "lower"},
        {"name": "new", "value": "nan", "delta": None, "better": None, "direction": ""},
    ]
    assert told["nodes"] == [
        {"name": "a", "state": "load", "seconds": 0.5, "bytes": 7, "reason": "stored"},
        {"name": "b", "state": "failed", "seconds": 0.0, "bytes": 0, "reason": "no"},
    ]
    assert details(version, None)["metrics"][0]["delta"] is None
