"""The byte budget: room is reserved before a file is begun. Reads and writes the database; deletes what dead
writers left.

The budget counts the artifact files, finished, half-written or evicted but not yet deleted; the database is
not counted. It holds at every moment and for all kernels together, since one immediate transaction both sums
up and reserves.
"""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass

from helix_jupyter.store.objects import Objects, remove
from helix_jupyter.store.owners import is_alive

USED = """SELECT (SELECT coalesce(sum(bytes), 0) FROM artifacts)
               + (SELECT coalesce(sum(bytes), 0) FROM reservations)
               + (SELECT coalesce(sum(bytes), 0) FROM evictions)"""


@dataclass(frozen=True)
class Reservation:
    """Room for one file that its owner is about to write, as ``objects/tmp/<temporary>`` first."""

    digest: str
    bytes: int
    owner: str

    @property
    def temporary(self) -> str:
        """Name of the temporary file, of this owner alone."""
        return f"{self.digest}.{self.owner.rsplit('/', 1)[1]}"


@dataclass(frozen=True)
class Refusal:
    """Why nothing is to be written; ``stored`` if that is because it lies there already."""

    message: str
    stored: bool = False


def reserve(connection: sqlite3.Connection, objects: Objects, reservation: Reservation, budget: int) -> Refusal | None:
    """Take room for a file; None if it may be written. To be called in an immediate transaction."""
    reclaim(connection, objects)
    digest = reservation.digest
    if connection.execute("SELECT 1 FROM artifacts WHERE digest = ?", (digest,)).fetchone():
        if objects.path(digest).exists():
            return Refusal("", stored=True)
        connection.execute("DELETE FROM artifacts WHERE digest = ?", (digest,))
    if connection.execute("SELECT 1 FROM reservations WHERE digest = ?", (digest,)).fetchone():
        return Refusal("Another kernel is writing it at this moment.")
    used = connection.execute(USED).fetchone()[0]
    if used + reservation.bytes > budget:
        return Refusal(
            f"{megabytes(reservation.bytes)} do not fit: {megabytes(used)} of {megabytes(budget)} are used. "
            f"Raise it with %helix config budget=SIZE or make room with %helix gc."
        )
    connection.execute(
        "INSERT INTO reservations (digest, bytes, owner, temporary, created) VALUES (?, ?, ?, ?, ?)",
        (digest, reservation.bytes, reservation.owner, reservation.temporary, time.time()),
    )
    return None


def release(connection: sqlite3.Connection, reservation: Reservation) -> bool:
    """Give room back; False if it was reclaimed before."""
    deleted = connection.execute(
        "DELETE FROM reservations WHERE digest = ? AND owner = ?", (reservation.digest, reservation.owner)
    )
    return deleted.rowcount == 1


def reclaim(connection: sqlite3.Connection, objects: Objects) -> None:
    """Delete what dead writers left, then give their room back: the sum never falls below the truth."""
    held = connection.execute("SELECT digest, owner, temporary, created FROM reservations").fetchall()
    for digest, owner, temporary, created in held:
        if is_alive(owner, created) or not remove(objects.temporary(temporary)):
            continue
        # the writer may have died between the renaming and the row
        has_row = connection.execute("SELECT 1 FROM artifacts WHERE digest = ?", (digest,)).fetchone()
        if has_row or remove(objects.path(digest)):
            connection.execute("DELETE FROM reservations WHERE digest = ? AND owner = ?", (digest, owner))


def megabytes(count: int) -> str:
    """A size for people."""
    return f"{count / 1e6:,.1f} MB"
