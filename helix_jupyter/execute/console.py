"""What a node shows is shown live, recorded, and shown again when the node is reused.

``Console`` is the plain form: the process's own streams. The notebook edge has one that knows rich displays.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from helix_jupyter.execute.types import Event


class Recording:
    """The events of one node, in the order in which they were shown."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._stream = ""
        self._texts: list[str] = []

    def add(self, event: Event) -> None:
        """Append; text that follows text on the same stream becomes one event with it."""
        if event.stream != self._stream:
            self._join()
            self._stream = event.stream
        if event.stream:
            # joined when the stream changes: joining at every write takes minutes for some ten thousand prints
            self._texts.append(event.text)
        else:
            self._events.append(event)

    def replace(self, shown: Event, event: Event) -> None:
        """Put ``event`` in the place of one that is on record (a display that was updated)."""
        self._events = [event if one is shown else one for one in self._events]

    def clear(self) -> None:
        """Forget what was shown so far (the node cleared its output)."""
        self._events.clear()
        self._texts.clear()

    def events(self) -> tuple[Event, ...]:
        """What was shown; of a line that was rewritten in place (a progress bar) only its last state."""
        self._join()
        return tuple(self._events)

    def _join(self) -> None:
        if text := "".join(self._texts):
            self._events.append(Event(stream=self._stream, text=_last_states(text)))
        self._texts.clear()


def _last_states(text: str) -> str:
    if "\r" not in text:
        return text
    lines = (line.split("\r") for line in text.split("\n"))
    return "\n".join(next((state for state in reversed(states) if state), "") for states in lines)


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

    def close(self) -> None:
        """Nothing: the real stream is not ours, and Python closes what it throws away, which would wait for a flush."""

    @property
    def encoding(self) -> str:  # type: ignore[override]  # the base class has a plain attribute, always None
        return self._real.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override]  # as above
        return self._real.errors

    def fileno(self) -> int:
        return self._real.fileno()

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


class Console:
    """Shows on the process's own streams. ``live=False`` records only (a worker process has nobody who looks)."""

    def __init__(self, live: bool = True) -> None:
        self.live = live

    def quiet(self) -> Console:
        """One that records the same and shows nothing."""
        return Console(live=False)

    @contextmanager
    def recording(self) -> Iterator[Recording]:
        """Record (and show) all that is printed inside."""
        recording = Recording()
        out, err = sys.stdout, sys.stderr
        sys.stdout = _Tee(out, "stdout", recording, self.live)
        sys.stderr = _Tee(err, "stderr", recording, self.live)
        try:
            yield recording
        finally:
            sys.stdout, sys.stderr = out, err

    def show_value(self, value: object, recording: Recording) -> None:
        """Show the value of a cell's last expression. A script shows none, as Python does."""

    def replay(self, events: Iterable[Event]) -> None:
        """Show again what a node showed when it was computed."""
        for event in events if self.live else ():
            if event.stream:
                (sys.stderr if event.stream == "stderr" else sys.stdout).write(event.text)
            elif text := event.data.get("text/plain"):
                sys.stdout.write(f"{text}\n")
