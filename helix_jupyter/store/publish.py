"""Write one artifact for which room is reserved: temporary file, fsync, rename, then the row.

A crash at any point leaves a file without a row, which its reservation covers until it is swept; never a row
without a file. Nothing is raised: the outcome goes to the ``Pending``.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path

from helix_jupyter.errors import StoreError
from helix_jupyter.store import artifact_file
from helix_jupyter.store.artifact_file import Layout
from helix_jupyter.store.budget import Reservation, release
from helix_jupyter.store.database import Database
from helix_jupyter.store.objects import Objects, remove
from helix_jupyter.store.pickling import Prepared
from helix_jupyter.store.types import ArtifactFact


def publish(
    database: Database,
    objects: Objects,
    reservation: Reservation,
    prepared: Prepared,
    layout: Layout,
    fact: ArtifactFact,
) -> tuple[str, str]:
    """Write the file, then the row.

    Returns
    -------
    tuple
        The final state of the ``Pending`` and its message.
    """
    temporary, path = objects.temporary(reservation.temporary), objects.path(reservation.digest)
    try:
        unchanged = _write(temporary, layout, prepared)
        if unchanged:
            path.parent.mkdir(exist_ok=True)
            os.replace(temporary, path)
            _sync_folder(path.parent)
            with database.transaction() as connection:
                if not release(connection, reservation):
                    raise StoreError("Its room was given away. It is stored when it is next computed.")
                insert(connection, fact)
            return "stored", ""
    except Exception as error:  # whatever it is, it must not reach the user's run
        state, message = "failed", _failure(error, fact)
    else:
        state = "changed"
        message = (
            f"Something changed the value of {fact.node} in place before it was written: it is not stored. "
            f"Give the node that changes it --update."
        )
    _withdraw(database, objects, reservation)
    return state, message


def insert(connection: sqlite3.Connection, fact: ArtifactFact) -> None:
    """The row of a file that is in its place; it is no longer known as evicted."""
    connection.execute("DELETE FROM evictions WHERE digest = ?", (fact.digest,))
    connection.execute(
        """INSERT OR REPLACE INTO artifacts
           (digest, bytes, worth_seconds, load_seconds, last_used, created, node, workflow, kind)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            *(fact.digest, fact.bytes, fact.worth_seconds, fact.load_seconds),
            *(fact.last_used, fact.created, fact.node, fact.workflow, fact.kind),
        ),
    )


def _write(temporary: Path, layout: Layout, prepared: Prepared) -> bool:
    with open(temporary, "xb") as file:
        unchanged = artifact_file.write(file, layout, prepared.buffers)
        if unchanged:
            file.flush()
            os.fsync(file.fileno())
    return unchanged


def _sync_folder(folder: Path) -> None:
    """Make the new name durable before the row; Windows has no such call and does it by itself."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _withdraw(database: Database, objects: Objects, reservation: Reservation) -> None:
    """Delete what was written, then give the room back; what fails now is done when this process ended."""
    if not remove(objects.temporary(reservation.temporary)):
        return
    try:
        with database.transaction() as connection:
            # the renaming may have worked and the row not; if the room was given away, the file is another
            # writer's
            if release(connection, reservation) and not remove(objects.path(reservation.digest)):
                raise StoreError("The file is in use.")
    except StoreError:
        pass


def _failure(error: Exception, fact: ArtifactFact) -> str:
    if isinstance(error, StoreError):
        return f"{fact.node} is not stored: {error}"
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return f"{fact.node} is not stored: {reason}. Free space or choose a store: %helix config store=PATH."
