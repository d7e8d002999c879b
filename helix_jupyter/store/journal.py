"""Changes of a store's rows that were made in memory only, to be made again where they can be written.

Knows what they are as functions alone; the tables are those of others. A copy of rows was rejected: what was deleted
or said of versions meanwhile would have to be found by comparing, and another kernel's rows told from one's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from helix_jupyter.errors import UnknownVersion
from helix_jupyter.store import versions
from helix_jupyter.store.database import Database


@dataclass(frozen=True)
class Numbering:
    """What versions are called in the folder that were numbered in memory: other kernels give out numbers as well.

    Attributes
    ----------
    shared
        ``{workflow: number}`` given out last when the ways parted; up to it every version keeps its number.
    made
        The same in memory.
    taken
        The same in the folder, before what was made in memory comes behind it.
    """

    shared: Mapping[str, int] = field(default_factory=dict)
    made: Mapping[str, int] = field(default_factory=dict)
    taken: Mapping[str, int] = field(default_factory=dict)

    def of(self, workflow: str, number: int) -> int:
        """What a version is called now."""
        shared = self.shared.get(workflow, 0)
        return number if number <= shared else number - shared + self.taken.get(workflow, 0)

    def with_parent(self, workflow: str, summary: Mapping[str, Any]) -> Mapping[str, Any]:
        """A version's summary that names its parent as it is called now."""
        parent = summary.get("parent")
        return {**summary, "parent": self.of(workflow, parent)} if isinstance(parent, int) else summary

    def told(self) -> list[str]:
        """A line for each workflow of which versions have other numbers now."""
        lines = []
        for workflow, last in self.made.items():
            first = self.shared.get(workflow, 0) + 1
            if first <= last and self.of(workflow, last) != last:
                then, now = _named(first, last), _named(self.of(workflow, first), self.of(workflow, last))
                are = "is" if first == last else "are"
                lines.append(
                    f"Another kernel has recorded versions of '{workflow}' meanwhile: "
                    f"this kernel's {then} {are} {now} now."
                )
        return lines


def _named(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first} to {last}"


Change = Callable[[Database, Numbering], object]


class Journal:
    """What was done since ``database``, in memory, took the place of the one that cannot be written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shared = versions.last_numbers(database)
        self._changes: list[Change] = []

    def note(self, change: Change) -> None:
        """Remember one more change."""
        self._changes.append(change)

    def replay(self, database: Database) -> Numbering:
        """Make all changes on ``database``, in order: all of them or, if it raises ``StoreError``, none."""
        with database.transaction():
            # a folder that was made anew does not give out again what the session knows
            taken = versions.go_on_from(database, self._shared)
            numbering = Numbering(self._shared, versions.last_numbers(self._database), taken)
            for change in self._changes:
                with suppress(UnknownVersion):  # another kernel has deleted it meanwhile
                    change(database, numbering)
        return numbering
