"""The rows of stored artifacts: facts, use, eviction. Touches the database; eviction deletes files."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Mapping

from helix_jupyter.store.database import Database
from helix_jupyter.store.objects import Objects, remove
from helix_jupyter.store.types import ArtifactFact

# (SELECT value FROM json_each(?)) takes a list of any length as one parameter
_CHOSEN = "digest IN (SELECT value FROM json_each(?))"


def facts(database: Database) -> dict[str, ArtifactFact]:
    """Every stored artifact, in one query."""
    columns = "digest, bytes, worth_seconds, load_seconds, last_used, created, node, workflow, kind"
    rows = database.rows(f"SELECT {columns} FROM artifacts")
    return {row[0]: ArtifactFact(*row) for row in rows}


def stored(database: Database, digests: Iterable[str]) -> set[str]:
    """Those of ``digests`` that are stored."""
    rows = database.rows(f"SELECT digest FROM artifacts WHERE {_CHOSEN}", (json.dumps(list(digests)),))
    return {digest for (digest,) in rows}


def touch(database: Database, used: Mapping[str, tuple[float, float]]) -> None:
    """Note uses: ``{digest: (when, load seconds)}``."""
    with database.transaction() as connection:
        connection.executemany(
            "UPDATE artifacts SET last_used = max(last_used, ?), load_seconds = ? WHERE digest = ?",
            [(when, seconds, digest) for digest, (when, seconds) in used.items()],
        )


def evict(database: Database, objects: Objects, digests: Iterable[str], why: str) -> int:
    """Row before unlink: the rows go in one transaction, the files in the next.

    Returns
    -------
    int
        Bytes of the artifacts that were stored and no longer are.
    """
    chosen = (json.dumps(list(digests)),)
    with database.transaction() as connection:
        connection.execute(
            f"""INSERT OR REPLACE INTO evictions (digest, why, created, bytes)
                SELECT digest, ?, ?, bytes FROM artifacts WHERE {_CHOSEN}""",
            (why, time.time(), *chosen),
        )
        row = connection.execute(f"SELECT coalesce(sum(bytes), 0) FROM artifacts WHERE {_CHOSEN}", chosen).fetchone()
        connection.execute(f"DELETE FROM artifacts WHERE {_CHOSEN}", chosen)
    with database.transaction() as connection:
        delete_evicted(connection, objects)
    return int(row[0])


def delete_evicted(connection: sqlite3.Connection, objects: Objects) -> None:
    """Delete the files of evicted artifacts and no longer count them; those in use (Windows) stay until the
    next time.

    To be called in an immediate transaction, so that nobody begins to write the same digest in between.
    """
    lying = connection.execute(
        "SELECT digest FROM evictions WHERE bytes > 0 AND digest NOT IN (SELECT digest FROM reservations)"
    ).fetchall()
    deleted = [(digest,) for (digest,) in lying if remove(objects.path(digest))]
    connection.executemany("UPDATE evictions SET bytes = 0 WHERE digest = ?", deleted)


def why_evicted(database: Database, digest: str) -> str | None:
    """Why an artifact is no longer stored; None if it is, or never was."""
    rows = database.rows("SELECT why FROM evictions WHERE digest = ?", (digest,))
    return rows[0][0] if rows else None


def drop_missing(database: Database, objects: Objects, digest: str) -> None:
    """Drop the row of an artifact whose file was deleted from outside."""
    with database.transaction() as connection:
        if not objects.path(digest).exists():
            connection.execute("DELETE FROM artifacts WHERE digest = ?", (digest,))
