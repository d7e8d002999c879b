"""Delete files that nothing accounts for: left by a crash, a power cut, or in use when they were evicted."""

from __future__ import annotations

from helix_jupyter.store.artifacts import delete_evicted
from helix_jupyter.store.budget import reclaim
from helix_jupyter.store.covered import covered_by_rows
from helix_jupyter.store.database import Database
from helix_jupyter.store.objects import Objects, remove


def sweep(database: Database, objects: Objects) -> None:
    """Delete every file that has neither a row nor a live reservation.

    All in one immediate transaction: no writer can begin or finish in between, so a file without a row and
    without a reservation is nobody's.
    """
    with database.transaction() as connection:
        reclaim(connection, objects)
        delete_evicted(database, objects)
        covered = covered_by_rows(connection)
        orphans = [entry.path for entry in objects.artifacts() if entry.name not in covered.artifacts]
        orphans += [entry.path for entry in objects.buffers() if entry.name not in covered.buffers]
        orphans += [entry.path for entry in objects.temporaries() if entry.name not in covered.temporaries]
        for path in orphans:
            remove(path)
