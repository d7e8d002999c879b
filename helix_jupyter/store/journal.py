"""Changes of a store's rows that were made in memory only, to be made again where they can be written.

Knows what they are as functions alone; the tables are those of others. A copy of rows was rejected: what was deleted
or said of versions meanwhile would have to be found by comparing, and another kernel's rows told from one's own.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from helix_jupyter.errors import UnknownVersion
from helix_jupyter.store import carrying, versions
from helix_jupyter.store.database import Database
from helix_jupyter.store.numbering import Numbering

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
        """Make all changes on ``database``, in order: all of them or, if it raises ``StoreError``, none.

        Where another database lies in the place of the one that was left, it gets all that there is, not changes alone.
        """
        with database.transaction():
            if database.is_another_than(self._database):
                return carrying.carry_rows(self._database, database)
            # a folder of which nothing could be read does not give out again what the session has
            taken = versions.go_on_from(database, self._shared)
            numbering = Numbering(self._shared, versions.last_numbers(self._database), taken)
            for change in self._changes:
                with suppress(UnknownVersion):  # another kernel has deleted it meanwhile
                    change(database, numbering)
        return numbering
