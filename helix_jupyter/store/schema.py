"""The tables of the store and their migrations. Touches the given connection only."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from helix_jupyter.errors import NewerStore

# Number n brings schema n - 1 to n and is never edited once released; PRAGMA user_version holds where we are.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE artifacts (
            digest TEXT PRIMARY KEY, bytes INTEGER NOT NULL, worth_seconds REAL NOT NULL,
            load_seconds REAL NOT NULL, last_used REAL NOT NULL, created REAL NOT NULL, node TEXT NOT NULL,
            workflow TEXT NOT NULL, kind TEXT NOT NULL) WITHOUT ROWID""",
        # room in the budget for a file that is being written, and which files those are
        """CREATE TABLE reservations (
            digest TEXT PRIMARY KEY, bytes INTEGER NOT NULL, owner TEXT NOT NULL, temporary TEXT NOT NULL,
            created REAL NOT NULL) WITHOUT ROWID""",
        # bytes is not 0 as long as the file of an evicted artifact still lies there
        """CREATE TABLE evictions (
            digest TEXT PRIMARY KEY, why TEXT NOT NULL, created REAL NOT NULL,
            bytes INTEGER NOT NULL) WITHOUT ROWID""",
        """CREATE TABLE results (
            id INTEGER PRIMARY KEY, key TEXT NOT NULL, workflow TEXT NOT NULL, node TEXT NOT NULL,
            outputs TEXT NOT NULL, seconds REAL NOT NULL, bytes INTEGER NOT NULL, created REAL NOT NULL,
            console TEXT, files TEXT NOT NULL, reusable INTEGER NOT NULL)""",
        "CREATE INDEX results_by_key ON results (key)",
        "CREATE INDEX results_by_node ON results (workflow, node)",
        """CREATE TABLE versions (
            workflow TEXT NOT NULL, id INTEGER NOT NULL, created REAL NOT NULL, summary TEXT NOT NULL,
            payload BLOB NOT NULL, PRIMARY KEY (workflow, id))""",
        # numbers of deleted versions are not given out again
        "CREATE TABLE workflows (workflow TEXT PRIMARY KEY, last_version INTEGER NOT NULL) WITHOUT ROWID",
        """CREATE TABLE pins (
            workflow TEXT NOT NULL, node TEXT NOT NULL, PRIMARY KEY (workflow, node)) WITHOUT ROWID""",
        """CREATE TABLE aliases (
            workflow TEXT NOT NULL, node TEXT NOT NULL, new TEXT NOT NULL, old TEXT NOT NULL,
            created REAL NOT NULL, PRIMARY KEY (workflow, node, new)) WITHOUT ROWID""",
        # the inode as text: on Windows it may not fit a signed 64-bit integer
        """CREATE TABLE files (
            path TEXT PRIMARY KEY, kind TEXT NOT NULL, digest TEXT NOT NULL, size INTEGER NOT NULL,
            mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL, inode TEXT NOT NULL,
            checked_ns INTEGER NOT NULL) WITHOUT ROWID""",
    ),
    (
        # what versions are made of, each piece once; a version's own payload is empty where it has pieces
        "CREATE TABLE pieces (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, data BLOB NOT NULL)",
        "ALTER TABLE versions ADD COLUMN pieces BLOB NOT NULL DEFAULT x''",
        # facts of other kinds than files, each with its kind; what was written before has none and stands for files
        "ALTER TABLE results RENAME COLUMN files TO outside",
    ),
    (
        # bytes says how large the artifact is, own_bytes how large its file: the rest lies in buffers
        "ALTER TABLE artifacts ADD COLUMN own_bytes INTEGER NOT NULL DEFAULT 0",
        "UPDATE artifacts SET own_bytes = bytes",
        # a row covers its file from before it is begun until it is deleted
        "CREATE TABLE buffers (digest TEXT PRIMARY KEY, bytes INTEGER NOT NULL) WITHOUT ROWID",
        # by artifacts that are stored or for which there is a reservation
        """CREATE TABLE buffer_uses (
            artifact TEXT NOT NULL, buffer TEXT NOT NULL, PRIMARY KEY (artifact, buffer)) WITHOUT ROWID""",
        "CREATE INDEX uses_by_buffer ON buffer_uses (buffer)",
    ),
    (
        # the newest measurements of a node, oldest first: [seconds, bytes that it read, bytes of each output, key,
        # digest of the code (none in those of earlier releases)]
        """CREATE TABLE costs (
            workflow TEXT NOT NULL, node TEXT NOT NULL, seconds REAL NOT NULL, bytes INTEGER NOT NULL,
            measured TEXT NOT NULL, PRIMARY KEY (workflow, node)) WITHOUT ROWID""",
        """INSERT INTO costs SELECT workflow, node, seconds, bytes, '[[' || seconds || ',0,{},"' || key || '"]]'
           FROM results WHERE id IN (SELECT max(id) FROM results GROUP BY workflow, node)""",
        # what this machine and disk take for a file, a byte ..: see rates
        "CREATE TABLE rates (name TEXT PRIMARY KEY, seconds REAL NOT NULL) WITHOUT ROWID",
        # the opposite of a pin: nodes whose values are not to lie on disk
        """CREATE TABLE never_stored (
            workflow TEXT NOT NULL, node TEXT NOT NULL, PRIMARY KEY (workflow, node)) WITHOUT ROWID""",
    ),
    (
        # which items the values of a --map node are made of: 16 bytes for each, in order
        """CREATE TABLE items (
            id INTEGER PRIMARY KEY, key TEXT NOT NULL, workflow TEXT NOT NULL, node TEXT NOT NULL,
            items BLOB NOT NULL, outputs TEXT NOT NULL, seconds REAL NOT NULL, outside TEXT NOT NULL)""",
        "CREATE INDEX items_by_key ON items (key)",
    ),
)


def migrate(connection: sqlite3.Connection, where: str, migrations: Sequence[Sequence[str]] = MIGRATIONS) -> None:
    """Bring the schema up to date, in one transaction; kernels that open the store at once wait for each
    other.

    Raises
    ------
    NewerStore
        The schema is newer than ``migrations`` reach.
    """
    if _version(connection) == len(migrations):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = _version(connection)
        if found > len(migrations):
            raise NewerStore(found, len(migrations), where)
        for statement in (statement for migration in migrations[found:] for statement in migration):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
