"""The store's public face: values under digests, within a byte budget, beside what is known of them.

Reads and writes one folder, which many kernels may use at once. Knows nothing of plans, nodes' code or
policies: what to keep and what to evict is decided elsewhere.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import time
from collections.abc import Callable, Collection, Iterable
from functools import partial
from pathlib import Path
from typing import Any
from weakref import WeakSet

from helix_jupyter.errors import ArtifactMissing, ArtifactUntrusted, NewerStore
from helix_jupyter.store import artifact_file, artifacts, carrying, check, collect, opening, owners, signature
from helix_jupyter.store.budget import USED, Refusal, Reservation, reserve
from helix_jupyter.store.database import Database
from helix_jupyter.store.layout import Compression, Layout, lay_out
from helix_jupyter.store.metadata import Metadata
from helix_jupyter.store.numbering import Numbering
from helix_jupyter.store.objects import Objects
from helix_jupyter.store.pickling import Prepared
from helix_jupyter.store.publish import publish
from helix_jupyter.store.rates import Rates, Work
from helix_jupyter.store.sweep import sweep
from helix_jupyter.store.types import ArtifactFact, GcReport
from helix_jupyter.store.writer import AGAIN, Pending, Writer

# how long to wait for another kernel that is writing the same artifact, and between two looks
ELSEWHERE_SECONDS = 60.0
LOOK_SECONDS = 0.05
# to go back to the folder is tried with every run: nobody shall notice that another kernel keeps it locked
RETURN_SECONDS = 0.2

# those of this process: what one is writing into a folder, another there waits for
_stores = WeakSet["Store"]()


class Store(Metadata):
    """One open store. Its methods may be called from any thread; a forked child has to open its own.

    Attributes
    ----------
    folder
        Where it lies.
    budget
        Bytes that all artifacts together may take; may be set.
    writer
        The background thread; jobs submitted to it run in order with the writes.
    """

    def __init__(self, folder: Path, budget: int, database: Database, key: bytes, problem: str | None = None) -> None:
        super().__init__(database, problem)
        self.folder = folder
        self.budget = budget
        self.writer = Writer()
        self._key = key
        self._objects = Objects(folder / "objects")
        self._owner = owners.new_owner()
        self._process = os.getpid()
        self._closed = False
        self._pending: dict[str, Pending] = {}
        self._untaken: dict[str, int] = {}
        self._used: dict[str, tuple[float, float | None]] = {}
        self._rates: Rates | None = None
        self._place = self.folder.resolve()
        _stores.add(self)
        atexit.register(self.close)

    @classmethod
    def open(cls, folder: Path | str, *, budget: int) -> Store:
        """Open the store in ``folder``, made if need be, and sweep what crashes have left.

        Where the folder cannot be made or written, the store works in memory and keeps no artifacts, beside what can be
        read of those that there are, until :meth:`come_back`; ``problem`` says why.

        Raises
        ------
        NewerStore
            A newer version of this package wrote it.
        """
        folder = Path(folder)
        try:
            opening.make_folder(folder)
            key = signature.signing_key()
            database = Database(folder / "helix.db")
        except NewerStore:
            raise
        except OSError as error:
            database, key = opening.readable(folder)
            return cls(folder, budget, database, key, opening.why_unusable(folder, error, key))
        store = cls(folder, budget, database, key)
        store._change_files(sweep)
        return store

    def come_back(self) -> Numbering | None:
        """Go back to the folder where it could not be written and can be now: what is new in memory is written there.

        Where the folder was removed or replaced meanwhile, all that could still be read of it is. Versions keep their
        numbers, unless other kernels have given out the same ones meanwhile. Hardly waits for a lock. A store without a
        key stays in memory: what it sealed could be guessed.

        Returns
        -------
        Numbering
            What versions are called now; None where nothing changed.
        """
        gone = self._leave(
            f"The store {self.folder} was removed or replaced and cannot be made anew: what is new is kept in memory "
            f"only. See to the folder: the next run then writes it."
        )
        numbering = self._return()
        if gone and numbering is None:
            self._tell(str(self.problem))
        return numbering

    def seal(self, text: str) -> str:
        """A digest of ``text`` from which nobody without the user's key can guess it; equal texts seal alike."""
        return signature.sign(self._key, [text.encode("utf-8", "surrogatepass")]).hex()[:32]

    def write(
        self,
        digest: str,
        prepared: Prepared,
        *,
        worth_seconds: float,
        node: str,
        workflow: str,
        kind: str = "output",
        layout: Layout | None = None,
    ) -> Pending:
        """Store a value in the background; room is reserved and its buffers are digested before this returns.

        A large buffer that another artifact has as well, such as a frame's column, is stored once. An artifact that
        another kernel is writing at this moment is waited for in the background, and written if it does not come.

        Parameters
        ----------
        digest
            The name to store it under: letters, digits, ``-`` and ``_``. What is stored or being written
            under this name already is not written again.
        worth_seconds
            Seconds that computing it again would take.
        layout
            How, where that was decided before. A buffer that is stored already stays as it is.

        Returns
        -------
        Pending
            What becomes of it. Neither a full disk nor a lack of room raises.
        """
        if (earlier := self._pending.get(digest)) is not None and earlier.state == "writing":
            return earlier
        pending = Pending(digest, node)
        self._untaken[digest] = prepared.bytes
        if self.problem or self._closed:
            return self._settle(pending, "refused", self.problem or "The store is closed.")
        self._objects.path(digest)  # a name that is no digest is told to whoever made it, not to the background
        layout = layout or lay_out(digest, prepared)
        if layout.digest != digest:
            raise ValueError(f"The layout is that of {layout.digest}, not of {digest}: lay out each value by itself.")
        taken = self._change(partial(self._reserve, layout))
        if isinstance(taken, Refusal) and taken.state != "writing":
            return self._settle(pending, taken.state, taken.message)
        now = time.time()
        seconds = self.rates.loading(layout.work)
        fact = ArtifactFact(digest, layout.logical_bytes, worth_seconds, seconds, now, now, node, workflow, kind)
        pending.fact = fact
        self._pending[digest] = pending
        if isinstance(taken, Reservation):
            self.writer.submit(partial(self._publish, pending, taken, prepared, fact))
        else:
            self.writer.submit(partial(self._follow, pending, layout, prepared, fact, now + ELSEWHERE_SECONDS))
        return pending

    def load(self, digest: str) -> Any:
        """The value stored under ``digest``: writable, and the file never changes. One being written is waited for.

        Raises
        ------
        ArtifactMissing
            It is not stored (evicted, deleted from outside, refused).
        ArtifactUntrusted
            It does not carry this user's signature or is damaged; nothing was unpickled, and it is no longer
            stored.
        ArtifactUnreadable
            It is intact, but does not unpickle here.
        StoreError
            The disk does not give it.
        """
        for pending in self._being_written(digest):
            pending.wait()  # sooner than it could be computed again
        modules, work = len(sys.modules), list[Work]()
        started = time.perf_counter()
        try:
            value = artifact_file.read(self._objects.path(digest), digest, self._key, self._objects.locate, work.append)
        except ArtifactMissing:
            self._change(lambda database: artifacts.evict_incomplete(database, self._objects, digest))
            self._change_files(artifacts.delete_evicted)
            raise
        except ArtifactUntrusted as error:
            self.evict([digest], str(error))
            self._tell(str(error))
            raise
        # what unpickling imports first is no part of what a load costs: computing would import it, too
        seconds = time.perf_counter() - started if len(sys.modules) == modules else None
        if seconds is not None:
            self._rates = self.rates.after_load(work[0], seconds)
        self._note_use(digest, seconds)
        return value

    @property
    def rates(self) -> Rates:
        """How fast values are loaded and handed over here, by what was measured so far."""
        if self._rates is None:
            self._rates = self.known_rates()
        return self._rates

    def note_taking(self, bytes: int, seconds: float) -> None:
        """The user waited this long while a value of this size was handed to the writer."""
        self._rates = self.rates.after_taking(bytes, seconds)

    def has(self, digests: Iterable[str]) -> set[str]:
        """Those of ``digests`` that are stored."""
        return artifacts.stored(self._database, digests)

    def artifacts(self, digests: Iterable[str] | None = None) -> dict[str, ArtifactFact]:
        """``{digest: ArtifactFact}`` of everything stored, or of what is of ``digests``; in one query."""
        return artifacts.facts(self._database, digests)

    def awaited(self) -> dict[str, ArtifactFact]:
        """The same of what this process is writing: :meth:`load` waits for it."""
        return {one.digest: one.fact for one in self._being_written() if one.fact is not None}

    def untaken(self, digests: Collection[str]) -> frozenset[str]:
        """Those of ``digests`` that were to be written and the disk did not take, as far as it has room for them now.

        Each is given once.
        """
        sizes = self._untaken
        left = {one: sizes[one] for one in digests if one in sizes and one not in self._pending}
        if self.problem or not left:
            return frozenset()
        try:
            free = shutil.disk_usage(self.folder).free
        except OSError:  # the folder is gone
            return frozenset()
        fitting = frozenset(digest for digest, size in left.items() if size <= free)
        for digest in fitting:
            sizes.pop(digest, None)
        return fitting

    @property
    def used_bytes(self) -> int:
        """Bytes of all artifacts on disk, being written ones and those of other kernels included."""
        return int(self._database.rows(USED)[0][0])

    def used_after(self, evicting: Iterable[str], writing: Iterable[Layout]) -> int:
        """What :attr:`used_bytes` would be at most if these artifacts were evicted and these values then written.

        What they share with each other and with what stays is counted once.
        """
        return artifacts.used_after(self._database, list(evicting), writing)

    def evict(self, digests: Iterable[str], why: str) -> int:
        """Delete artifacts and remember why; the bytes that this frees: what others share with them stays.

        On Windows the file of a value that is in use stays, counted, until the store is next opened or
        collected. In a store that cannot be written all files stay until :meth:`come_back`.
        """
        chosen = list(digests)
        freed = self._change(lambda database: artifacts.evict(database, chosen, why))
        self._change_files(artifacts.delete_evicted)
        return 0 if self.problem else freed

    def evicted(self, digest: str) -> str | None:
        """Why an artifact was evicted; None if it is stored or never was."""
        return artifacts.why_evicted(self._database, digest)

    def collect(
        self,
        workflow: str,
        *,
        needed: collect.Needed,
        keep_last: int | None = None,
        older_than_seconds: float | None = None,
        dry_run: bool = False,
        kept: Collection[int] = (),
    ) -> GcReport:
        """Delete a workflow's old versions and those of its artifacts that no version needs any more.

        Parameters
        ----------
        needed
            Called with the number of each version that stays; gives the digests that it refers to (payloads
            are opaque here). Captured outputs that belong to these are kept by themselves, and so is what
            results of other workflows refer to.
        keep_last, older_than_seconds
            A version goes if it is not among the newest ``keep_last`` and older than
            ``older_than_seconds``; a condition that is None is not asked for, and with both None no version
            goes.
        kept
            Versions that stay in any case.
        dry_run
            Delete nothing, only report. A store that has a ``problem`` never deletes.
        """
        return collect.collect(
            self._database,
            self._objects,
            workflow,
            needed,
            keep_last=keep_last,
            older_than_seconds=older_than_seconds,
            dry_run=dry_run or self.problem is not None,
            kept=kept,
        )

    def verify(self) -> list[str]:
        """Every problem of the store, one line each: rows, files, signatures, buffers, budget."""
        if self.problem:
            return [self.problem]
        return check.problems_of(self._database, self._objects, self._key, self.budget)

    def evict_damaged(self, digest: str) -> bool:
        """Whether a stored value's bytes are others than were written: then nothing that shares them stays stored."""
        damaged = check.damaged_with(self._database, self._objects, self._key, digest)
        if damaged:
            told = f"Artifact {digest[:12]} is damaged: its bytes on disk were changed. {artifact_file.COMPUTED}"
            self.evict(damaged, told)
            self._tell(told)
        return bool(damaged)

    def flush(self, timeout: float | None = None) -> bool:
        """Wait at most ``timeout`` seconds for the pending writes; whether all are settled."""
        return self.writer.wait(timeout)

    def close(self) -> None:
        """Finish the pending writes and close the database. May be called again; called at exit by itself."""
        if self._closed or os.getpid() != self._process:  # a forked child has neither the thread nor the right
            return
        self._closed = True
        self.writer.stop()
        self._return()  # a folder that was removed before the end is not wanted any more
        self._database.close()
        owners.retire(self._owner)
        atexit.unregister(self.close)

    def _return(self) -> Numbering | None:
        if not self.is_lost or not self._key:
            return None
        try:
            opening.make_folder(self.folder)
            database = Database(self.folder / "helix.db", RETURN_SECONDS)
        except OSError:
            return None
        left = self._database
        numbering = self._go_back(database)
        if numbering is None:
            database.close()
            return None
        database.be_patient()
        # what was being written when the folder was lost is given up
        owners.retire(self._owner)
        self._owner = owners.new_owner()
        told = f"The store {self.folder} is written again: what was in memory only"
        if database.is_another_than(left):
            self._change_files(partial(self._carry_artifacts, left))
            told = f"The store {self.folder} was removed or replaced: it is written anew with what this kernel knows"
        self._change_files(sweep)
        self._tell(
            f"{told}, that is versions, results and pins, and the values of the current cells that memory holds."
        )
        for line in numbering.told():
            self._tell(line)
        return numbering

    def _carry_artifacts(self, source: Database, database: Database, objects: Objects) -> None:
        self._untaken.update(carrying.carry_artifacts(source, database, objects))

    def _reserve(self, layout: Layout, database: Database) -> Reservation | Refusal:
        if self.problem:  # the database has just been lost
            return Refusal(self.problem)
        with database.transaction() as connection:
            return reserve(connection, self._objects, layout, self._owner, self.budget)

    def _follow(
        self, pending: Pending, layout: Layout, prepared: Prepared, fact: ArtifactFact, deadline: float
    ) -> object:
        """See what became of an artifact that another kernel was writing; write it if that gave up."""
        taken = self._change(partial(self._reserve, layout))
        if isinstance(taken, Reservation):
            self._publish(pending, taken, prepared, fact)
            return None
        if taken.state == "writing" and not self._closed and time.time() < deadline:
            time.sleep(LOOK_SECONDS)
            return AGAIN
        self._settle(pending, "refused" if taken.state == "writing" else taken.state, taken.message)
        return None

    def _publish(self, pending: Pending, reservation: Reservation, prepared: Prepared, fact: ArtifactFact) -> None:
        if self.problem:  # the database was lost since: no row could tell of the files
            self._settle(pending, "refused", self.problem)
            return
        outcome = publish(self._database, self._objects, reservation, prepared, self._key, fact)
        if outcome[0] == "larger":
            plain = reservation.layout.compressed(Compression())
            taken = self._change(partial(self._reserve, plain))
            if isinstance(taken, Reservation):
                outcome = publish(self._database, self._objects, taken, prepared, self._key, fact)
            outcome = ("refused", outcome[1]) if outcome[0] == "larger" else outcome
        if outcome[1]:
            self._tell(outcome[1])
        self._settle(pending, *outcome)

    def _settle(self, pending: Pending, state: str, message: str) -> Pending:
        self._pending.pop(pending.digest, None)
        if state != "failed" and not self.is_lost:
            self._untaken.pop(pending.digest, None)
        return pending.settle(state, message)

    def _being_written(self, digest: str | None = None) -> list[Pending]:
        """What this process writes into the folder, by whichever of its stores; all of it, or what is of ``digest``."""
        process = os.getpid()
        return [
            pending
            for store in list(_stores)
            if store._process == process and store._place == self._place
            for pending in list(store._pending.values())
            if digest in (None, pending.digest)
        ]

    def _note_use(self, digest: str, seconds: float | None) -> None:
        """Uses are written in the background, many at once."""
        first = not self._used
        self._used[digest] = (time.time(), seconds)
        if first and not self.problem:
            self.writer.submit(self._write_uses)

    def _write_uses(self) -> None:
        used, self._used = self._used, {}
        self._change(lambda database: artifacts.touch(database, used))
        if self._rates is not None:
            self.remember_rates(self._rates)

    def _change_files(self, operation: Callable[[Database, Objects], None]) -> None:
        """A change that deletes files. None is made in memory only: the folder's rows would go on naming them."""
        self._change(lambda database: None if self.problem else operation(database, self._objects))
