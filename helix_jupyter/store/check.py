"""Whether a store is sound: rows, files, signatures, buffers and budget agree. Changes nothing."""

from __future__ import annotations

from helix_jupyter.errors import ArtifactMissing, StoreError
from helix_jupyter.store import artifact_file, artifacts
from helix_jupyter.store.budget import USED, megabytes
from helix_jupyter.store.database import Database
from helix_jupyter.store.objects import Objects, size


def problems_of(database: Database, objects: Objects, key: bytes, budget: int) -> list[str]:
    """Every problem of the store, one line each. Other kernels may be at work meanwhile."""
    with database.transaction() as connection:  # rows and files of one moment
        sizes: dict[str, int] = dict(connection.execute("SELECT digest, bytes FROM artifacts").fetchall())
        covered = {digest for (digest,) in connection.execute("SELECT digest FROM reservations")}
        covered |= {digest for (digest,) in connection.execute("SELECT digest FROM evictions WHERE bytes > 0")}
        writing = {name for (name,) in connection.execute("SELECT temporary FROM reservations")}
        used = connection.execute(USED).fetchone()[0]
        files = {entry.name: size(entry.path) for entry in objects.artifacts()}
        temporaries = {entry.name: size(entry.path) for entry in objects.temporaries()}
    on_disk = sum(files.values()) + sum(temporaries.values())
    return [
        *(f"Artifact {digest[:12]} has a row but no file." for digest in sizes.keys() - files.keys()),
        *(f"File {name} has no row." for name in files.keys() - sizes.keys() - covered),
        *(f"Temporary file {name} is nobody's." for name in temporaries.keys() - writing),
        *_wrong_sizes(sizes, files),
        *_damaged(database, objects, key, sizes.keys() & files.keys()),
        *([f"{megabytes(max(used, on_disk))} are used, the budget is {megabytes(budget)}."] * (used > budget)),
        *([f"{on_disk} bytes lie on disk, {used} are accounted for."] * (on_disk > used)),
        *(row[0] for row in database.rows("PRAGMA quick_check") if row[0] != "ok"),
    ]


def _wrong_sizes(sizes: dict[str, int], files: dict[str, int]) -> list[str]:
    return [
        f"Artifact {digest[:12]} has {files[digest]} bytes on disk, its row says {sizes[digest]}."
        for digest in sizes.keys() & files.keys()
        if sizes[digest] != files[digest]
    ]


def _damaged(database: Database, objects: Objects, key: bytes, digests: set[str]) -> list[str]:
    found = []
    for digest in sorted(digests):
        try:
            artifact_file.verify(objects.path(digest), digest, key)
        except ArtifactMissing:
            if artifacts.stored(database, [digest]):  # else evicted by another kernel since
                found.append(f"Artifact {digest[:12]} has a row but no file.")
        except StoreError as error:
            found.append(str(error))
    return found
