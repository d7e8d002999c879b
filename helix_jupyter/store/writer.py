"""One background thread that does jobs in order. Knows nothing of what they do."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from helix_jupyter.store.types import ArtifactFact

log = logging.getLogger("helix_jupyter")

AGAIN = object()
_NICENESS = 10


class Pending:
    """What becomes of one artifact that is to be written.

    Attributes
    ----------
    state
        ``writing``, then one of ``stored``, ``refused`` (no room), ``failed`` (the disk), ``changed``
        (something changed the value in place before it was written).
    message
        One line for people; empty when stored.
    fact
        What the store will say of it; None where it is not written.
    """

    def __init__(self, digest: str, node: str, fact: ArtifactFact | None = None) -> None:
        self.digest = digest
        self.fact = fact
        self.node = node
        self.state = "writing"
        self.message = ""
        self._settled = threading.Event()

    def settle(self, state: str, message: str = "") -> Pending:
        """Set the final state and wake whoever waits."""
        self.message = message
        self.state = state
        self._settled.set()
        return self

    def wait(self, timeout: float | None = None) -> bool:
        """Wait at most ``timeout`` seconds; whether the state is final."""
        return self._settled.wait(timeout)

    def __repr__(self) -> str:
        return f"Pending({self.digest[:12]}, {self.state}{': ' if self.message else ''}{self.message})"


class Writer:
    """Runs jobs one after the other in a thread that starts with the first job; one that gives ``AGAIN`` is
    run again after the others.

    A thread of our own, not a ``ThreadPoolExecutor``: that one is joined before ``atexit`` runs, and would
    then refuse what the store still has to flush.
    """

    def __init__(self) -> None:
        self._jobs: deque[Callable[[], object]] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._busy = False
        self._stopped = False

    def submit(self, job: Callable[[], object]) -> None:
        """Queue a job; after :meth:`stop`, and when no thread starts any more (at exit), do it at once."""
        with self._changed:
            if not self._stopped and (self._thread is not None or self._start()):
                self._jobs.append(job)
                self._changed.notify_all()
                return
        while _attempt(job) is AGAIN:
            pass

    def wait(self, timeout: float | None = None) -> bool:
        """Wait at most ``timeout`` seconds until every job is done; whether they are."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._jobs and not self._busy, timeout)

    def stop(self) -> None:
        """Do what is queued, then end the thread. May be called again."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _start(self) -> bool:
        thread = threading.Thread(target=self._work, name="helix-store-writer", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            return False
        self._thread = thread
        return True

    def _work(self) -> None:
        _give_way()
        while (job := self._next()) is not None:
            outcome = _attempt(job)
            with self._changed:
                if outcome is AGAIN:
                    self._jobs.append(job)
                del job  # it holds the value
                self._busy = False
                self._changed.notify_all()

    def _next(self) -> Callable[[], object] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._jobs or self._stopped)
            if not self._jobs:
                return None
            self._busy = True
            return self._jobs.popleft()


def _give_way() -> None:
    """Let this thread have what the nodes leave of the processors.

    A fit that runs on all cores waits for its slowest thread at every step, so copying beside it at equal right costs
    the user more than it takes. Linux alone has a priority for each thread.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            thread = threading.get_native_id()
            niceness = os.getpriority(os.PRIO_PROCESS, thread) + _NICENESS
            os.setpriority(os.PRIO_PROCESS, thread, min(niceness, 19))


def _attempt(job: Callable[[], object]) -> object:
    try:
        return job()
    except Exception:
        log.exception("A background job of the store failed")
        return None
