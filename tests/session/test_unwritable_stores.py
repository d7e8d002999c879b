"""Stores that cannot be written: the session goes on in memory, and says so."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from session_helpers import computed, declare_chain, slow

from helix_jupyter import Session, Settings

Opener = Callable[..., Session]


def test_a_store_that_cannot_be_made_still_gives_values(opened: Opener, folder: Path) -> None:
    (folder / "file").write_text("in the way")
    session = opened(store="file/.helix", settings=Settings())
    declare_chain(session)
    assert session.run().status == "done"
    assert session["doubled"] == 12
    assert computed(session.run()) == []
    session.declare(slow("doubled = total * 3"), ["doubled"])
    assert computed(session.run()) == ["doubled"]
    assert session["doubled"] == 18
    assert session.store.problem
    assert "\n" not in session.store.problem
    assert "config store" in session.store.problem


def test_the_user_of_a_store_that_cannot_be_made_is_told(opened: Opener, folder: Path, told: list[str]) -> None:
    (folder / "file").write_text("in the way")
    session = opened(store="file/.helix", settings=Settings())
    session.declare("value = 1", ["value"])
    session.run()
    assert any("memory only" in line for line in told)


def test_versions_of_a_store_that_cannot_be_made_are_kept_in_memory(opened: Opener, folder: Path) -> None:
    (folder / "file").write_text("in the way")
    session = opened(store="file/.helix", settings=Settings())
    declare_chain(session)
    session.run(message="one")
    session.declare("doubled = total * 3", ["doubled"])
    session.run(message="two")
    assert [version.message for version in session.versions] == ["one", "two"]
    assert [one.node for one in session.diff().nodes.values() if one.change.value != "same"] == ["doubled"]


def test_a_folder_that_becomes_unwritable_during_the_session(opened: Opener, folder: Path) -> None:
    session = opened()
    session.declare(slow("value = 1"), ["value"])
    session.run()
    session.flush()

    shutil.rmtree(folder / ".helix" / "objects")
    session.declare(slow("more = value + 1"), ["more"])
    assert session.run().status == "done"
    assert session["more"] == 2
    session.forget("value", "more")
    session.flush()
    (folder / ".helix" / "objects").mkdir(exist_ok=True)


def test_a_store_in_a_folder_that_cannot_be_written_is_read(
    opened: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch, told: list[str]
) -> None:
    first = opened()
    first.declare(slow("rows = [1, 2]"), ["rows"])
    first.run()
    first.close()
    before = {path: path.stat().st_mtime_ns for path in (folder / ".helix").rglob("*") if path.is_file()}

    def refused(folder: Path) -> None:  # for the superuser modes do not count
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as patched:
        patched.setattr("helix_jupyter.store.opening.make_folder", refused)
        again = opened()
        again.declare(slow("rows = [1, 2]"), ["rows"])
        again.declare(slow("total = sum(rows)"), ["total"])
        assert computed(again.run()) == ["total"]
        assert (again["total"], [one.id for one in again.versions]) == (3, [1, 2])
        again.close()
    assert {path: path.stat().st_mtime_ns for path in (folder / ".helix").rglob("*") if path.is_file()} == before
    assert any("Make the folder writable" in line for line in told)
