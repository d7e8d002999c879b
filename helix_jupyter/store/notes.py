"""Small facts that outlive a kernel: pins, nodes never to store, accepted edits, stats of files.

Touches their tables only.
"""

from __future__ import annotations

import time

from helix_jupyter.fingerprint.files import FileState
from helix_jupyter.store.database import Database


def pins(database: Database, workflow: str) -> set[str]:
    """The pinned nodes of a workflow."""
    return {node for (node,) in database.rows("SELECT node FROM pins WHERE workflow = ?", (workflow,))}


def never_stored(database: Database, workflow: str) -> set[str]:
    """The nodes of a workflow whose values are not to be stored."""
    return {node for (node,) in database.rows("SELECT node FROM never_stored WHERE workflow = ?", (workflow,))}


def steer(database: Database, workflow: str, node: str, keeping: str) -> None:
    """What becomes of a node's values: ``pinned``, ``never`` stored, or (empty) what the policy says."""
    with database.transaction() as connection:
        for table, word in (("pins", "pinned"), ("never_stored", "never")):
            if keeping == word:
                connection.execute(f"INSERT OR IGNORE INTO {table} (workflow, node) VALUES (?, ?)", (workflow, node))
            else:
                connection.execute(f"DELETE FROM {table} WHERE workflow = ? AND node = ?", (workflow, node))


def aliases(database: Database) -> dict[tuple[str, str, str], str]:
    """``{(workflow, node, new): old}``: digests of parts that a user declared to count as others."""
    rows = database.rows("SELECT workflow, node, new, old FROM aliases")
    return {(workflow, node, new): old for workflow, node, new, old in rows}


def add_alias(database: Database, new: str, old: str, workflow: str, node: str) -> None:
    """Let the digest ``new`` count as ``old`` for this node; the last word holds."""
    with database.transaction() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO aliases (workflow, node, new, old, created) VALUES (?, ?, ?, ?, ?)",
            (workflow, node, new, old, time.time()),
        )


def drop_alias(database: Database, new: str, workflow: str, node: str) -> None:
    """Let the digest ``new`` count as itself again for this node."""
    with database.transaction() as connection:
        connection.execute("DELETE FROM aliases WHERE workflow = ? AND node = ? AND new = ?", (workflow, node, new))


def file_states(database: Database) -> dict[str, FileState]:
    """``{path: FileState}`` of every remembered file."""
    rows = database.rows("SELECT path, kind, digest, size, mtime_ns, ctime_ns, inode, checked_ns FROM files")
    return {
        path: FileState(kind, digest, size, mtime_ns, ctime_ns, int(inode), checked_ns)
        for path, kind, digest, size, mtime_ns, ctime_ns, inode, checked_ns in rows
    }


def remember_file(database: Database, path: str, state: FileState) -> None:
    """Remember what a path was when it was looked at."""
    with database.transaction() as connection:
        connection.execute(
            """INSERT OR REPLACE INTO files (path, kind, digest, size, mtime_ns, ctime_ns, inode, checked_ns)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                *(path, state.kind, state.digest, state.size, state.mtime_ns, state.ctime_ns),
                *(str(state.inode), state.checked_ns),
            ),
        )
