"""Which items the values of ``--map`` nodes are made of. Reads and writes the table ``items``."""

from __future__ import annotations

import json
from dataclasses import dataclass

from helix_jupyter.store.database import Database
from helix_jupyter.store.types import OutsideFact

# newer rows of a key mostly hold what older ones do
_MOST = 20
WIDTH = 16


@dataclass(frozen=True)
class ItemRow:
    """Values that were made of known items.

    Attributes
    ----------
    key
        Of all that decides what becomes of an item, but the items.
    items
        A digest (16 bytes) for each item of the values, in order.
    outputs
        ``{output: digest}`` of the values.
    seconds
        What computing all of these items took.
    outside
        What was turned to outside for it: the values count as long as all of it holds.
    """

    key: str
    workflow: str
    node: str
    items: tuple[bytes, ...]
    outputs: dict[str, str]
    seconds: float
    outside: tuple[OutsideFact, ...] = ()


def add(database: Database, row: ItemRow) -> None:
    """Add a row; the oldest of its key go."""
    outside = json.dumps([fact.row for fact in row.outside])
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO items (key, workflow, node, items, outputs, seconds, outside) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (row.key, row.workflow, row.node, b"".join(row.items), json.dumps(row.outputs), row.seconds, outside),
        )
        connection.execute(
            """DELETE FROM items WHERE key = ? AND id NOT IN
               (SELECT id FROM items WHERE key = ? ORDER BY id DESC LIMIT ?)""",
            (row.key, row.key, _MOST),
        )


def find(database: Database, key: str) -> list[ItemRow]:
    """The rows of a key, newest first."""
    rows = database.rows(
        "SELECT workflow, node, items, outputs, seconds, outside FROM items WHERE key = ? ORDER BY id DESC", (key,)
    )
    return [
        ItemRow(
            key,
            workflow,
            node,
            tuple(items[at : at + WIDTH] for at in range(0, len(items), WIDTH)),
            json.loads(outputs),
            seconds,
            tuple(map(OutsideFact.of, json.loads(outside))),
        )
        for workflow, node, items, outputs, seconds, outside in rows
    ]


def prune(database: Database, workflow: str, stored: set[str]) -> None:
    """Delete a workflow's rows with a value that is no longer ``stored``."""
    rows = database.rows("SELECT id, outputs FROM items WHERE workflow = ?", (workflow,))
    useless = [(id,) for id, outputs in rows if not stored.issuperset(json.loads(outputs).values())]
    with database.transaction() as connection:
        connection.executemany("DELETE FROM items WHERE id = ?", useless)
