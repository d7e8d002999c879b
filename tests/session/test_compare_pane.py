"""What the browser's view of a comparison may ask of a session, and what is answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from session_helpers import slow

from helix_jupyter import Session
from helix_jupyter.session import compare_pane
from helix_jupyter.session.panes import Pane, pane_for

Opener = Callable[..., Session]


def pane_of(session: Session, *versions: int) -> Pane:
    make = pane_for(session, session.diff(*versions))
    assert make is not None
    return make()


def asked(pane: Pane, question: str, **given: Any) -> Any:
    """An answer as it reaches the page."""
    return json.loads(json.dumps(pane.later[question](given), allow_nan=False))


def two_versions(session: Session) -> None:
    """rows -> total; a node that stays; the second version has another row."""
    session.declare(slow("rows = {'a': 1, 'b': 2}"), ["rows"])
    session.declare(slow("total = sum(rows.values())"), ["total"])
    session.declare("same = 1", ["same"])
    session.run()
    session.declare(slow("rows = {'a': 1, 'b': 5}"), ["rows"])
    session.run()


def test_what_has_no_view_has_no_pane(session: Session) -> None:
    assert pane_for(session, "text") is None


def test_a_difference_is_laid_out_and_shows_all_on_request(session: Session) -> None:
    two_versions(session)
    pane = pane_of(session, 1, 2)
    assert pane.kind == "diff"
    assert set(pane.document["graph"]["layout"]["nodes"]) == {"rows", "total"}
    everything = asked(pane, "diff", a=1, b=2, everything=True)
    assert [(node["name"], node["change"]) for node in everything["nodes"]] == [
        ("rows", "edited"),
        ("total", "affected"),
        ("same", "same"),
    ]
    assert everything["nodes"][2]["code"] == [{"skipped": 1, "lines": [[1, 1, "same = 1", "       n"]]}]
    other = asked(pane, "diff", a=2, b=1)
    assert (other["before"]["id"], other["after"]["id"]) == (2, 1)
    assert [version["id"] for version in asked(pane, "choices")] == [2, 1]


def test_what_is_gone_is_computed_for_who_asks_and_is_exported(opened: Opener, folder: Path) -> None:
    session = opened(policy="none")
    two_versions(session)
    session.close()
    session = opened(policy="none")
    pane = pane_of(session, 1, 2)
    assert [one["missing"][0]["why"] for one in pane.document["values"]] == ["not stored", "not stored"]
    (value,) = asked(pane, "values", a=1, b=2, node="total")
    assert value["detail"]["entries"] == [{"path": "", "before": "3", "after": "6"}]
    kept = {one["label"]: one["missing"] for one in asked(pane, "diff", a=1, b=2)["values"]}
    assert kept["total"] == []
    assert len(kept["rows"]) == 2
    exported = asked(pane, "export", versions=[1, 2])
    assert exported["path"] == "helix-diff-1-2.html"
    page = folder / exported["path"]
    assert exported["bytes"] == page.stat().st_size
    assert "total of version" not in page.read_text()
    assert "rows of version 1 is no longer stored" in page.read_text()


def test_only_the_values_of_the_node_are_read(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    two_versions(session)
    session.flush()
    diff = session.diff(1, 2)
    read: list[str] = []
    take = session._bench.memory.take
    monkeypatch.setattr(session._bench.memory, "take", lambda digest: (read.append(digest), take(digest))[1])
    assert list(session.values_of_diff(diff, "total")) == ["total"]
    assert len(read) == 2


def test_a_large_document_is_asked_for(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    two_versions(session)
    monkeypatch.setattr(compare_pane, "LARGEST_DOCUMENT", 1000)
    pane = pane_of(session, 1, 2)
    assert pane.document.keys() == {"format", "before", "after", "counts", "left"}
    whole = pane.at_once["whole"]({})
    assert [node["name"] for node in whole["nodes"]] == ["rows", "total"]


def test_several_versions(session: Session, folder: Path) -> None:
    two_versions(session)
    session.run()
    pane = pane_of(session, 1, 2, 3)
    assert pane.kind == "comparison"
    assert [version["id"] for version in pane.document["versions"]] == [1, 2, 3]
    assert asked(pane, "export", versions=[1, 2, 3])["path"] == "helix-diff-1-2-3.html"
    assert asked(pane, "diff", a=1, b=3)["counts"]["edited"] == 1
