"""Which files of a store something accounts for. Reads the database only."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Set
from dataclasses import dataclass

from helix_jupyter.store.budget import temporaries


@dataclass(frozen=True)
class Covered:
    """Names of files that are somebody's.

    Attributes
    ----------
    stored
        ``{digest: bytes}`` of the artifacts' own files that must be there.
    artifacts
        Those and the ones that are being written or are evicted but not yet deleted.
    needed
        ``{digest: bytes}`` of the buffers that stored artifacts use.
    buffers
        Those and the ones that are being written or not yet deleted.
    temporaries
        What is being written.
    """

    stored: Mapping[str, int]
    artifacts: Set[str]
    needed: Mapping[str, int]
    buffers: Set[str]
    temporaries: Set[str]


def covered_by_rows(connection: sqlite3.Connection) -> Covered:
    """To be called in an immediate transaction, in which the files are then looked at."""
    stored = dict(connection.execute("SELECT digest, own_bytes FROM artifacts").fetchall())
    writing = connection.execute("SELECT digest, temporary, owner FROM reservations").fetchall()
    lying = connection.execute("SELECT digest FROM evictions WHERE bytes > 0").fetchall()
    sizes = dict(connection.execute("SELECT digest, bytes FROM buffers").fetchall())
    uses: dict[str, set[str]] = {}
    for artifact, buffer in connection.execute("SELECT artifact, buffer FROM buffer_uses"):
        uses.setdefault(artifact, set()).add(buffer)
    return Covered(
        stored,
        stored.keys() | {digest for digest, _, _ in writing} | {digest for (digest,) in lying},
        {buffer: sizes.get(buffer, 0) for artifact in stored for buffer in uses.get(artifact, ())},
        sizes.keys(),
        {name for digest, own, owner in writing for name in temporaries(own, uses.get(digest, ()), owner)},
    )
