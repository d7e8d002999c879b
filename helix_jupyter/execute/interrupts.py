"""An interrupt that a shell line or a cell magic takes for itself is noticed all the same."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


@dataclass
class Swallowed:
    """``came``: an interrupt has come, whoever caught it."""

    came: bool = False


@contextmanager
def noticed(code: str) -> Iterator[Swallowed]:
    """Notice interrupts that come to ``code`` with shell or magic lines.

    IPython ends an interrupted command and goes on with the next line, so that half a result would count as whole.
    Code without such lines that catches an interrupt means it: a training that is stopped by hand.
    """
    found, handler = Swallowed(), signal.getsignal(signal.SIGINT)
    if "get_ipython" not in code or threading.current_thread() is not threading.main_thread() or not callable(handler):
        yield found
        return

    def note(number: int, frame: FrameType | None) -> None:
        found.came = True
        handler(number, frame)

    signal.signal(signal.SIGINT, note)
    try:
        yield found
    finally:
        signal.signal(signal.SIGINT, handler)
