from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from helix_jupyter.errors import NewerStore, StoreError
from helix_jupyter.store.database import Database
from helix_jupyter.store.schema import MIGRATIONS, migrate
from helix_jupyter.store.store import Store
from helix_jupyter.store.types import OutsideFact

SECOND = (
    "ALTER TABLE pins ADD COLUMN reason TEXT NOT NULL DEFAULT 'none'",
    "CREATE INDEX by_reason ON pins (reason)",
)


def version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def raw(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def test_it_is_in_wal_mode_with_a_schema_version(tmp_path: Path) -> None:
    Database(tmp_path / "a.db").close()
    connection = raw(tmp_path / "a.db")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert version(connection) == len(MIGRATIONS)


def test_a_later_migration_keeps_the_rows(tmp_path: Path) -> None:
    connection = raw(tmp_path / "a.db")
    migrate(connection, "a.db")
    connection.execute("INSERT INTO pins (workflow, node) VALUES ('main', 'rows')")
    migrate(connection, "a.db", (*MIGRATIONS, SECOND))
    assert version(connection) == len(MIGRATIONS) + 1
    assert connection.execute("SELECT workflow, node, reason FROM pins").fetchall() == [("main", "rows", "none")]


def test_a_migration_that_fails_leaves_the_old_schema(tmp_path: Path) -> None:
    connection = raw(tmp_path / "a.db")
    migrate(connection, "a.db")
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, "a.db", (*MIGRATIONS, (*SECOND, "NONSENSE")))
    assert version(connection) == len(MIGRATIONS)
    migrate(connection, "a.db", (*MIGRATIONS, SECOND))


def test_a_newer_schema_is_refused_and_left_alone(folder: Path) -> None:
    Store.open(folder, budget=1).close()
    connection = raw(folder / "helix.db")
    connection.execute("PRAGMA user_version = 99")
    with pytest.raises(NewerStore, match=r"schema 99.*Upgrade"):
        Store.open(folder, budget=1)
    assert version(connection) == 99


def test_what_raises_in_a_transaction_is_rolled_back(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db")

    def interrupted() -> None:
        with database.transaction() as connection:
            connection.execute("INSERT INTO pins (workflow, node) VALUES ('main', 'rows')")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert database.rows("SELECT * FROM pins") == []
    database.close()


def test_what_is_no_database_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("no database at all " * 100)
    with pytest.raises(StoreError, match=r"is damaged .* move it away to begin anew") as caught:
        Database(tmp_path / "a.db")
    assert "\n" not in str(caught.value)


def test_a_copy_in_memory_has_the_rows(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db")
    with database.transaction() as connection:
        connection.execute("INSERT INTO pins (workflow, node) VALUES ('main', 'rows')")
    copy = database.in_memory()
    database.close()
    assert copy.rows("SELECT node FROM pins") == [("rows",)]


def test_threads_share_a_database(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db")

    def count_up() -> None:
        for _ in range(200):
            with database.transaction() as connection:
                connection.execute(
                    """INSERT INTO workflows VALUES ('main', 1)
                       ON CONFLICT DO UPDATE SET last_version = last_version + 1"""
                )

    threads = [threading.Thread(target=count_up) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert database.rows("SELECT last_version FROM workflows") == [(600,)]
    database.close()


def test_files_of_the_first_schema_are_facts_now(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    connection = raw(folder / "helix.db")
    migrate(connection, "first", MIGRATIONS[:1])
    row = ("k", "main", "rows", "[]", 1.0, 0, 0.0, None, '[["a.csv", "f1"]]', 1)
    connection.execute(f"INSERT INTO results VALUES (NULL{', ?' * len(row)})", row)
    connection.close()
    with closing(Store.open(folder, budget=1)) as store:
        assert store.results(["k"])["k"][0].outside == (OutsideFact("a.csv", "f1", "file"),)
