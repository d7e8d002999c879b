"""A store's folder is removed or replaced under a session: what the session knows is written into the new one."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from session_helpers import computed, declare_chain, slow

from helix_jupyter import Session, State

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a file that is open cannot be removed there")
Opener = Callable[..., Session]
REMOVED = "was removed or replaced"


@pytest.fixture
def store_folder(folder: Path) -> Path:
    return folder / ".helix"


def assert_all_is_there(session: Session, messages: list[str]) -> None:
    """After a restart no version is missing, and nothing is to be computed."""
    declare_chain(session)
    assert [version.message for version in session.versions] == messages
    assert session.versions[-1].nodes["total"].source.endswith("sum(rows)")
    assert set(session.plan(["rows", "total", "doubled"]).states.values()) == {State.LOAD}
    assert computed(session.run(["rows", "total", "doubled"])) == []
    assert session["doubled"] == 12


def test_the_next_run_says_so_and_writes_all_that_the_session_knows(
    opened: Opener, told: list[str], store_folder: Path
) -> None:
    session = opened()
    declare_chain(session)
    session.run(message="before")
    session.annotate(1, note="kept", tags=["first"])
    session.pin("total")
    session.flush()
    shutil.rmtree(store_folder)
    assert computed(session.run(message="after")) == []
    assert [line for line in told if REMOVED in line] == told
    assert len(told) == 1
    session.run(message="and on")
    assert len(told) == 1
    assert [(one.id, one.parent) for one in session.versions] == [(1, None), (2, 1), (3, 2)]
    session.close()
    again = opened()
    assert (again.versions[0].note, again.versions[0].tags) == ("kept", ("first",))
    assert again.store.pins("main") == {"total"}
    assert len(again.store.costs("main")) == 3
    assert_all_is_there(again, ["before", "after", "and on"])


def test_what_was_done_after_the_removal_and_before_the_run_is_there_as_well(
    opened: Opener, told: list[str], store_folder: Path
) -> None:
    session = opened()
    declare_chain(session)
    session.run(message="to be deleted")
    session.run(message="before")
    session.flush()
    shutil.rmtree(store_folder)
    session.annotate(2, note="later")
    session.delete_versions(1)
    session.pin("rows")
    session.run(message="after")
    session.close()
    again = opened()
    assert [(one.id, one.message, one.note) for one in again.versions] == [(2, "before", "later"), (3, "after", "")]
    assert again.store.pins("main") == {"rows"}


def test_a_run_that_computes_stores_what_it_computes(opened: Opener, told: list[str], store_folder: Path) -> None:
    session = opened()
    declare_chain(session, "rows = [1, 2]")
    session.run(message="before")
    session.flush()
    shutil.rmtree(store_folder)
    declare_chain(session)
    assert computed(session.run(message="after")) == ["rows", "total", "doubled"]
    assert REMOVED in told[0]
    assert len(told) == 1
    session.close()
    assert_all_is_there(opened(), ["before", "after"])


def test_a_folder_that_cannot_be_made_again_is_said_and_made_later(
    opened: Opener, told: list[str], store_folder: Path
) -> None:
    session = opened()
    declare_chain(session)
    session.run(message="before")
    session.flush()
    shutil.rmtree(store_folder)
    store_folder.write_text("in the way")
    assert computed(session.run(message="in memory")) == []
    assert "cannot be made anew" in told[0]
    store_folder.unlink()
    session.run(message="written")
    assert "is written anew" in told[-1]
    session.close()
    assert_all_is_there(opened(), ["before", "in memory", "written"])


def test_values_whose_files_still_lie_there_stay_stored(opened: Opener, told: list[str], store_folder: Path) -> None:
    session = opened(memory="1kB")
    session.declare(slow("large = bytes(2_000_000)"), ["large"])
    session.declare(slow("length = len(large)"), ["length"])
    session.run(message="before")
    session.flush()
    for path in store_folder.glob("helix.db*"):
        path.unlink()
    session.run(message="after")
    session.flush()
    assert {fact.node for fact in session.store.artifacts().values()} == {"large", "length"}
    assert computed(session.run(["large", "length"])) == []


def test_an_earlier_copy_of_the_folder_gets_what_is_new(
    opened: Opener, told: list[str], store_folder: Path, folder: Path
) -> None:
    session = opened()
    declare_chain(session)
    session.run(message="in the copy")
    session.close()
    shutil.copytree(store_folder, folder / "copy")
    session = opened()
    declare_chain(session)
    session.run(message="new")
    session.flush()
    shutil.rmtree(store_folder)
    (folder / "copy").rename(store_folder)
    session.run(message="after")
    assert [(one.id, one.parent, one.message) for one in session.versions] == [
        (1, None, "in the copy"),
        (2, 1, "new"),
        (3, 2, "after"),
    ]
    session.close()
    assert_all_is_there(opened(), ["in the copy", "new", "after"])


def test_two_sessions_on_a_folder_that_is_removed_write_what_each_knows_once(
    opened: Opener, told: list[str], store_folder: Path
) -> None:
    session, other = opened(), opened(workflow="side")
    declare_chain(session)
    session.run(message="first")
    other.declare(slow("value = 1"), ["value"])
    other.run(message="of the other")
    session.flush()
    other.flush()
    shutil.rmtree(store_folder)
    session.run(message="second")
    other.run(message="of the other, too")
    session.run(message="third")
    assert len(told) == 2
    for one in (session, opened()):
        assert [(version.id, version.message) for version in one.versions] == [
            (1, "first"),
            (2, "second"),
            (3, "third"),
        ]
    assert [version.message for version in opened(workflow="side").versions] == ["of the other", "of the other, too"]


def test_another_store_in_its_place_keeps_its_versions_and_gets_these_behind_them(
    opened: Opener, told: list[str], store_folder: Path
) -> None:
    session = opened()
    declare_chain(session)
    session.run(message="of the removed one")
    session.flush()
    shutil.rmtree(store_folder)
    other = opened()
    other.declare(slow("value = 1"), ["value"])
    other.run(message="of the new one")
    session.run(message="after")
    assert [(one.id, one.parent, one.message) for one in session.versions] == [
        (1, None, "of the new one"),
        (2, None, "of the removed one"),
        (3, 2, "after"),
    ]
    assert told[-1] == "Another kernel has recorded versions of 'main' meanwhile: this kernel's 1 is 2 now."
    assert list(other.version(2).nodes) == ["rows", "total", "doubled"]


def test_the_end_of_a_kernel_leaves_a_removed_folder_removed(opened: Opener, store_folder: Path) -> None:
    session = opened()
    declare_chain(session)
    session.run()
    session.flush()
    shutil.rmtree(store_folder)
    session.close()
    assert not store_folder.exists()
    assert list(opened().versions) == []
