"""What a node shows is shown live, recorded, and shown again when the node is reused.

``Console`` is the plain form: the process's own streams. The notebook edge has one that knows rich displays.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from helix_jupyter.execute.types import Event

_REWRITTEN = re.compile(r"[^\n]*\r(?!\n)")


class Recording:
    """The events of one node, in the order in which they were shown."""

    def __init__(self) -> None:
        self._events: list[Event] = []

    def add(self, event: Event) -> None:
        """Append; text that follows text on the same stream is joined to it."""
        last = self._events[-1] if self._events else None
        if event.stream and last is not None and last.stream == event.stream:
            self._events[-1] = Event(stream=event.stream, text=last.text + event.text)
        else:
            self._events.append(event)

    def clear(self) -> None:
        """Forget what was shown so far (the node cleared its output)."""
        self._events.clear()

    def events(self) -> tuple[Event, ...]:
        """What was shown; of a line that was rewritten in place (a progress bar) only its last state."""
        return tuple(
            Event(stream=event.stream, text=_REWRITTEN.sub("", event.text)) if event.stream else event
            for event in self._events
        )


class _Tee(io.TextIOBase):
    """A stream that records what it passes on. What it does not know it asks the real stream."""

    def __init__(self, real: TextIO, name: str, recording: Recording, live: bool) -> None:
        self._real, self._name, self._recording, self._live = real, name, recording, live

    def write(self, text: str) -> int:
        self._recording.add(Event(stream=self._name, text=text))
        if self._live:
            self._real.write(text)
        return len(text)

    def flush(self) -> None:
        self._real.flush()

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


class Console:
    """Shows on the process's own streams. ``live=False`` records only (a worker process has nobody who looks)."""

    def __init__(self, live: bool = True) -> None:
        self._live = live

    @contextmanager
    def recording(self) -> Iterator[Recording]:
        """Record (and show) all that is printed inside."""
        recording = Recording()
        out, err = sys.stdout, sys.stderr
        sys.stdout = _Tee(out, "stdout", recording, self._live)
        sys.stderr = _Tee(err, "stderr", recording, self._live)
        try:
            yield recording
        finally:
            sys.stdout, sys.stderr = out, err

    def show_value(self, value: object, recording: Recording) -> None:
        """Show the value of a cell's last expression. A script shows none, as Python does."""

    def replay(self, events: Iterable[Event]) -> None:
        """Show again what a node showed when it was computed."""
        for event in events:
            if event.stream:
                (sys.stderr if event.stream == "stderr" else sys.stdout).write(event.text)
            elif text := event.data.get("text/plain"):
                sys.stdout.write(f"{text}\n")
