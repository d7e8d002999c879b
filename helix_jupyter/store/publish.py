"""Write one artifact for which room is reserved: temporary files, fsync, rename, then the row.

A crash at any point leaves files without a row, which the reservation covers until they are swept; never a row
without its files. Nothing is raised: the outcome goes to the ``Pending``.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

from helix_jupyter.errors import DoesNotCompress, StoreError
from helix_jupyter.store import artifact_file, buffer_file, buffers
from helix_jupyter.store.budget import Reservation, buffer_temporary, release
from helix_jupyter.store.database import Database
from helix_jupyter.store.flushing import Flushing, flush
from helix_jupyter.store.objects import Objects, remove, size
from helix_jupyter.store.pickling import Prepared
from helix_jupyter.store.types import ArtifactFact

# writes into an empty file; False if the value is no longer the one that was asked for
Write = Callable[[BinaryIO], bool]


def publish(
    database: Database,
    objects: Objects,
    reservation: Reservation,
    prepared: Prepared,
    key: bytes,
    fact: ArtifactFact,
) -> tuple[str, str]:
    """Write the files, then the row.

    Returns
    -------
    tuple
        The final state of the ``Pending`` and its message; ``larger`` if it does not compress into its room.
    """
    try:
        with database.transaction() as connection:
            rooms = buffers.rooms(connection, reservation.layout.shared)
        if (sizes := _write(objects, reservation, rooms, prepared, key)) is not None:
            with database.transaction() as connection:
                if not release(connection, reservation):
                    raise StoreError("Its room was given away. It is stored when it is next computed.")
                insert(connection, fact, sizes.pop(reservation.digest))
                buffers.note_sizes(connection, sizes)
            return "stored", ""
    except DoesNotCompress as error:
        state, message = "larger", _failure(error, fact)
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


def insert(connection: sqlite3.Connection, fact: ArtifactFact, own_bytes: int) -> None:
    """The row of an artifact whose files are in their places; it is no longer known as evicted."""
    connection.execute("DELETE FROM evictions WHERE digest = ?", (fact.digest,))
    connection.execute(
        """INSERT OR REPLACE INTO artifacts
           (digest, bytes, own_bytes, worth_seconds, load_seconds, last_used, created, node, workflow, kind)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            *(fact.digest, fact.bytes, own_bytes, fact.worth_seconds, fact.load_seconds),
            *(fact.last_used, fact.created, fact.node, fact.workflow, fact.kind),
        ),
    )


def _write(
    objects: Objects, reservation: Reservation, rooms: Mapping[str, int], prepared: Prepared, key: bytes
) -> dict[str, int] | None:
    """Write what is not there yet, make it durable, then give it its names, the artifact's last.

    Returns
    -------
    dict
        ``{digest: bytes}`` of the artifact's own file and of the buffers that were written; None if the value changed.
    """
    layout, path = reservation.layout, objects.path(reservation.digest)
    path.parent.mkdir(exist_ok=True)
    live = dict(zip(prepared.digests, prepared.buffers, strict=True))
    # an artifact that was written since the room was reserved may have brought some of them
    new = [digest for digest in layout.shared if not buffers.lies(objects, digest, rooms[digest])]
    files: list[tuple[Path, Path, Write]] = [
        (
            objects.temporary(buffer_temporary(digest, reservation.owner)),
            objects.buffer(digest),
            partial(buffer_file.write, buffer=live[digest], digest=digest, room=rooms[digest]),
        )
        for digest in new
    ]
    own = partial(artifact_file.write, layout=layout, prepared=prepared, key=key)
    files.append((objects.temporary(reservation.temporary), path, own))
    if not _write_files([(temporary, write) for temporary, _, write in files]):
        return None
    sizes = {final.name: size(temporary) for temporary, final, _ in files}
    for temporary, final, _ in files:
        os.replace(temporary, final)
    for folder in {path.parent, *(objects.buffer(digest).parent for digest in layout.shared)}:
        _sync_folder(folder)
    return sizes


def _write_files(files: Sequence[tuple[Path, Write]]) -> bool:
    """Write files and make them durable; False as soon as one is of no use."""
    flushing = Flushing()
    try:
        for temporary, write in files[:-1]:
            if not _write_file(temporary, write, flushing.add):
                return False
        return _write_file(*files[-1], flush)
    finally:
        flushing.finish()


def _write_file(temporary: Path, write: Write, flush: Callable[[BinaryIO], None]) -> bool:
    file = open(temporary, "xb")  # noqa: SIM115 (whoever flushes it closes it)
    try:
        unchanged = write(file)
    except BaseException:
        file.close()
        raise
    if unchanged:
        flush(file)
    else:
        file.close()
    return unchanged


def _sync_folder(folder: Path) -> None:
    """Make new names durable before the row; Windows has no such call and does it by itself."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _withdraw(database: Database, objects: Objects, reservation: Reservation) -> None:
    """Delete what was written, then give the room back; what fails now is done when this process ended."""
    if not all(remove(objects.temporary(name)) for name in reservation.temporaries):
        return
    try:
        with database.transaction() as connection:
            # the renaming may have worked and the row not; if the room was given away, the file is another
            # writer's
            if release(connection, reservation):
                if not remove(objects.path(reservation.digest)):
                    raise StoreError("The file is in use.")
                buffers.drop_uses(connection, reservation.digest)
                buffers.delete_unused(connection, objects)
    except StoreError:
        pass


def _failure(error: Exception, fact: ArtifactFact) -> str:
    if isinstance(error, StoreError):
        return f"{fact.node} is not stored: {error}"
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return f"{fact.node} is not stored: {reason}. Free space or see to the folder: the next run then stores it."
