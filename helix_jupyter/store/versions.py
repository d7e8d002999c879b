"""Versions as a summary and opaque bytes. Reads and writes the tables ``versions`` and ``workflows`` only."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from helix_jupyter.errors import UnknownVersion
from helix_jupyter.store.database import Database


def add(database: Database, workflow: str, summary: Mapping[str, object], payload: bytes) -> int:
    """Store a version; its number is given out in the transaction, so no two kernels get the same."""
    created = summary.get("created")
    row = (
        created if isinstance(created, (int, float)) else time.time(),
        json.dumps(dict(summary)),
        zlib.compress(payload),
    )
    with database.transaction() as connection:
        connection.execute(
            """INSERT INTO workflows (workflow, last_version) VALUES (?, 1)
               ON CONFLICT (workflow) DO UPDATE SET last_version = last_version + 1""",
            (workflow,),
        )
        query = "SELECT last_version FROM workflows WHERE workflow = ?"
        number = int(connection.execute(query, (workflow,)).fetchone()[0])
        connection.execute(
            "INSERT INTO versions (workflow, id, created, summary, payload) VALUES (?, ?, ?, ?, ?)",
            (workflow, number, *row),
        )
    return number


def summaries(database: Database, workflow: str) -> list[tuple[int, dict[str, Any]]]:
    """Number and summary of every version, oldest first."""
    rows = database.rows("SELECT id, summary FROM versions WHERE workflow = ? ORDER BY id", (workflow,))
    return [(number, json.loads(summary)) for number, summary in rows]


def payload(database: Database, workflow: str, number: int) -> bytes:
    """The bytes that were given with a version; raises ``UnknownVersion``."""
    rows = database.rows("SELECT payload FROM versions WHERE workflow = ? AND id = ?", (workflow, number))
    if not rows:
        known = database.rows("SELECT id FROM versions WHERE workflow = ? ORDER BY id", (workflow,))
        raise UnknownVersion(number, [row[0] for row in known])
    return zlib.decompress(rows[0][0])


def delete(database: Database, workflow: str, numbers: Iterable[int]) -> None:
    """Delete versions; their numbers are not given out again."""
    with database.transaction() as connection:
        connection.executemany(
            "DELETE FROM versions WHERE workflow = ? AND id = ?", [(workflow, number) for number in numbers]
        )


def workflows(database: Database) -> list[str]:
    """Names of the workflows that have versions, in alphabetical order."""
    return [name for (name,) in database.rows("SELECT DISTINCT workflow FROM versions ORDER BY workflow")]


def ages(database: Database, workflow: str) -> list[tuple[int, float]]:
    """``(number, created)`` of every version, oldest first."""
    return database.rows("SELECT id, created FROM versions WHERE workflow = ? ORDER BY id", (workflow,))
