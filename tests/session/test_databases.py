"""Files that the notebook has open while runs look at them, databases above all: locks stay, and so does data."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from session_helpers import computed, slow

from helix_jupyter import Session

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there closing a file takes no other handle's locks away")

COUNT = "c.execute('select count(*) from t').fetchone()[0]"
NODE = slow(f"import contextlib, sqlite3\nwith contextlib.closing(sqlite3.connect('t.db')) as c:\n    x = {COUNT}")
COUNTS = f"import contextlib, sqlite3\nwith contextlib.closing(sqlite3.connect('t.db')) as c:\n    print({COUNT})"
WRITES = "import sqlite3\nsqlite3.connect('t.db', timeout=0).execute('begin immediate')"
LOCKS = "import fcntl\nfcntl.lockf(open('locked.txt', 'r+'), fcntl.LOCK_EX | fcntl.LOCK_NB)"


@pytest.fixture(autouse=True)
def beside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)


@pytest.fixture
def writer() -> Iterator[sqlite3.Connection]:
    """The notebook's own connection to a table with one row."""
    with closing(sqlite3.connect("t.db")) as connection:
        connection.executescript("create table t (v); insert into t values (1)")
        yield connection


def elsewhere(code: str) -> subprocess.CompletedProcess[str]:
    """Another process."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def rerun(session: Session) -> list[str]:
    return computed(session.run())


def test_a_log_stays_beside_the_connection_that_writes_it(session: Session, writer: sqlite3.Connection) -> None:
    writer.execute("pragma journal_mode = wal")
    writer.execute("insert into t values (2)")
    writer.commit()
    session.declare(NODE, ["x"])
    assert [rerun(session), rerun(session)] == [["x"], []]
    assert session["x"] == 2, "a row that only the log holds"
    assert elsewhere(COUNTS).stdout == "2\n"
    assert Path("t.db-wal").exists(), "it is the last connection that deletes the log"
    writer.execute("insert into t values (3)")
    writer.commit()
    assert elsewhere(COUNTS).stdout == "3\n"
    assert rerun(session) == ["x"]
    assert session["x"] == 3
    assert elsewhere(COUNTS).stdout == "3\n"


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_a_transaction_that_was_begun_stays_the_only_one(
    session: Session, writer: sqlite3.Connection, journal: str
) -> None:
    writer.execute(f"pragma journal_mode = {journal}")
    writer.execute("insert into t values (2)")
    session.declare(NODE, ["x"])
    assert [rerun(session), rerun(session)] == [["x"], []]
    assert session["x"] == 1
    assert "database is locked" in elsewhere(WRITES).stderr
    writer.commit()
    assert elsewhere(WRITES).stderr == ""
    assert rerun(session) == ["x"]
    assert session["x"] == 2


def test_a_lock_on_a_watched_file_stays(session: Session) -> None:
    import fcntl

    Path("locked.txt").write_text("1")
    session.declare(slow("x = 1"), ["x"], watch=["locked.txt"])
    with open("locked.txt", "r+") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        for text in ("2", "3"):
            file.write(text)
            file.flush()
            assert rerun(session) == ["x"]
            assert "BlockingIOError" in elsewhere(LOCKS).stderr
    assert elsewhere(LOCKS).stderr == ""


def test_what_is_kept_open_for_their_sake_is_closed_after_them(session: Session, writer: sqlite3.Connection) -> None:
    def opened(name: str) -> int:
        wanted, found = os.stat(name), 0
        for descriptor in os.listdir("/dev/fd"):
            try:
                found += os.path.samestat(os.fstat(int(descriptor)), wanted)
            except OSError:  # that of the listing itself
                continue
        return found

    session.declare(NODE, ["x"])
    Path("a.txt").write_text("1")
    session.declare(slow("y = open('a.txt').read()"), ["y"])
    for number in range(3):
        writer.execute("insert into t values (2)")
        writer.commit()
        assert "x" in rerun(session), number
    assert opened("t.db") <= 2
    writer.close()
    Path("a.txt").write_text("2")
    assert rerun(session) == ["y"]
    assert (opened("t.db"), opened("a.txt")) == (0, 0)
