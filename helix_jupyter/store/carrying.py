"""Carry a store's rows over into another database that lies in its place: the folder was removed or replaced.

Reads the database in memory that has what could still be read; writes the other one. What is there already stays:
it may be an earlier copy of the same store, or another kernel may have made it anew first.
"""

from __future__ import annotations

import json

from helix_jupyter.store import pieces, versions
from helix_jupyter.store.buffers import lies
from helix_jupyter.store.database import Database
from helix_jupyter.store.numbering import Numbering
from helix_jupyter.store.objects import Objects

# rows that say the same in any folder, known by their primary key
_PLAIN = ("aliases", "costs", "files", "never_stored", "pins", "rates")
# rows that have a number in order of time, and what tells that one is there already
_NUMBERED = {"results": "key, workflow, outside", "items": "key, items, outside"}


def carry_rows(source: Database, database: Database) -> Numbering:
    """All but what tells of files; gives what versions are called now. To be called in a transaction."""
    shared = _in_common(source, database)
    taken = versions.go_on_from(database, shared)
    made = versions.last_numbers(source)
    numbering = Numbering(shared, made, taken)
    with database.transaction() as connection:
        there = pieces.carry(source, connection)
        query = "SELECT workflow, id, created, summary, payload, pieces FROM versions ORDER BY workflow, id"
        connection.executemany(
            "INSERT INTO versions (workflow, id, created, summary, payload, pieces) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    workflow,
                    numbering.of(workflow, number),
                    created,
                    _named(numbering, workflow, text),
                    whole,
                    there(own),
                )
                for workflow, number, created, text, whole, own in source.rows(query)
                if number > shared.get(workflow, 0)  # what is missing up to there was deleted
            ],
        )
        versions.go_on_from(database, {workflow: numbering.of(workflow, last) for workflow, last in made.items()})
        for table in _PLAIN:
            _insert(database, table, source.rows(f"SELECT * FROM {table}"))
        for table, known in _NUMBERED.items():
            present = set(database.rows(f"SELECT {known} FROM {table}"))
            rows = zip(
                source.rows(f"SELECT * FROM {table} ORDER BY id"),
                source.rows(f"SELECT {known} FROM {table} ORDER BY id"),
                strict=True,
            )
            _insert(database, table, [(None, *row[1:]) for row, same in rows if same not in present])
    return numbering


def carry_artifacts(source: Database, database: Database, objects: Objects) -> dict[str, int]:
    """The rows of artifacts whose files lie in the folder; gives ``{digest: bytes}`` of the others, which are lost."""
    lost: dict[str, int] = {}
    with database.transaction() as connection:
        present = {digest for (digest,) in connection.execute("SELECT digest FROM artifacts")}
        for row in source.rows("SELECT * FROM artifacts"):
            digest, size = row[:2]
            if digest in present:
                continue
            query = "SELECT digest, bytes FROM buffers JOIN buffer_uses ON buffer = digest WHERE artifact = ?"
            used = source.rows(query, (digest,))
            if not objects.path(digest).exists() or not all(lies(objects, *buffer) for buffer in used):
                lost[digest] = size
                continue
            _insert(database, "artifacts", [row])
            _insert(database, "buffers", used)
            _insert(database, "buffer_uses", [(digest, buffer) for buffer, _ in used])
    return lost


def _in_common(source: Database, database: Database) -> dict[str, int]:
    """``{workflow: number}`` of the last version that both have."""
    query = "SELECT workflow, id, created FROM versions ORDER BY workflow, id"
    there = set(database.rows(query))
    return {row[0]: row[1] for row in source.rows(query) if row in there}


def _named(numbering: Numbering, workflow: str, text: str) -> str:
    return json.dumps(dict(numbering.with_parent(workflow, json.loads(text))), separators=(",", ":"))


def _insert(database: Database, table: str, rows: list[tuple[object, ...]]) -> None:
    if rows:
        places = ", ".join("?" * len(rows[0]))
        with database.transaction() as connection:
            connection.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({places})", rows)
