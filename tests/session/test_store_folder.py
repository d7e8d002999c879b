"""The folder of a store: how it is made, and what a session makes of what others have done there."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from session_helpers import computed, declare_chain, slow

from helix_jupyter import Session
from helix_jupyter.errors import NewerStore

Opener = Callable[..., Session]


def test_the_store_is_made_with_a_gitignore_of_its_own(session: Session, folder: Path) -> None:
    place = folder / ".helix"
    assert "*" in (place / ".gitignore").read_text()
    if sys.platform != "win32":
        assert place.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
@pytest.mark.parametrize(("name", "mode"), [(".helix", 0o700), ("shared", 0o755)])
def test_a_store_whose_folder_was_made_by_hand_is_closed(opened: Opener, folder: Path, name: str, mode: int) -> None:
    (folder / name).mkdir()
    (folder / name).chmod(0o755)
    (folder / name / "config.toml").write_text("seed = 4\n")
    session = opened(store=name)
    assert session.settings["seed"] == 4
    assert (folder / name).stat().st_mode & 0o777 == mode


def test_a_store_written_by_a_newer_schema_is_left_alone(opened: Opener, folder: Path) -> None:
    session = opened()
    session.declare("value = 1", ["value"])
    session.run()
    session.close()
    path = folder / ".helix" / "helix.db"
    with sqlite3.connect(path) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(NewerStore) as problem:
        opened()
    assert "999" in str(problem.value)
    assert "\n" not in str(problem.value)
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == 999
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    again = opened()
    again.declare("value = 1", ["value"])
    assert len(again.versions) == 1


def test_joblib_1582_a_planted_artifact_never_runs(opened: Opener, folder: Path, told: list[str]) -> None:
    import pickle

    from helix_jupyter.store.artifact_file import HEADER

    first = opened()
    first.declare(slow("value = list(range(1000))"), ["value"])
    first.run()
    first.close()
    (path,) = [path for path in (folder / ".helix" / "objects").rglob("*") if path.is_file()]
    marker = folder / "exploited"

    class Exploit:
        def __reduce__(self) -> tuple[Callable[..., object], tuple[str, ...]]:
            return os.mkdir, (str(marker),)

    content = bytearray(path.read_bytes())
    planted = pickle.dumps(Exploit())
    place = len(content) - len(planted)
    content[max(place, HEADER.size + 40) :] = planted
    path.chmod(0o600)
    path.write_bytes(bytes(content))
    second = opened()
    second.declare(slow("value = list(range(1000))"), ["value"])
    version = second.run()
    assert computed(version) == ["value"]
    assert second["value"] == list(range(1000))
    assert not marker.exists()
    assert len([line for line in told if "not trusted" in line]) == 1


def test_an_artifact_deleted_from_outside_is_computed_again(opened: Opener, folder: Path) -> None:
    first = opened()
    declare_chain(first)
    first.run()
    first.close()
    for path in (folder / ".helix" / "objects").rglob("*"):
        if path.is_file():
            path.unlink()
    second = opened()
    declare_chain(second)
    assert second.run().status == "done"
    assert second["doubled"] == 12


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_node_makes_of_damaged_bytes_is_not_believed(
    opened: Opener, folder: Path, told: list[str], jobs: int
) -> None:
    make = slow("import numpy as np\nvalue = np.arange(500_000)")
    first = opened()
    first.declare(make, ["value"])
    first.declare("pair = [value, 1]", ["pair"])  # shares the bytes
    first.run()
    first.close()
    (buffer,) = (folder / ".helix" / "objects" / "buffers").iterdir()
    content = buffer.read_bytes()
    buffer.chmod(0o600)
    buffer.write_bytes(bytes([255]) * 64 + content[64:])
    second = opened()
    second.declare(make, ["value"])
    second.declare("total = int(value.sum())", ["total"])
    version = second.run(jobs=jobs)
    assert computed(version) == ["value", "total"]
    assert second["total"] == sum(range(500_000))
    assert any("is damaged" in line for line in told)
    assert not any("in place" in line for line in told)
    assert computed(second.run(force=["total"])) == ["total"]
