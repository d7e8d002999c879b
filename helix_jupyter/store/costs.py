"""What nodes took, and what this machine takes for a file or a byte. Reads and writes their two tables."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, fields

from helix_jupyter.store.database import Database
from helix_jupyter.store.rates import Rates
from helix_jupyter.store.types import Cost, Result

# what is older says little: code, data and machine were others
MOST = 12


def read(database: Database, workflow: str, node: str | None = None) -> dict[str, Cost]:
    """The costs of every node of a workflow, or of one, in one query."""
    chosen, named = ("", ()) if node is None else (" AND node = ?", (node,))
    query = f"SELECT node, seconds, bytes, measured FROM costs WHERE workflow = ?{chosen}"
    return {node: Cost(*cost) for node, *cost in database.rows(query, (workflow, *named))}


def add(connection: sqlite3.Connection, result: Result, bytes_read: int, took: float, code: str) -> None:
    """One more measurement of a node: what it ``took`` just now, with this code."""
    query = "SELECT measured FROM costs WHERE workflow = ? AND node = ?"
    found = connection.execute(query, (result.workflow, result.node)).fetchone()
    earlier = json.loads(found[0]) if found else []
    sizes = {output.name: output.bytes for output in result.outputs}
    measured = [*earlier, (took, bytes_read, sizes, result.key, code)][-MOST:]
    connection.execute(
        "INSERT OR REPLACE INTO costs (workflow, node, seconds, bytes, measured) VALUES (?, ?, ?, ?, ?)",
        (*(result.workflow, result.node, took, result.bytes), json.dumps(measured, separators=(",", ":"))),
    )


def rates(database: Database) -> Rates:
    """What was remembered; where nothing was, what to begin with."""
    known = {field.name for field in fields(Rates)}
    rows = database.rows("SELECT name, seconds FROM rates")
    return Rates(**{name: seconds for name, seconds in rows if name in known})


def remember_rates(database: Database, rates: Rates) -> None:
    """Remember them for the next kernel."""
    with database.transaction() as connection:
        connection.executemany("INSERT OR REPLACE INTO rates (name, seconds) VALUES (?, ?)", asdict(rates).items())
