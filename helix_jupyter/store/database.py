"""One SQLite database behind a lock: queries, transactions, errors in words. Knows no table.

One connection with a lock, not one per thread: comm threads come and go and would each leave file handles
behind, the in-memory fallback exists on one connection only, and every statement here takes well under a
millisecond.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from helix_jupyter.errors import StoreError
from helix_jupyter.store.schema import migrate

BUSY_SECONDS = 30.0
_SILENT_SECONDS = 1.0
_log = logging.getLogger("helix_jupyter")


class Database:
    """A migrated database at ``path``, or in memory.

    Parameters
    ----------
    busy_seconds
        How long to wait for another process that writes; default: 30. After one of them a line says so.

    Raises
    ------
    NewerStore
        A newer version of this package wrote it.
    StoreError
        It cannot be opened or written, or another process kept it locked for too long.
    """

    def __init__(self, path: Path | None, busy_seconds: float | None = None) -> None:
        busy_seconds = BUSY_SECONDS if busy_seconds is None else busy_seconds
        self.path = path
        self._lock = threading.RLock()
        self._busy_seconds = busy_seconds
        with _in_words(path):
            self._connection = _connect(path, min(busy_seconds, _SILENT_SECONDS))
            try:
                with self.transaction():  # a read-only database opens, too: find out now
                    pass
                _be_busy(self._connection, busy_seconds)
                if path is not None:
                    _use_write_ahead_log(self._connection, busy_seconds)
                migrate(self._connection, str(path))
                _be_busy(self._connection, min(busy_seconds, _SILENT_SECONDS))
            except BaseException:
                self._connection.close()
                raise
        self._origin = _identity(path)

    @classmethod
    def copy_of(cls, path: Path) -> Database:
        """A database in memory with what the one at ``path`` holds, which is only read; empty where there is none.

        For a folder that cannot be written, where SQLite cannot even open it: its shared memory would be a file there.

        Raises
        ------
        NewerStore, StoreError
        """
        copy = cls(None)
        if path.exists():
            with (
                _in_words(path),
                closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as source,
            ):
                source.backup(copy._connection)
                migrate(copy._connection, str(path))
            copy._origin = _identity(path)
        return copy

    @property
    def is_displaced(self) -> bool:
        """Whether its file was removed or replaced: what is written then is in no folder any more, but can be read.

        SQLite does not tell of it in write-ahead mode. Windows allows neither while the file is open.
        """
        if self.path is None:
            return False
        try:
            found = os.stat(self.path)
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError:  # who cannot look does not know
            return False
        return self._origin is not None and self._origin != (found.st_dev, found.st_ino)

    def is_another_than(self, copy: Database) -> bool:
        """Whether it is another file than the one that ``copy``, in memory, was made from; no if there was none."""
        return copy._origin is not None and copy._origin != self._origin

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows that a query gives."""
        with self._lock, _in_words(self.path):
            return self._patiently(query, parameters).fetchall()

    def state_of_others(self) -> object:
        """Another value as soon as another connection has changed the database (SQLite's ``data_version``)."""
        return self, self.rows("PRAGMA data_version")[0][0]

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """An immediate transaction: nobody else writes until it ends; rolled back if the block raises.

        Within another one it is a part of that one.
        """
        with self._lock, _in_words(self.path):
            if self._connection.in_transaction:
                yield self._connection
                return
            connection = self._connection
            try:
                self._patiently("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def in_memory(self) -> Database:
        """A database in memory with the contents of this one, as far as they can be read."""
        copy = Database(None)
        try:
            with self._lock:
                self._connection.backup(copy._connection)
        except sqlite3.Error:
            return Database(None)
        copy._origin = self._origin
        return copy

    def be_patient(self) -> None:
        """Wait for other processes that write as long as any database does, from now on."""
        with self._lock, _in_words(self.path):
            self._busy_seconds = BUSY_SECONDS
            _be_busy(self._connection, min(BUSY_SECONDS, _SILENT_SECONDS))

    def close(self) -> None:
        """Close the connection; may be called again."""
        with self._lock:
            self._connection.close()

    def _patiently(self, statement: str, parameters: Sequence[Any] = ()) -> sqlite3.Cursor:
        try:
            return self._connection.execute(statement, parameters)
        except sqlite3.OperationalError as error:
            left = self._busy_seconds - _SILENT_SECONDS
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or left <= 0:
                raise
        _log.warning("helix: another program keeps %s locked: waiting for it, %.0f s at most", self.path, left)
        _be_busy(self._connection, left)
        try:
            return self._connection.execute(statement, parameters)
        finally:
            _be_busy(self._connection, _SILENT_SECONDS)


def _be_busy(connection: sqlite3.Connection, seconds: float) -> None:
    """Wait as long for a lock."""
    connection.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")


def _identity(path: Path | None) -> tuple[int, int] | None:
    """Device and inode of a file; None where there is none to look at."""
    if path is None:
        return None
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _connect(path: Path | None, busy_seconds: float) -> sqlite3.Connection:
    # isolation_level None: transactions are ours alone to begin
    connection = sqlite3.connect(
        ":memory:" if path is None else path,
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,
    )
    # NORMAL: a commit waits for no disk; losing power may lose the last rows, whose files are then orphans
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _use_write_ahead_log(connection: sqlite3.Connection, busy_seconds: float) -> None:
    """Switch to WAL once; SQLite does not wait by itself when two processes switch at the same moment."""
    deadline = time.monotonic() + busy_seconds
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return  # a file system without shared memory stays in its mode, which works as well
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


@contextmanager
def _in_words(path: Path | None) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            raise StoreError(
                f"The store's file {path} is damaged ({error}). Put a copy of it back, or move it away to begin anew: "
                f"the versions in it are lost then, and so are the stored values."
            ) from error
        raise StoreError(
            f"The store {path or 'in memory'} cannot be used ({error}). "
            f"Check its folder and the free space, or restart the kernel and begin with another store: "
            f"%helix config store=PATH, before the first cell."
        ) from error
