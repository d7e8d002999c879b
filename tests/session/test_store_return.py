"""A session whose store could not be written goes back to it: nothing that it knows is lost."""

from __future__ import annotations

import errno
import logging
import re
import shutil
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from session_helpers import computed, declare_chain, slow

from helix_jupyter import Session, State

Opener = Callable[..., Session]
WRITTEN = "is written again"


@pytest.fixture
def read_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """As long as it is not called, no store's folder can be written: for the superuser modes do not count."""

    def refused(folder: Path) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as patched:
        patched.setattr("helix_jupyter.store.opening.make_folder", refused)
        yield patched.undo


def test_a_store_that_began_in_a_folder_that_could_not_be_written_is_written_once_it_can(
    opened: Opener, told: list[str], read_only: Callable[[], None]
) -> None:
    session = opened()
    declare_chain(session)
    session.run(message="in memory")
    read_only()
    assert computed(session.run(message="on disk")) == []
    assert WRITTEN in told[-1]
    session.close()
    assert_all_is_there(opened(), ["in memory", "on disk"])


@pytest.fixture
def lock(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Locks the store's database, so that it cannot be written, until it is called again."""
    monkeypatch.setattr("helix_jupyter.store.database.BUSY_SECONDS", 0.1)
    other: list[sqlite3.Connection] = []

    def switch() -> None:
        if other:
            other.pop().close()
        else:
            other.append(sqlite3.connect(folder / ".helix" / "helix.db", isolation_level=None, check_same_thread=False))
            other[0].execute("BEGIN IMMEDIATE")

    yield switch
    if other:
        switch()


def assert_all_is_there(session: Session, messages: list[str]) -> None:
    """After a restart no version is missing, and nothing is to be computed."""
    declare_chain(session)
    assert [version.message for version in session.versions] == messages
    assert [version.parent for version in session.versions] == [None, *range(1, len(messages))]
    assert session.versions[-1].nodes["total"].source.endswith("sum(rows)")
    assert set(session.plan().states.values()) <= {State.LOAD, State.PRUNE}
    assert session["doubled"] == 12


def test_what_was_done_in_memory_is_written_once_it_can_be(
    opened: Opener, told: list[str], lock: Callable[[], None]
) -> None:
    session, other = opened(), opened()
    session.declare(slow("rows = [1, 2, 3]"), ["rows"])
    session.run(message="first")
    session.flush()
    lock()
    declare_chain(session)
    session.run(message="lost")
    assert "Until it can be written" in told[-1]
    session.annotate(1, tags=["before"])
    session.annotate(2, tags=["meanwhile"])
    session.pin("total")
    session.never_store("doubled")
    session.never_store("rows")
    session.unpin("doubled")
    session.run(message="lost as well")
    assert "still cannot be written" in told[-1]
    assert [version.message for version in other.versions] == ["first"]
    lock()
    assert computed(session.run(message="written")) == []
    assert [line for line in told if WRITTEN in line] == [told[-1]]
    session.run(message="and on")
    assert WRITTEN not in told[-2]
    assert [version.tags for version in other.versions] == [("before",), ("meanwhile",), (), (), ()]
    assert other.store.pins("main") == {"total"}
    assert other.store.never_stored("main") == {"rows"}
    session.close()
    assert_all_is_there(opened(), ["first", "lost", "lost as well", "written", "and on"])


def test_values_that_are_not_to_be_stored_are_deleted_once_the_store_can_be_written(
    opened: Opener, folder: Path, lock: Callable[[], None]
) -> None:
    session = opened()
    declare_chain(session)
    session.run()
    session.flush()
    lock()
    assert session.never_store("rows") == session.forget("total") == 0
    lock()
    assert computed(session.run("doubled")) == []
    assert {fact.node for fact in session.store.artifacts().values()} == {"doubled"}
    assert len([path for path in (folder / ".helix" / "objects").rglob("*") if path.is_file()]) == 1


def test_nothing_is_evicted_for_what_cannot_be_written(opened: Opener, lock: Callable[[], None]) -> None:
    session = opened(policy="adaptive", budget="5MB", memory="1kB")
    session.declare("import os, time\ntime.sleep(0.1)\nfirst = os.urandom(3_000_000)", ["first"])
    session.run()
    session.flush()
    lock()
    session.declare("import os, time\ntime.sleep(0.3)\nsecond = os.urandom(3_000_000)", ["second"])
    session.run()
    assert {fact.node for fact in session.store.artifacts().values()} == {"first"}
    lock()
    session.run()
    session.flush()
    assert {fact.node for fact in session.store.artifacts().values()} == {"second"}


def test_a_run_does_not_wait_for_a_store_that_is_still_locked(
    opened: Opener, told: list[str], lock: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = opened()
    declare_chain(session)
    lock()
    session.run()
    monkeypatch.setattr("helix_jupyter.store.database.BUSY_SECONDS", 100_000.0)
    session.run(force=["total"])
    assert "still cannot be written" in told[-1]
    lock()
    session.run()
    assert WRITTEN in told[-1]


def test_versions_whose_numbers_another_kernel_has_given_out_meanwhile_get_others(
    opened: Opener, told: list[str], lock: Callable[[], None]
) -> None:
    session = opened()
    session.declare(slow("value = 1"), ["value"])
    session.run(message="shared")
    other = opened()
    lock()
    for message in ("lost", "to be deleted", "lost as well"):
        session.run(message=message)
    session.annotate(2, note="of this kernel")
    session.delete_versions(3)
    lock()
    other.declare("another = 1", ["another"])
    other.run(message="of another kernel")
    assert session.current == 4
    session.run(message="written")
    assert told[-2:] == [
        f"The store {session.store.folder} is written again: what was in memory only, that is versions, results and "
        "pins, and the values of the current cells that memory holds.",
        "Another kernel has recorded versions of 'main' meanwhile: this kernel's 2 to 4 are 3 to 5 now.",
    ]
    expected = [
        (1, None, "shared"),
        (2, 1, "of another kernel"),
        (3, 1, "lost"),
        (5, 3, "lost as well"),
        (6, 5, "written"),
    ]
    for one in (session, other):
        assert [(version.id, version.parent, version.message) for version in one.versions] == expected
        assert [version.note for version in one.versions] == ["", "", "of this kernel", "", ""]
        assert list(one.version(5).nodes) == ["value"]
        assert list(one.version(2).nodes) == ["another"]
    assert session.current == 6
    assert session.diff(3, 6).nodes == {}


def test_a_sweep_goes_on_from_the_version_as_it_is_called_in_the_folder(
    opened: Opener, lock: Callable[[], None]
) -> None:
    session = opened()
    session.declare("k = 1\nvalue = k * 2", ["value"])
    session.run()
    other = opened()
    lock()
    session.run(message="lost")
    lock()
    other.declare("another = 1", ["another"])
    other.run()
    session.sweep({"value.k": [5, 6]})
    assert [(one.id, one.parent) for one in session.versions] == [(1, None), (2, 1), (3, 1), (4, 3), (5, 3)]
    assert session.current == 3


def test_a_session_goes_on_from_the_newest_version_where_another_kernel_has_deleted_its_own(
    opened: Opener, lock: Callable[[], None]
) -> None:
    session, other = opened(), opened()
    session.declare("value = 1", ["value"])
    session.run()
    session.run()
    lock()
    session.pin("value")
    assert session.store.is_lost
    lock()
    other.declare("value = 1", ["value"])
    other.run()
    other.delete_versions(2)
    assert [(one.id, one.parent) for one in (*session.versions, session.run())][-1] == (4, 3)


def test_a_store_that_is_deleted_meanwhile_is_made_anew_and_goes_on_counting(
    opened: Opener, folder: Path, lock: Callable[[], None]
) -> None:
    session = opened()
    declare_chain(session)
    session.run()
    session.flush()
    lock()
    session.run(message="lost")
    lock()
    shutil.rmtree(folder / ".helix")
    session.run(message="written")
    assert [(one.id, one.message) for one in session.versions] == [(1, ""), (2, "lost"), (3, "written")]
    session.close()
    again = opened()
    assert [one.id for one in again.versions] == [1, 2, 3]


def test_what_was_to_be_written_when_the_store_was_lost_is_written_later(
    opened: Opener, lock: Callable[[], None]
) -> None:
    session = opened()
    declare_chain(session)
    go_on = threading.Event()
    session.store.writer.submit(go_on.wait)
    session.run(message="done")
    lock()
    session.run(message="lost")
    go_on.set()
    session.flush()
    assert session.store.artifacts() == {}
    lock()
    session.run(message="written")
    session.close()
    assert_all_is_there(opened(), ["done", "lost", "written"])


def test_values_of_an_edit_that_is_taken_back_are_stored_by_the_run_that_has_them_in_memory(
    opened: Opener, lock: Callable[[], None]
) -> None:
    session = opened()
    session.declare(slow("rows = []"), ["rows"])
    session.run(message="before")
    session.flush()
    lock()
    declare_chain(session)
    session.run(message="lost")
    lock()
    declare_chain(session, "rows = [4]")
    assert computed(session.run(message="another edit")) == ["rows", "total", "doubled"]
    declare_chain(session)
    assert computed(session.run(message="taken back")) == []
    session.close()
    assert_all_is_there(opened(), ["before", "lost", "another edit", "taken back"])


def test_the_end_of_a_session_writes_what_no_run_has_written(opened: Opener, lock: Callable[[], None]) -> None:
    session = opened()
    declare_chain(session)
    lock()
    session.run(message="lost")
    lock()
    session.close()
    again = opened()
    declare_chain(again)
    assert [version.message for version in again.versions] == ["lost"]
    assert [node.seconds > 0 for node in again.versions[0].nodes.values()] == [True] * 3
    assert len(again.store.costs("main")) == 3


if sys.platform != "win32":  # Windows has no such limit to set

    @pytest.mark.parametrize("gone", [50_000, 2_000_000], ids=["nothing fits", "the database fits"])
    def test_values_of_a_full_disk_are_stored_by_the_run_after_there_is_room(
        opened: Opener, answer: Callable[..., str], gone: int
    ) -> None:
        script = r"""
import resource, sys
from helix_jupyter import Session
from helix_jupyter.view.progress import TerminalProgress
sys.stderr = sys.stdout
everything = resource.getrlimit(resource.RLIMIT_FSIZE)
session = Session(".helix", policy="all", namespace=globals(), progress=TerminalProgress)
session.declare("import time\ntime.sleep(0.05)\nprint('made')\nrows = bytes(range(256)) * 20_000", ["rows"])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), everything[1]))
session.run(message="full")
session.flush()
session.run(message="still full")
session.flush()
resource.setrlimit(resource.RLIMIT_FSIZE, everything)
session.run(message="room")
session.close()
"""
        output = answer(script, str(gone))
        assert output.count("made") == 3
        assert ("is written again" in output) == (gone < 100_000)
        again = opened()
        again.declare("import time\ntime.sleep(0.05)\nprint('made')\nrows = bytes(range(256)) * 20_000", ["rows"])
        assert [version.message for version in again.versions] == ["full", "still full", "room"]
        assert [str(state) for state in again.run().states.values()] == ["load"]
        assert len(again["rows"]) == 256 * 20_000


def test_who_waits_for_a_locked_store_is_told_so(
    opened: Opener, lock: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helix_jupyter.store.database._SILENT_SECONDS", 0.05)
    monkeypatch.setattr("helix_jupyter.store.database.BUSY_SECONDS", 100_000.0)
    session = opened()
    declare_chain(session)
    session.flush()
    lock()
    told: list[str] = []

    def let_go(record: logging.LogRecord) -> bool:
        if "another program keeps" in record.getMessage():
            told.append(record.getMessage())
            lock()
        return True

    logger = logging.getLogger("helix_jupyter")
    logger.addFilter(let_go)
    try:
        session.run(message="waited for")
    finally:
        logger.removeFilter(let_go)
    assert len(told) == 1
    assert "helix.db locked: waiting for it" in told[0]
    assert not session.store.problem
    session.close()
    assert_all_is_there(opened(), ["waited for"])


def test_a_file_that_is_no_database_is_named_and_nothing_of_it_is_touched(
    opened: Opener, folder: Path, told: list[str]
) -> None:
    first = opened()
    declare_chain(first)
    first.run()
    first.close()
    file = folder / ".helix" / "helix.db"
    good = file.read_bytes()
    file.write_bytes(b"no database, " * 1000)
    objects = sorted((folder / ".helix" / "objects").rglob("*"))
    session = opened()
    declare_chain(session)
    session.run(message="in memory")
    assert len(told) == 1
    assert re.match(r"The store's file .*helix\.db is damaged \(.*\)\. Put a copy of it back, or move it away", told[0])
    assert sorted((folder / ".helix" / "objects").rglob("*")) == objects
    assert file.read_bytes().startswith(b"no database")
    file.write_bytes(good)
    session.run(message="on disk")
    assert any(WRITTEN in line for line in told)
    session.close()
    assert [version.message for version in opened().versions] == ["", "in memory", "on disk"]
