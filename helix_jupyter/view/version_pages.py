"""A history of any length as JSON for the browser: the newest versions in a document that a saved notebook can hold,
the others by the page. Both are ``view.documents.versions_document`` of a few versions, with these fields more::

    total       number of all versions                                     (of the document)
    marks       the marks of all versions, XORed                           (of the document)
    mark        of a version: another number once its row is another

By the marks a page sees whether what it has is all that there is, and as it is now. A row's texts may be cut off;
``details`` has them in full.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import Any

from helix_jupyter.version.types import Version
from helix_jupyter.view.documents import lanes_of, versions_document
from helix_jupyter.view.text import metric_changes

# of the document: versions at most, characters of JSON about
MOST, ROOM = 200, 40_000
PAGE = 1_000
_TEXT, _TAGS, _TAG = 300, 12, 60

Read = Callable[[int, int], Sequence[Version]]


@dataclass(frozen=True)
class Listing:
    """What is known of all versions without reading them.

    Parameters
    ----------
    marks, lanes
        By the versions' numbers, oldest first.
    """

    marks: Mapping[int, int]
    lanes: Mapping[int, int]


def listing(index: Sequence[tuple[int, int | None, int]]) -> Listing:
    """From (number, parent, mark of what is said of it) of every version, oldest first."""
    lanes = lanes_of([(number, parent) for number, parent, _ in index])
    return Listing({number: zlib.crc32(b"%d" % lanes[number], mark) for number, _, mark in index}, lanes)


def newest_document(listed: Listing, read: Read, current: int | None) -> dict[str, Any]:
    """The newest versions: as many as there is room for. ``read`` gives the versions from one number to another."""
    document = _part(list(listed.marks)[-MOST:], listed, read, current)
    room, fitting = ROOM, 0
    for row in reversed(document["versions"]):
        room -= len(json.dumps(row))
        if room < 0:
            break
        fitting += 1
    rows = document["versions"][len(document["versions"]) - fitting :]
    named = {name for row in rows for name in row["metrics"]}
    return {
        **document,
        "metrics": [metric for metric in document["metrics"] if metric["name"] in named],
        "versions": rows,
        "total": len(listed.marks),
        "marks": reduce(xor, listed.marks.values(), 0),
    }


def page_before(listed: Listing, read: Read, before: int) -> dict[str, Any]:
    """The newest versions below ``before``, at most ``PAGE`` of them; none at the end."""
    return _part([number for number in listed.marks if number < before][-PAGE:], listed, read, None)


def details(version: Version, parent: Version | None) -> dict[str, Any]:
    """One version in full: what was said of it, metrics against those of its parent, what each node did."""
    (row,) = versions_document([version])["versions"]
    metrics = [
        {"name": name, "value": row["metrics"][name], "delta": _finite(change.delta), "better": change.better,
         "direction": change.direction}
        for name, change in metric_changes(version, parent).items()
    ]  # fmt: skip
    nodes = [
        {"name": name, "state": record.outcome, "seconds": record.seconds,
         "bytes": record.bytes, "reason": record.error or record.reason}
        for name, record in version.nodes.items()
    ]  # fmt: skip
    return {**row, "metrics": metrics, "nodes": nodes, "full": _finite(version.full_seconds)}


def _finite(value: float | None) -> float | str | None:
    return value if value is None or abs(value) < float("inf") else str(value)


def _part(numbers: Sequence[int], listed: Listing, read: Read, current: int | None) -> dict[str, Any]:
    versions = read(numbers[0], numbers[-1]) if numbers else []
    # one that was made since the look at all of them has its place in the next
    known = [version for version in versions if version.id in listed.marks]
    document = versions_document(known, current, listed.lanes)
    rows = [{**_short(row), "mark": listed.marks[row["id"]]} for row in document["versions"]]
    return {**document, "versions": rows}


def _short(row: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: row[name][:_TEXT] for name in ("message", "note", "error")}
    return {**row, **texts, "tags": [tag[:_TAG] for tag in row["tags"][:_TAGS]]}
