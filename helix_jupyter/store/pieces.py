"""Pieces of what versions record, each kept once: most of a version is what the one before it recorded, too.

Reads and writes the table ``pieces``. A list of pieces is kept as the packed numbers of its rows.
"""

from __future__ import annotations

import json
import sqlite3
import struct
import zlib
from collections.abc import Callable, Iterable, Sequence

from helix_jupyter.store.database import Database

# SQLite takes that many parameters, whatever it was built with; a blob cannot be handed over as JSON
_AT_ONCE = 900


def keep(connection: sqlite3.Connection, pieces: Sequence[bytes]) -> bytes:
    """Store the pieces that are not there yet; gives what :func:`read` finds all of them by."""
    from xxhash import xxh3_128_digest

    digests = list(map(xxh3_128_digest, pieces))
    numbers: dict[bytes, int] = {}
    for start in range(0, len(digests), _AT_ONCE):
        some = digests[start : start + _AT_ONCE]
        query = f"SELECT digest, id FROM pieces WHERE digest IN ({', '.join('?' * len(some))})"
        numbers.update(connection.execute(query, some))
    for digest, piece in zip(digests, pieces, strict=True):
        if digest not in numbers:
            insert = "INSERT INTO pieces (digest, data) VALUES (?, ?) RETURNING id"
            numbers[digest] = connection.execute(insert, (digest, zlib.compress(piece))).fetchone()[0]
    return struct.pack(f"<{len(digests)}I", *map(numbers.__getitem__, digests))


def read(database: Database, packed: bytes) -> list[bytes]:
    """The pieces, in the order in which they were given."""
    numbers = _numbers(packed)
    query = "SELECT id, data FROM pieces WHERE id IN (SELECT value FROM json_each(?))"
    data = dict(database.rows(query, (json.dumps(numbers),)))
    return [zlib.decompress(data[number]) for number in numbers]


def carry(source: Database, connection: sqlite3.Connection) -> Callable[[bytes], bytes]:
    """Take all pieces over from another database; gives what turns a list of its pieces into one of the same here."""
    rows = source.rows("SELECT id, digest, data FROM pieces")
    connection.executemany("INSERT OR IGNORE INTO pieces (digest, data) VALUES (?, ?)", (row[1:] for row in rows))
    here = dict(connection.execute("SELECT digest, id FROM pieces").fetchall())
    numbers = {number: here[digest] for number, digest, _ in rows}
    return lambda packed: struct.pack(f"<{len(packed) // 4}I", *map(numbers.__getitem__, _numbers(packed)))


def prune(connection: sqlite3.Connection, used: Iterable[bytes]) -> None:
    """Delete the pieces that none of ``used``, the lists of all that is left, names."""
    wanted = {number for packed in used for number in _numbers(packed)}
    lying = [number for (number,) in connection.execute("SELECT id FROM pieces")]
    unused = [(number,) for number in lying if number not in wanted]
    connection.executemany("DELETE FROM pieces WHERE id = ?", unused)


def _numbers(packed: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(packed) // 4}I", packed)
