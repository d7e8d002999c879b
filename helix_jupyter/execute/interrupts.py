"""Interrupts that get lost on their way: one that a shell line takes for itself, one that Python drops."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

# until the callback that lost an interrupt, and whoever is told of that, are through
_PAUSE_SECONDS = 0.01


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


def interrupt_main_thread() -> None:
    """What Ctrl-C does, wherever this is called from: a call that sleeps or waits is woken up too."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        import _thread

        _thread.interrupt_main()


@contextmanager
def sent_again() -> Iterator[None]:
    """Send an interrupt again that came as the collector ran a finaliser: Python tells of it, and goes on.

    Rare (one in a thousand that come as a node starts), but whoever pressed Stop would wait for the node's end.
    """
    told, is_over = sys.unraisablehook, threading.Event()

    def again() -> None:
        if not is_over.wait(_PAUSE_SECONDS):
            interrupt_main_thread()

    def hook(unraisable: Any) -> None:
        if issubclass(unraisable.exc_type, KeyboardInterrupt) and not is_over.is_set():
            threading.Thread(target=again, daemon=True).start()
        else:
            told(unraisable)

    sys.unraisablehook = hook
    try:
        yield
    finally:
        is_over.set()
        sys.unraisablehook = told
