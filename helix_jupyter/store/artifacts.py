"""The rows of stored artifacts: facts, use, eviction. Touches the database; eviction deletes files."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterable, Mapping

from helix_jupyter.store import buffers
from helix_jupyter.store.budget import USED, is_complete
from helix_jupyter.store.database import Database
from helix_jupyter.store.layout import Layout
from helix_jupyter.store.objects import Objects, remove
from helix_jupyter.store.types import ArtifactFact

# (SELECT value FROM json_each(?)) takes a list of any length as one parameter
_CHOSEN = "digest IN (SELECT value FROM json_each(?))"
# buffers of which no artifact but the chosen ones makes use, with the first of these
_THEIRS = f"""SELECT buffer, min(artifact) AS artifact FROM buffer_uses GROUP BY buffer
              HAVING min(artifact IN (SELECT digest FROM artifacts WHERE {_CHOSEN}))"""


def facts(database: Database, digests: Iterable[str] | None = None) -> dict[str, ArtifactFact]:
    """Every stored artifact, or those of ``digests``, in one query."""
    where = chosen = ""
    theirs: tuple[str, ...] = ()
    if digests is not None:
        theirs = (json.dumps(list(digests)),) * 2
        where, chosen = f"WHERE {_CHOSEN}", "WHERE artifact IN (SELECT value FROM json_each(?))"
    rows = database.rows(
        f"""WITH parts AS (
               SELECT buffer, bytes / (SELECT count(*) FROM buffer_uses AS others WHERE others.buffer = uses.buffer)
                   AS bytes, artifact
               FROM buffer_uses AS uses JOIN buffers ON digest = buffer {chosen}),
           shared AS (
               SELECT artifact, sum(bytes) AS bytes FROM parts GROUP BY artifact)
           SELECT digest, artifacts.bytes, worth_seconds, load_seconds, last_used, created, node, workflow, kind,
               own_bytes + coalesce(shared.bytes, 0)
           FROM artifacts LEFT JOIN shared ON artifact = digest {where}""",
        theirs,
    )
    return {row[0]: ArtifactFact(*row) for row in rows}


def stored(database: Database, digests: Iterable[str]) -> set[str]:
    """Those of ``digests`` that are stored."""
    rows = database.rows(f"SELECT digest FROM artifacts WHERE {_CHOSEN}", (json.dumps(list(digests)),))
    return {digest for (digest,) in rows}


def touch(database: Database, used: Mapping[str, tuple[float, float | None]]) -> None:
    """Note uses: ``{digest: (when, load seconds)}``; None leaves the seconds as they were.

    One slow load (a cold disk) is not believed at once.
    """
    with database.transaction() as connection:
        connection.executemany(
            """UPDATE artifacts SET last_used = max(last_used, ?),
                   load_seconds = (load_seconds + coalesce(?, load_seconds)) / 2 WHERE digest = ?""",
            [(when, seconds, digest) for digest, (when, seconds) in used.items()],
        )


def freed(database: Database, digests: Iterable[str]) -> dict[str, int]:
    """``{digest: bytes}`` that deleting all of these together frees; a buffer counts at the first that uses it."""
    chosen = (json.dumps(list(digests)),)
    rows = database.rows(
        f"""WITH theirs AS ({_THEIRS}), lost AS (
                SELECT artifact, sum(bytes) AS bytes FROM theirs JOIN buffers ON digest = buffer GROUP BY artifact)
            SELECT digest, own_bytes + coalesce(lost.bytes, 0)
            FROM artifacts LEFT JOIN lost ON artifact = digest WHERE {_CHOSEN}""",
        chosen * 2,
    )
    return dict(rows)


def used_after(database: Database, evicting: Collection[str], writing: Iterable[Layout]) -> int:
    """Bytes that would be used if some artifacts were evicted and others then written."""
    with database.transaction() as connection:  # rows of one moment
        going = {buffer for buffer, _ in connection.execute(_THEIRS, (json.dumps(list(evicting)),))}
        used = connection.execute(USED).fetchone()[0] - sum(freed(database, evicting).values())
        wanted: dict[str, int] = {}
        for layout in writing:
            used += layout.bytes
            wanted |= layout.rooms
        return int(used + buffers.new_bytes(connection, wanted, going))


def evict(database: Database, digests: Iterable[str], why: str) -> int:
    """Row before unlink: from now on they are not stored; :func:`delete_evicted` deletes the files.

    Returns
    -------
    int
        Bytes of the files that belonged to stored artifacts and no longer do.
    """
    leaving = list(digests)
    chosen = (json.dumps(leaving),)
    with database.transaction() as connection:
        count = sum(freed(database, leaving).values())
        connection.execute(
            f"""INSERT OR REPLACE INTO evictions (digest, why, created, bytes)
                SELECT digest, ?, ?, own_bytes FROM artifacts WHERE {_CHOSEN}""",
            (why, time.time(), *chosen),
        )
        connection.execute(
            f"DELETE FROM buffer_uses WHERE artifact IN (SELECT digest FROM artifacts WHERE {_CHOSEN})", chosen
        )
        connection.execute(f"DELETE FROM artifacts WHERE {_CHOSEN}", chosen)
    return count


def delete_evicted(database: Database, objects: Objects) -> None:
    """Delete the files of evicted artifacts and no longer count them; those in use (Windows) stay until the
    next time.

    In one immediate transaction, so that nobody begins to write the same digest in between.
    """
    with database.transaction() as connection:
        lying = connection.execute(
            "SELECT digest FROM evictions WHERE bytes > 0 AND digest NOT IN (SELECT digest FROM reservations)"
        ).fetchall()
        deleted = [(digest,) for (digest,) in lying if remove(objects.path(digest))]
        connection.executemany("UPDATE evictions SET bytes = 0 WHERE digest = ?", deleted)
        buffers.delete_unused(connection, objects)


def why_evicted(database: Database, digest: str) -> str | None:
    """Why an artifact is no longer stored; None if it is, or never was."""
    rows = database.rows("SELECT why FROM evictions WHERE digest = ?", (digest,))
    return rows[0][0] if rows else None


def evict_incomplete(database: Database, objects: Objects, digest: str) -> None:
    """Evict an artifact of which a file was deleted from outside."""
    with database.transaction() as connection:
        complete = is_complete(connection, objects, digest)
    if not complete:
        evict(database, [digest], "its file was deleted from outside")
