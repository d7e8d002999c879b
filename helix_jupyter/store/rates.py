"""How fast this machine and this store load and take values: learned from what was measured. Pure.

A measurement corrects each rate by the part that it had in the forecast, so that small artifacts teach what opening a
file takes and large ones what a byte takes. (Least squares over the last measurements was rejected: they span six
decades, and rates may come out negative.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

# how much of a difference one measurement makes up, and the most that it may change a rate by
STEP = 0.3
MOST = 4.0


@dataclass(frozen=True)
class Work:
    """What loading a value takes: files to open, bytes to unpickle, bytes that are mapped and bytes to decompress."""

    files: int
    stream: int
    mapped: int
    compressed: int


@dataclass(frozen=True)
class Rates:
    """Seconds for each file, and for each byte of a kind; what they start from is a modest machine's.

    ``handed`` and ``digested`` are what the user waits for while a value is handed to the writer: each time, and for
    each byte.
    """

    file: float = 5e-5
    stream: float = 5e-9
    mapped: float = 1e-12
    compressed: float = 2e-9
    handed: float = 1e-3
    digested: float = 1 / 12e9

    def loading(self, work: Work) -> float:
        """Seconds that a load takes."""
        return sum(self._loading(work))

    def taking(self, bytes: int) -> float:
        """Seconds that the user waits when a value of this size is kept; the rest is done in the background."""
        return self.handed + self.digested * bytes

    def after_load(self, work: Work, seconds: float) -> Rates:
        """What is known after a load that took ``seconds``."""
        factors = _factors(self._loading(work), seconds)
        file, stream, mapped, compressed = factors
        return replace(
            self,
            file=self.file * file,
            stream=self.stream * stream,
            mapped=self.mapped * mapped,
            compressed=self.compressed * compressed,
        )

    def after_taking(self, bytes: int, seconds: float) -> Rates:
        """What is known after a value was handed to the writer in ``seconds``."""
        handed, digested = _factors((self.handed, self.digested * bytes), seconds)
        return replace(self, handed=self.handed * handed, digested=self.digested * digested)

    def _loading(self, work: Work) -> tuple[float, ...]:
        return (
            self.file * work.files,
            self.stream * work.stream,
            self.mapped * work.mapped,
            self.compressed * work.compressed,
        )


def _factors(parts: Sequence[float], seconds: float) -> list[float]:
    expected = sum(parts)
    if not expected or seconds <= 0:
        return [1.0] * len(parts)
    ratio = min(max(seconds / expected, 1 / MOST), MOST)
    return [ratio ** (STEP * part / expected) for part in parts]
