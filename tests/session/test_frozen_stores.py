"""Stores that earlier formats wrote, kept as they were: they are read as they are, or refused in words."""

from __future__ import annotations

import hashlib
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from session_helpers import ran

from helix_jupyter import Session
from helix_jupyter.errors import ArtifactUnreadable, NewerStore
from helix_jupyter.fingerprint.versions import version_of

Opener = Callable[..., Session]
STORES = sorted((Path(__file__).parents[1] / "data" / "stores").glob("*.zip"))


@pytest.fixture(params=STORES, ids=[store.stem for store in STORES])
def frozen(request: pytest.FixtureRequest, folder: Path, home: Path) -> Path:
    """A copy of the store in the folder of the notebook, with the key that signed it."""
    with zipfile.ZipFile(request.param) as archive:
        archive.extractall(folder.parent)
    assert (home / "key").exists()
    return folder / ".helix"


@pytest.fixture
def session(frozen: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.chdir(frozen.parent)
    return opened(workflow="frozen")


def stored(session: Session, version: int, name: str) -> Any:
    """The value that a version recorded, as the store has it."""
    records = session.version(version).nodes.values()
    (digest,) = (output.digest for record in records for output in record.outputs if output.name == name)
    return session.store.load(digest)


def test_there_is_a_store_of_every_schema() -> None:
    from helix_jupyter.store.schema import MIGRATIONS

    assert {store.stem for store in STORES} >= {f"schema-{number + 1}" for number in range(len(MIGRATIONS))}
    assert all(store.stat().st_size < 200_000 for store in STORES)


def test_versions_are_read(session: Session) -> None:
    versions = list(session.versions)
    assert [version.status for version in versions] == ["done", "done", "failed", "done", "done"]
    assert [version.message for version in versions] == ["first", "less C", "it fails", "", "accepted"]
    assert "division by zero" in versions[2].nodes["total"].error
    assert versions[0].metrics["count"] == 3.0
    expected = {"rows": "prune", "numbers": "prune", "model": "prune", "scores": "load", "total": "load"}
    assert ran(versions[4]) == expected


def test_differences_and_traces_are_read(session: Session) -> None:
    diff = session.diff(1, 2)
    assert "model" in diff.nodes
    assert "total" not in diff.nodes
    trace = session.trace("scores", 1)
    told = str(trace)
    assert "LogisticRegression(C=1.0)" in told
    assert "helpers: clean" in told
    assert "data.csv" in told
    assert "def clean(rows)" in session.version(1).captures["clean"].text


def test_values_come_back_without_computing(session: Session) -> None:
    assert stored(session, 1, "numbers") == {"squares": [0, 1, 4, 9, 16], "words": {"a", "b"}}
    assert stored(session, 5, "total") == 30
    packages = session.version(1).packages
    try:
        rows, model = stored(session, 1, "rows"), stored(session, 1, "model")
    except ArtifactUnreadable:
        assert any(version_of(name) != packages[name] for name in ("pandas", "sklearn"))
    else:
        pd.testing.assert_frame_equal(rows, pd.DataFrame({"age": [31, 58, 44], "kind": ["a", "a", "c"]}))
        assert model.C == 1.0
        assert np.array_equal(model.classes_, [False, True])


def test_a_large_buffer_that_two_artifacts_share_is_read(session: Session) -> None:
    names = session.store.has(["zeros", "renamed"])
    assert all((session.store.load(name)[name] == np.zeros(150_000)).all() for name in names)
    assert len(names) in (0, 2)  # the first two schemas knew none


def test_a_version_checked_out_computes_only_what_has_another_key_today(session: Session) -> None:
    recorded = session.version(4)
    session.checkout(4)
    before = {node: record.key for node, record in recorded.nodes.items()}
    version = session.run()
    assert version.status == "done"
    moved = {node for node, record in version.nodes.items() if record.key != before[node]}
    assert {node for node, state in ran(version).items() if state == "compute"} <= moved
    assert session["total"] == 30
    assert session["numbers"]["words"] == {"a", "b"}
    assert list(session["rows"]["age"]) == [31, 58, 44]
    assert session["scores"] == recorded.metrics


def test_pins_and_accepted_edits_are_kept(session: Session) -> None:
    assert "rows" in session.store.pins("frozen")
    assert [node for _, node, _ in session.store.aliases()] == ["total"]


def test_what_was_printed_is_shown_again(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    session.checkout(2)
    session.run(["rows"])
    assert capsys.readouterr().out == "3 rows\n"


def test_a_later_schema_is_refused_and_left_as_it_is(frozen: Path, opened: Opener) -> None:
    connection = sqlite3.connect(frozen / "helix.db", isolation_level=None)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = content(frozen)
    with pytest.raises(NewerStore, match=r"schema 99, this package reads up to .* Upgrade helix-jupyter"):
        opened(workflow="frozen")
    assert content(frozen) == before


def content(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm"))]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_without_the_key_that_signed_it_everything_is_computed_anew(
    frozen: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "key").write_bytes(bytes(32))
    monkeypatch.chdir(frozen.parent)
    session = Session(".helix", folder=frozen.parent, workflow="frozen")
    assert len(list(session.versions)) == 5
    session.checkout(4)
    assert session["total"] == 30
    assert ran(session.version())["total"] == "compute"
    session.close()
