"""Make written files durable while the next ones are written. Knows nothing of what is in them."""

from __future__ import annotations

import os
import threading
from typing import BinaryIO

# flushes at one time: the file system commits them together, and the disk is not idle while bytes are copied
AT_ONCE = 8


class Flushing:
    """Takes files to flush and close. Own threads, since a ``ThreadPoolExecutor`` takes nothing at exit any more."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []
        self._errors: list[OSError] = []

    def add(self, file: BinaryIO) -> None:
        """Flush and close a file in the background; at exit, where no thread starts any more, at once."""
        if len(self._threads) == AT_ONCE:
            self._threads.pop(0).join()
        thread = threading.Thread(target=self._flush, args=(file,), name="helix-store-flush", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            self._flush(file)
        else:
            self._threads.append(thread)

    def finish(self) -> None:
        """Wait for all files; raises the first ``OSError`` that one of them gave."""
        while self._threads:
            self._threads.pop().join()
        if self._errors:
            raise self._errors[0]

    def _flush(self, file: BinaryIO) -> None:
        try:
            flush(file)
        except OSError as error:
            self._errors.append(error)


def flush(file: BinaryIO) -> None:
    """Make a file durable and close it."""
    with file:
        file.flush()
        os.fsync(file.fileno())
