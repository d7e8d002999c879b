"""Whether a store, or one value in it, is sound: rows, files, signatures, buffers, budget agree. Changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from helix_jupyter.errors import ArtifactMissing, StoreError
from helix_jupyter.store import artifact_file, artifacts, buffer_file
from helix_jupyter.store.budget import USED, megabytes
from helix_jupyter.store.covered import covered_by_rows
from helix_jupyter.store.database import Database
from helix_jupyter.store.objects import Objects, size


def problems_of(database: Database, objects: Objects, key: bytes, budget: int) -> list[str]:
    """Every problem of the store, one line each. Other kernels may be at work meanwhile."""
    with database.transaction() as connection:  # rows and files of one moment
        covered = covered_by_rows(connection)
        used = connection.execute(USED).fetchone()[0]
        files = {entry.name: size(entry.path) for entry in objects.artifacts()}
        buffers = {entry.name: size(entry.path) for entry in objects.buffers()}
        temporaries = {entry.name: size(entry.path) for entry in objects.temporaries()}
    on_disk = sum(sum(sizes.values()) for sizes in (files, buffers, temporaries))
    return [
        *_disagreements("Artifact", covered.stored, files),
        *_disagreements("Buffer", covered.needed, buffers),
        *(f"File {name} has no row." for name in files.keys() - covered.artifacts),
        *(f"Buffer {name} has no row." for name in buffers.keys() - covered.buffers),
        *(f"Temporary file {name} is nobody's." for name in temporaries.keys() - covered.temporaries),
        *_damaged_artifacts(database, objects, key, covered.stored.keys() & files.keys()),
        *_damaged_buffers(database, objects, covered.needed.keys() & buffers.keys()),
        *([f"{megabytes(max(used, on_disk))} are used, the budget is {megabytes(budget)}."] * (used > budget)),
        *([f"{on_disk} bytes lie on disk, {used} are accounted for."] * (on_disk > used)),
        *(row[0] for row in database.rows("PRAGMA quick_check") if row[0] != "ok"),
    ]


def damaged_with(database: Database, objects: Objects, key: bytes, digest: str) -> set[str]:
    """An artifact and those that share damaged bytes with it; none if its bytes are what was written."""
    try:
        refers_to = artifact_file.verify(objects.path(digest), digest, key)
    except ArtifactMissing:
        return set()
    except StoreError:
        return {digest}
    damaged = [buffer for buffer in refers_to if not buffer_file.is_sound(objects.buffer(buffer), buffer)]
    rows = database.rows(
        "SELECT artifact FROM buffer_uses WHERE buffer IN (SELECT value FROM json_each(?))", (json.dumps(damaged),)
    )
    return {artifact for (artifact,) in rows}


def _disagreements(what: str, rows: Mapping[str, int], files: Mapping[str, int]) -> Iterator[str]:
    for name, expected in rows.items():
        found = files.get(name)
        if found is None:
            yield f"{what} {name[:12]} has a row but no file."
        elif found != expected:
            yield f"{what} {name[:12]} has {found} bytes on disk, its row says {expected}."


def _damaged_artifacts(database: Database, objects: Objects, key: bytes, digests: Iterable[str]) -> Iterator[str]:
    for digest in sorted(digests):
        try:
            refers_to = artifact_file.verify(objects.path(digest), digest, key)
        except ArtifactMissing:
            if artifacts.stored(database, [digest]):  # else evicted by another kernel since
                yield f"Artifact {digest[:12]} has a row but no file."
        except StoreError as error:
            yield str(error)
        else:
            uses = {row[0] for row in database.rows("SELECT buffer FROM buffer_uses WHERE artifact = ?", (digest,))}
            if uses != refers_to.keys() and artifacts.stored(database, [digest]):
                yield f"Artifact {digest[:12]} uses other buffers than its rows say."


def _damaged_buffers(database: Database, objects: Objects, digests: Iterable[str]) -> Iterator[str]:
    for digest in sorted(digests):
        if buffer_file.is_sound(objects.buffer(digest), digest):
            continue
        rows = database.rows("SELECT artifact FROM buffer_uses WHERE buffer = ? ORDER BY artifact", (digest,))
        if users := [artifact[:12] for (artifact,) in rows]:  # else deleted by another kernel since
            yield f"Buffer {digest[:12]} was changed: evict all artifacts that use it ({', '.join(users)})."
