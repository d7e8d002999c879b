"""What computing a key gave. Reads and writes the table ``results``; what it took goes on to ``costs``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from helix_jupyter.store import costs
from helix_jupyter.store.database import Database
from helix_jupyter.store.types import OutputFact, OutsideFact, Result


def find(database: Database, keys: Iterable[str]) -> dict[str, list[Result]]:
    """``{key: results}``, newest first, for those of ``keys`` that have any; one query."""
    found: dict[str, list[Result]] = {}
    rows = database.rows(
        """SELECT key, workflow, node, outputs, seconds, created, console, outside, reusable FROM results
           WHERE key IN (SELECT value FROM json_each(?)) ORDER BY id DESC""",
        (json.dumps(list(keys)),),
    )
    for row in rows:
        found.setdefault(row[0], []).append(_result(row))
    return found


def add(database: Database, result: Result, bytes_read: int | None, took: float | None, code: str) -> None:
    """Add a result; one with the same key and the same outside is replaced, so that forced runs leave no trail."""
    outputs = json.dumps([(o.name, o.digest, o.by_content, o.bytes, o.summary, o.modules) for o in result.outputs])
    outside = json.dumps(sorted(fact.row for fact in result.outside))
    with database.transaction() as connection:
        connection.execute(
            "DELETE FROM results WHERE key = ? AND outside = ? AND workflow = ?",
            (result.key, outside, result.workflow),
        )
        connection.execute(
            """INSERT INTO results
               (key, workflow, node, outputs, seconds, bytes, created, console, outside, reusable)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                *(result.key, result.workflow, result.node, outputs, result.seconds, result.bytes),
                *(result.created, result.console, outside, result.reusable),
            ),
        )
        if bytes_read is not None:
            costs.add(connection, result, bytes_read, result.seconds if took is None else took, code)


def consoles(database: Database, needed: set[str]) -> set[str]:
    """Digests of the captured outputs that belong to results of which an output is ``needed``."""
    rows = database.rows("SELECT outputs, console FROM results WHERE console IS NOT NULL")
    return {console for outputs, console in rows if any(output[1] in needed for output in json.loads(outputs))}


def outputs_of_others(database: Database, workflow: str) -> set[str]:
    """Digests that results of other workflows refer to."""
    rows = database.rows("SELECT outputs, console FROM results WHERE workflow != ?", (workflow,))
    outputs = {output[1] for outputs, _ in rows for output in json.loads(outputs)}
    return outputs | {console for _, console in rows if console}


def prune(database: Database, workflow: str, useful: set[str]) -> None:
    """Delete a workflow's results without an output in ``useful``; each node's newest stays, for its cost."""
    newest = "SELECT max(id) FROM results GROUP BY workflow, node"
    rows = database.rows(f"SELECT id, outputs FROM results WHERE workflow = ? AND id NOT IN ({newest})", (workflow,))
    useless = [(id,) for id, outputs in rows if not any(output[1] in useful for output in json.loads(outputs))]
    with database.transaction() as connection:
        connection.executemany("DELETE FROM results WHERE id = ?", useless)


def _result(row: tuple[Any, ...]) -> Result:
    key, workflow, node, outputs, seconds, created, console, outside, reusable = row
    return Result(
        key=key,
        workflow=workflow,
        node=node,
        outputs=tuple(_output(*fields) for fields in json.loads(outputs)),
        seconds=seconds,
        created=created,
        console=console,
        outside=tuple(map(OutsideFact.of, json.loads(outside))),
        reusable=bool(reusable),
    )


def _output(name: str, digest: str, by_content: bool, size: int, summary: str, modules: list[str]) -> OutputFact:
    return OutputFact(name, digest, by_content, size, summary, tuple(modules))
