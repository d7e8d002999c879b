"""Everything of the store that is not a file: results, versions, pins, nodes never to store, aliases, stats of
files.

Reads and writes the database. When the database can no longer be written (disk full, folder gone read-only),
it goes on in memory with all that could be read: a run must end with its values and a version, whatever the
disk does. What is done meanwhile is noted, and done again on the database once that can be written.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from helix_jupyter.errors import StoreError
from helix_jupyter.fingerprint.files import FileState
from helix_jupyter.store import costs, items, notes, results, versions
from helix_jupyter.store.database import Database
from helix_jupyter.store.items import ItemRow
from helix_jupyter.store.journal import Journal
from helix_jupyter.store.numbering import Numbering
from helix_jupyter.store.rates import Rates
from helix_jupyter.store.types import Cost, Result

T = TypeVar("T")
_AS_THEY_ARE = Numbering()


class Metadata:
    """The rows of a store.

    Attributes
    ----------
    problem
        One line on why nothing is written to the folder, or None.
    """

    def __init__(self, database: Database, problem: str | None = None) -> None:
        self._database = database
        self._changing = threading.RLock()
        self._untold: list[str] = []
        # read with every plan; with the state in which they were read
        self._aliases: tuple[object, dict[tuple[str, str, str], str]] | None = None
        self.problem: str | None = None
        self._journal: Journal | None = None
        if problem:
            self._turn_away(problem)

    def problems(self) -> list[str]:
        """What went wrong since the last call, one line each; every line is given once."""
        told, self._untold = self._untold, []
        return told

    @property
    def is_lost(self) -> bool:
        """The folder cannot be written: what is new is in memory only."""
        return self._journal is not None

    def results(self, keys: Iterable[str]) -> dict[str, list[Result]]:
        """What computing each of ``keys`` gave, newest first; keys without a result are left out."""
        return results.find(self._database, keys)

    def state_of_others(self) -> object:
        """Another value as soon as another kernel has written anything since it was asked for."""
        return self._database.state_of_others()

    def add_result(self, result: Result, bytes_read: int | None = 0, took: float | None = None, code: str = "") -> None:
        """Record a result, and its seconds as a measurement of its node; ``bytes_read`` is the size of its inputs.

        None: its seconds are on record already, or are another node's. ``took``: seconds to be measured in place of the
        result's own, where it was made in part of earlier ones. ``code``: digest of the code that took them.

        It replaces one with the same key and the same outside; measurements are all kept, up to a number.
        """
        self._change(lambda database: results.add(database, result, bytes_read, took, code))

    def items(self, key: str) -> list[ItemRow]:
        """What was made item by item under this key, newest first."""
        return items.find(self._database, key)

    def add_items(self, row: ItemRow) -> None:
        """Record which items some values are made of."""
        self._change(lambda database: items.add(database, row))

    def costs(self, workflow: str, node: str | None = None) -> dict[str, Cost]:
        """``{node: Cost}``: the newest measurements of each node (or of one), whatever its key was."""
        return costs.read(self._database, workflow, node)

    def known_rates(self) -> Rates:
        """How fast this store was when it was last used."""
        return costs.rates(self._database)

    def remember_rates(self, rates: Rates) -> None:
        """Remember how fast this store is."""
        self._change(lambda database: costs.remember_rates(database, rates))

    def add_version(self, workflow: str, summary: Mapping[str, object], payload: Sequence[bytes]) -> int:
        """Record a version.

        Parameters
        ----------
        summary
            Turns into JSON; what a list of versions shows. ``created`` (seconds since the epoch) is what
            :meth:`Store.collect` tells ages by.
        payload
            Opaque pieces of bytes, compressed, each kept once for all versions.

        Returns
        -------
        int
            Its number within the workflow, from 1; never given out twice.
        """

        def add(database: Database, numbering: Numbering) -> int:
            return versions.add(database, workflow, numbering.with_parent(workflow, summary), payload)

        return self._change_versions(add)

    def versions(self, workflow: str) -> Sequence[tuple[int, dict[str, Any]]]:
        """``(number, summary)`` of every version, oldest first; each is parsed when first looked at."""
        return versions.summaries(self._database, workflow)

    def version_index(self, workflow: str) -> list[tuple[int, int | None, int]]:
        """``(number, parent, mark)`` of every version, oldest first; the mark changes with the summary."""
        return versions.index(self._database, workflow)

    def versions_between(self, workflow: str, first: int, last: int) -> list[tuple[int, dict[str, Any]]]:
        """``(number, summary)`` of the versions from ``first`` to ``last``, oldest first."""
        return versions.between(self._database, workflow, first, last)

    def version_summary(self, workflow: str, number: int) -> dict[str, Any]:
        """The summary of one version; raises ``UnknownVersion``."""
        return versions.summary(self._database, workflow, number)

    def newest_version(self, workflow: str) -> int | None:
        """The number of the newest version; None where there is none."""
        return versions.newest(self._database, workflow)

    def version_payload(self, workflow: str, number: int) -> list[bytes]:
        """The pieces of a version's payload; raises ``UnknownVersion``."""
        return versions.payload(self._database, workflow, number)

    def annotate_version(self, workflow: str, number: int, changes: Mapping[str, object]) -> None:
        """Change entries of a version's summary, in one transaction; None takes one out.

        Raises
        ------
        UnknownVersion
        """

        def annotate(database: Database, numbering: Numbering) -> None:
            versions.annotate(database, workflow, numbering.of(workflow, number), changes)

        self._change_versions(annotate)

    def delete_versions(self, workflow: str, numbers: Iterable[int]) -> None:
        """Delete versions; what only they needed goes with the next :meth:`Store.collect`.

        What was made from one of them counts as made from the nearest version above that is left.
        """
        chosen = list(numbers)

        def delete(database: Database, numbering: Numbering) -> None:
            versions.delete(database, workflow, [numbering.of(workflow, number) for number in chosen])

        self._change_versions(delete)

    def workflows(self) -> list[str]:
        """Names of the workflows that have versions."""
        return versions.workflows(self._database)

    def pins(self, workflow: str) -> set[str]:
        """The pinned nodes of a workflow."""
        return notes.pins(self._database, workflow)

    def set_pin(self, workflow: str, node: str, pinned: bool) -> None:
        """Pin a node (its artifacts survive :meth:`Store.collect`) or leave it to the policy."""
        self._change(lambda database: notes.steer(database, workflow, node, "pinned" if pinned else ""))

    def never_stored(self, workflow: str) -> set[str]:
        """The nodes of a workflow whose values are not to be stored."""
        return notes.never_stored(self._database, workflow)

    def set_never(self, workflow: str, node: str) -> None:
        """From now on no value of this node is to be stored; it loses its pin, if it has one."""
        self._change(lambda database: notes.steer(database, workflow, node, "never"))

    def aliases(self) -> Mapping[tuple[str, str, str], str]:
        """``{(workflow, node, new): old}``: digests that count as others by ``%helix accept``."""
        state, kept = self.state_of_others(), self._aliases
        if kept is None or kept[0] != state:
            kept = self._aliases = state, notes.aliases(self._database)
        return kept[1]

    def add_alias(self, new: str, old: str, workflow: str, node: str) -> None:
        """Let the part's digest ``new`` count as ``old`` for this node."""
        self._change(lambda database: notes.add_alias(database, new, old, workflow, node))
        self._aliases = None

    def drop_alias(self, new: str, workflow: str, node: str) -> None:
        """Let the part's digest ``new`` count as itself again for this node."""
        self._change(lambda database: notes.drop_alias(database, new, workflow, node))
        self._aliases = None

    def file_stats(self) -> dict[str, FileState]:
        """``{path: FileState}`` of files that were looked at; a touched file alone is read again."""
        return notes.file_states(self._database)

    def remember_file(self, path: str, state: FileState) -> None:
        """Remember what a path was when it was looked at."""
        self._change(lambda database: notes.remember_file(database, path, state))

    def detach(self) -> None:
        """From now on only read the folder: rows go to a copy in memory, and nothing is stored or evicted."""
        with self._changing:
            self._database = self._database.in_memory()
            self.problem = "It was opened to look only."

    def _change(self, operation: Callable[[Database], T]) -> T:
        return self._change_versions(lambda database, _: operation(database))

    def _change_versions(self, operation: Callable[[Database, Numbering], T]) -> T:
        """A change that names versions: they may be called otherwise when it is made again."""
        with self._changing:
            try:
                outcome = operation(self._database, _AS_THEY_ARE)
            except StoreError as error:
                self._go_on_in_memory(error)
                outcome = operation(self._database, _AS_THEY_ARE)
            if self._journal is not None:
                self._journal.note(operation)
            return outcome

    def _go_on_in_memory(self, error: StoreError) -> None:
        if self._database.path is None:
            raise error
        # the failed one stays open: another thread may be in the middle of a query
        self._database = self._database.in_memory()
        self._turn_away(
            f"{error} Until it can be written, results and versions are kept in memory only; the next run then writes "
            "them."
        )

    def _leave(self, problem: str) -> bool:
        """Go on in memory, without a word, with all that can be read of a folder that is gone; whether it is."""
        with self._changing:
            if self._journal is not None or not self._database.is_displaced:
                return False
            self._database = self._database.in_memory()
            self.problem, self._journal = problem, Journal(self._database)
        return True

    def _go_back(self, database: Database) -> Numbering | None:
        """Make what is new in memory new in ``database``, and go on there; None where that fails."""
        with self._changing:
            if self._journal is None:
                return None
            try:
                numbering = self._journal.replay(database)
            except StoreError:
                return None
            self._database, self._journal, self.problem = database, None, None
        return numbering

    def _turn_away(self, problem: str) -> None:
        self.problem, self._journal = problem, Journal(self._database)
        self._tell(problem)

    def _tell(self, line: str) -> None:
        self._untold.append(line)
