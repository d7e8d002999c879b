"""The byte budget: room is reserved before a file is begun. Reads and writes the database; deletes what dead
writers left.

The budget counts the files of artifacts and, once each, of the buffers that they share, finished, half-written or
evicted but not yet deleted; the database is not counted. It holds at every moment and for all kernels together,
since one immediate transaction both sums up and reserves.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass

from helix_jupyter.store import buffers
from helix_jupyter.store.layout import Layout
from helix_jupyter.store.objects import Objects, remove
from helix_jupyter.store.owners import is_alive

USED = f"""SELECT (SELECT coalesce(sum(own_bytes), 0) FROM artifacts)
                + (SELECT coalesce(sum(bytes), 0) FROM reservations)
                + (SELECT coalesce(sum(bytes), 0) FROM evictions)
                + ({buffers.BYTES})"""


@dataclass(frozen=True)
class Reservation:
    """Room for one artifact that its owner is about to write, each file as ``objects/tmp/<temporary>`` first."""

    layout: Layout
    owner: str

    @property
    def digest(self) -> str:
        """The name of the artifact."""
        return self.layout.digest

    @property
    def temporary(self) -> str:
        """Name of the artifact's temporary file, of this owner alone."""
        return _temporary(self.digest, self.owner)

    @property
    def temporaries(self) -> list[str]:
        """Names of all temporary files that it may have."""
        return temporaries(self.temporary, self.layout.shared, self.owner)


@dataclass(frozen=True)
class Refusal:
    """Why nothing is to be written; ``state`` says what becomes of it.

    ``stored`` (it lies there already), ``writing`` (another kernel is at it) or ``refused`` (no room).
    """

    message: str
    state: str = "refused"


def reserve(
    connection: sqlite3.Connection, objects: Objects, layout: Layout, owner: str, budget: int
) -> Reservation | Refusal:
    """Take room for an artifact and those of its buffers that nobody has stored yet.

    To be called in an immediate transaction. The reservation's layout may have fewer buffers as files of their own.
    """
    reclaim(connection, objects)
    digest = layout.digest
    if connection.execute("SELECT 1 FROM artifacts WHERE digest = ?", (digest,)).fetchone():
        if is_complete(connection, objects, digest):
            return Refusal("", "stored")
        if not remove(objects.path(digest)):
            return Refusal("Its file is damaged and in use. It is stored when it is next computed.")
        connection.execute("DELETE FROM artifacts WHERE digest = ?", (digest,))
        buffers.drop_uses(connection, digest)
    if connection.execute("SELECT 1 FROM reservations WHERE digest = ?", (digest,)).fetchone():
        return Refusal("Another kernel is writing it at this moment.", "writing")
    outside = buffers.obtainable(connection, objects, layout.rooms, owner)
    if outside != layout.shared.keys():
        layout = layout.sharing(outside)
    used = connection.execute(USED).fetchone()[0]
    needed = layout.bytes + buffers.new_bytes(connection, layout.rooms)
    if used + needed > budget:
        return Refusal(
            f"{megabytes(needed)} do not fit: {megabytes(used)} of {megabytes(budget)} are used. "
            f"Raise it with %helix config budget=SIZE or make room with %helix gc."
        )
    reservation = Reservation(layout, owner)
    connection.execute(
        "INSERT INTO reservations (digest, bytes, owner, temporary, created) VALUES (?, ?, ?, ?, ?)",
        (digest, layout.bytes, owner, reservation.temporary, time.time()),
    )
    buffers.use(connection, digest, layout.rooms)
    return reservation


def is_complete(connection: sqlite3.Connection, objects: Objects, digest: str) -> bool:
    """Whether all files of a stored artifact are there: one may have been deleted from outside."""
    used = buffers.used_by(connection, digest)
    return objects.path(digest).exists() and all(buffers.lies(objects, *buffer) for buffer in used.items())


def release(connection: sqlite3.Connection, reservation: Reservation) -> bool:
    """Give the room of the artifact's own file back; False if it was reclaimed before."""
    deleted = connection.execute(
        "DELETE FROM reservations WHERE digest = ? AND owner = ?", (reservation.digest, reservation.owner)
    )
    return deleted.rowcount == 1


def reclaim(connection: sqlite3.Connection, objects: Objects) -> None:
    """Delete what dead writers left, then give their room back: the sum never falls below the truth."""
    held = connection.execute("SELECT digest, owner, temporary, created FROM reservations").fetchall()
    dead = [(digest, owner, temporary) for digest, owner, temporary, created in held if not is_alive(owner, created)]
    for digest, owner, temporary in dead:
        left = temporaries(temporary, buffers.used_by(connection, digest), owner)
        # the writer may have died between the renaming and the row
        if all(remove(path) for path in (*map(objects.temporary, left), objects.path(digest))):
            connection.execute("DELETE FROM reservations WHERE digest = ? AND owner = ?", (digest, owner))
            buffers.drop_uses(connection, digest)
    if dead:
        buffers.delete_unused(connection, objects)


def temporaries(artifact: str, shared: Iterable[str], owner: str) -> list[str]:
    """Names of the temporary files of an artifact whose own one is ``artifact``."""
    return [artifact, *(buffer_temporary(digest, owner) for digest in shared)]


def buffer_temporary(digest: str, owner: str) -> str:
    """Name of a buffer's temporary file, of this owner alone."""
    return f"{_temporary(digest, owner)}.buffer"


def megabytes(count: int) -> str:
    """A size for people."""
    return f"{count / 1e6:,.1f} MB"


def _temporary(digest: str, owner: str) -> str:
    return f"{digest}.{owner.rsplit('/', 1)[1]}"
