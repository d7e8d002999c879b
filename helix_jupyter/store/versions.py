"""Versions as a summary and opaque pieces of bytes. Reads and writes the tables ``versions`` and ``workflows``."""

from __future__ import annotations

import json
import sqlite3
import time
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, overload

from helix_jupyter.errors import UnknownVersion
from helix_jupyter.store import pieces
from helix_jupyter.store.database import Database


def add(database: Database, workflow: str, summary: Mapping[str, object], payload: Sequence[bytes]) -> int:
    """Store a version; its number is given out in the transaction, so no two kernels get the same."""
    created = summary.get("created")
    made = created if isinstance(created, (int, float)) else time.time()
    text = json.dumps(dict(summary), separators=(",", ":"))
    with database.transaction() as connection:
        connection.execute(
            """INSERT INTO workflows (workflow, last_version) VALUES (?, 1)
               ON CONFLICT (workflow) DO UPDATE SET last_version = last_version + 1""",
            (workflow,),
        )
        query = "SELECT last_version FROM workflows WHERE workflow = ?"
        number = int(connection.execute(query, (workflow,)).fetchone()[0])
        connection.execute(
            "INSERT INTO versions (workflow, id, created, summary, payload, pieces) VALUES (?, ?, ?, ?, x'', ?)",
            (workflow, number, made, text, pieces.keep(connection, payload)),
        )
    return number


class Summaries(Sequence[tuple[int, dict[str, Any]]]):
    """``(number, summary)`` of versions, parsed when first looked at: of a long history people look at the newest.

    Parameters
    ----------
    rows
        Numbers, and the summaries as JSON.
    """

    # some at once take half the time that one after the other takes
    _TOGETHER = 128

    def __init__(self, rows: Sequence[tuple[int, str]]) -> None:
        self._rows = rows
        self._parsed: dict[int, list[dict[str, Any]]] = {}

    @overload
    def __getitem__(self, place: int) -> tuple[int, dict[str, Any]]: ...
    @overload
    def __getitem__(self, place: slice) -> list[tuple[int, dict[str, Any]]]: ...
    def __getitem__(self, place: int | slice) -> tuple[int, dict[str, Any]] | list[tuple[int, dict[str, Any]]]:
        if isinstance(place, slice):
            return [self[at] for at in range(len(self))[place]]
        at = range(len(self))[place]
        group, within = divmod(at, self._TOGETHER)
        if group not in self._parsed:
            texts = (text for _, text in self._rows[group * self._TOGETHER : (group + 1) * self._TOGETHER])
            self._parsed[group] = json.loads(f"[{','.join(texts)}]")
        return self._rows[at][0], self._parsed[group][within]

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return repr(list(self))


def summaries(database: Database, workflow: str) -> Summaries:
    """Number and summary of every version, oldest first."""
    return Summaries(database.rows("SELECT id, summary FROM versions WHERE workflow = ? ORDER BY id", (workflow,)))


def index(database: Database, workflow: str) -> list[tuple[int, int | None, int]]:
    """``(number, parent, mark)`` of every version, oldest first. The mark is another number once the summary says
    something else."""
    query = "SELECT id, json_extract(summary, '$.parent'), summary FROM versions WHERE workflow = ? ORDER BY id"
    return [(number, parent, zlib.crc32(text.encode())) for number, parent, text in database.rows(query, (workflow,))]


def between(database: Database, workflow: str, first: int, last: int) -> list[tuple[int, dict[str, Any]]]:
    """Number and summary of the versions from ``first`` to ``last``, oldest first."""
    query = "SELECT id, summary FROM versions WHERE workflow = ? AND id BETWEEN ? AND ? ORDER BY id"
    return [(number, json.loads(text)) for number, text in database.rows(query, (workflow, first, last))]


def summary(database: Database, workflow: str, number: int) -> dict[str, Any]:
    """The summary of one version; raises ``UnknownVersion``."""
    found: dict[str, Any] = json.loads(_row(database, "summary", workflow, number)[0])
    return found


def newest(database: Database, workflow: str) -> int | None:
    """The number of the newest version that is there."""
    number: int | None = database.rows("SELECT max(id) FROM versions WHERE workflow = ?", (workflow,))[0][0]
    return number


def last_numbers(database: Database) -> dict[str, int]:
    """``{workflow: number}`` that was given out last, whether that version is still there or not."""
    return dict(database.rows("SELECT workflow, last_version FROM workflows"))


def go_on_from(database: Database, numbers: Mapping[str, int]) -> dict[str, int]:
    """Give out only numbers above these from now on, as :func:`last_numbers` gave them; gives what it gives then."""
    with database.transaction() as connection:
        connection.executemany(
            """INSERT INTO workflows (workflow, last_version) VALUES (?, ?)
               ON CONFLICT (workflow) DO UPDATE SET last_version = max(last_version, excluded.last_version)""",
            numbers.items(),
        )
        return last_numbers(database)


def payload(database: Database, workflow: str, number: int) -> list[bytes]:
    """The pieces that were given with a version (in one, where schema 1 wrote it); raises ``UnknownVersion``."""
    whole, packed = _row(database, "payload, pieces", workflow, number)
    return [zlib.decompress(whole)] if whole else pieces.read(database, packed)


def _row(database: Database, columns: str, workflow: str, number: int) -> tuple[Any, ...]:
    rows = database.rows(f"SELECT {columns} FROM versions WHERE workflow = ? AND id = ?", (workflow, number))
    if not rows:
        known = database.rows("SELECT id FROM versions WHERE workflow = ? ORDER BY id", (workflow,))
        raise UnknownVersion(number, [row[0] for row in known])
    return rows[0]


def annotate(database: Database, workflow: str, number: int, changes: Mapping[str, object]) -> None:
    """Change entries of a version's summary (None takes one out); raises ``UnknownVersion``."""
    with database.transaction() as connection:
        found = summary(database, workflow, number)
        found = {name: one for name, one in {**found, **changes}.items() if one is not None or name not in changes}
        text = json.dumps(found, separators=(",", ":"))
        connection.execute("UPDATE versions SET summary = ? WHERE workflow = ? AND id = ?", (text, workflow, number))


def delete(database: Database, workflow: str, numbers: Iterable[int]) -> None:
    """Delete versions; their numbers are not given out again.

    What was made from a deleted version counts as made from the nearest version above it that is left: the entry
    ``parent`` of its summary.
    """
    with database.transaction() as connection:
        numbers = list(numbers)
        _adopt(connection, workflow, set(numbers))
        connection.executemany(
            "DELETE FROM versions WHERE workflow = ? AND id = ?", [(workflow, number) for number in numbers]
        )
        pieces.prune(connection, (packed for (packed,) in connection.execute("SELECT pieces FROM versions")))


def _adopt(connection: sqlite3.Connection, workflow: str, leaving: set[int]) -> None:
    """Give the children of ``leaving`` the nearest ancestors that stay, or none."""
    if not leaving:
        return
    query = "SELECT id, json_extract(summary, '$.parent') FROM versions WHERE workflow = ?"
    parents = dict(connection.execute(query, (workflow,)).fetchall())
    changed = []
    for number, parent in parents.items():
        if number not in leaving and parent in leaving:
            # numbers fall on the way up, so it ends; what gc of an earlier release deleted is not there
            while parent in leaving:
                parent = parents.get(parent)
            changed.append((parent, workflow, number))
    connection.executemany(
        "UPDATE versions SET summary = json_set(summary, '$.parent', ?) WHERE workflow = ? AND id = ?", changed
    )


def workflows(database: Database) -> list[str]:
    """Names of the workflows that have versions, in alphabetical order."""
    return [name for (name,) in database.rows("SELECT DISTINCT workflow FROM versions ORDER BY workflow")]


def ages(database: Database, workflow: str) -> list[tuple[int, float]]:
    """``(number, created)`` of every version, oldest first."""
    return database.rows("SELECT id, created FROM versions WHERE workflow = ? ORDER BY id", (workflow,))
