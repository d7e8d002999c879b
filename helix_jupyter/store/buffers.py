"""The rows of buffers that artifacts share, and which artifact uses which. Touches their tables; deletes files
that nobody uses.

There is no mark that says whether a buffer is written: its file is given its name when it is complete and
durable, so it lies there or it does not. A buffer's first user reserves room for it by its row, in the transaction
that also says who uses it: from then on nobody deletes it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping

from helix_jupyter.store.objects import Objects, remove, size

# of each buffer the whole of it, once; those that are being written and those still to be deleted included
BYTES = "SELECT coalesce(sum(bytes), 0) FROM buffers"


def lies(objects: Objects, digest: str, bytes: int) -> bool:
    """Whether the file of a buffer lies there, with the size that it must have by its row."""
    return size(objects.buffer(digest)) == bytes


def obtainable(connection: sqlite3.Connection, objects: Objects, wanted: Mapping[str, int], owner: str) -> set[str]:
    """Those of ``wanted`` that an artifact of this owner may refer to; their bytes count where they have no row.

    Either the file lies there, or the owner is to write it: what another kernel is writing at this moment may never
    come to be. Damaged files are deleted on the way.
    """

    def is_ours_to_write(digest: str) -> bool:
        return not _written_by_others(connection, digest, owner) and remove(objects.buffer(digest))

    known = {**wanted, **rooms(connection, wanted)}
    return {digest for digest in wanted if lies(objects, digest, known[digest]) or is_ours_to_write(digest)}


def rooms(connection: sqlite3.Connection, digests: Iterable[str]) -> dict[str, int]:
    """``{digest: bytes}`` of those of ``digests`` that have a row: the size of the file, or the room for it.

    Less than the buffer has where it is compressed. Whoever took the room first has decided that.
    """
    chosen = "SELECT digest, bytes FROM buffers WHERE digest IN (SELECT value FROM json_each(?))"
    return dict(connection.execute(chosen, (json.dumps(list(digests)),)).fetchall())


def note_sizes(connection: sqlite3.Connection, sizes: Mapping[str, int]) -> None:
    """These were written, and take no more room than this."""
    connection.executemany(
        "UPDATE buffers SET bytes = ? WHERE digest = ?", [(count, digest) for digest, count in sizes.items()]
    )


def new_bytes(connection: sqlite3.Connection, wanted: Mapping[str, int], going: Collection[str] = ()) -> int:
    """Bytes that referring to ``wanted`` takes beyond what is accounted for once the buffers ``going`` went."""
    return sum(
        count
        for digest, count in wanted.items()
        if digest in going or not connection.execute("SELECT 1 FROM buffers WHERE digest = ?", (digest,)).fetchone()
    )


def use(connection: sqlite3.Connection, artifact: str, wanted: Mapping[str, int]) -> None:
    """Note that an artifact uses ``wanted``, and take room for those that are new."""
    connection.executemany("INSERT OR IGNORE INTO buffers (digest, bytes) VALUES (?, ?)", wanted.items())
    connection.executemany(
        "INSERT OR IGNORE INTO buffer_uses (artifact, buffer) VALUES (?, ?)", [(artifact, buffer) for buffer in wanted]
    )


def used_by(connection: sqlite3.Connection, artifact: str) -> dict[str, int]:
    """``{digest: bytes}`` of the buffers that an artifact uses."""
    rows = connection.execute(
        "SELECT digest, bytes FROM buffers JOIN buffer_uses ON buffer = digest WHERE artifact = ?", (artifact,)
    )
    return dict(rows.fetchall())


def drop_uses(connection: sqlite3.Connection, artifact: str) -> None:
    """The artifact uses nothing any more; :func:`delete_unused` deletes what nobody else uses."""
    connection.execute("DELETE FROM buffer_uses WHERE artifact = ?", (artifact,))


def delete_unused(connection: sqlite3.Connection, objects: Objects) -> None:
    """Delete the files of buffers that nobody uses and no longer count them; those in use by a loaded value (Windows)
    stay until the next time.

    To be called in an immediate transaction, so that nobody begins to use one in between.
    """
    unused = connection.execute(
        "SELECT digest FROM buffers WHERE NOT EXISTS (SELECT 1 FROM buffer_uses WHERE buffer = digest)"
    ).fetchall()
    deleted = [(digest,) for (digest,) in unused if remove(objects.buffer(digest))]
    connection.executemany("DELETE FROM buffers WHERE digest = ?", deleted)


def _written_by_others(connection: sqlite3.Connection, digest: str, owner: str) -> bool:
    query = """SELECT 1 FROM buffer_uses JOIN reservations ON reservations.digest = artifact
               WHERE buffer = ? AND owner != ?"""
    return connection.execute(query, (digest, owner)).fetchone() is not None
