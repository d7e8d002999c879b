"""One buffer's bytes in a file: copy them in, find them again, compare them with their digest. Knows no folder.

A file that is shorter than its buffer holds it compressed.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, Protocol

from helix_jupyter.store import zstd
from helix_jupyter.store.mapping import mapped

CHUNK = 1 << 20


class Sink(Protocol):
    """A file, or what stands for one."""

    def write(self, part: memoryview, /) -> object: ...


def copy_into(file: Sink, buffer: memoryview, digest: str) -> bool:
    """Append a buffer; False if its bytes are no longer those of ``digest``."""
    from xxhash import xxh3_128

    state = xxh3_128()
    # a private copy, so that what is digested is what is written, whatever happens to the value in between; in the
    # same memory each time, since new memory costs a page fault every 4 KiB
    copy = memoryview(bytearray(min(CHUNK, buffer.nbytes)))
    for start in range(0, buffer.nbytes, CHUNK):
        part = buffer[start : start + CHUNK]
        chunk = copy[: part.nbytes]
        chunk[:] = part
        state.update(chunk)
        file.write(chunk)
    return state.hexdigest() == digest


def write(file: BinaryIO, buffer: memoryview, digest: str, room: int) -> bool:
    """Write a buffer into an empty file of at most ``room`` bytes: compressed, if that is less than it has.

    Returns
    -------
    bool
        False if its bytes are no longer those of ``digest``.

    Raises
    ------
    DoesNotCompress
        It takes more than ``room`` bytes.
    """
    if room >= buffer.nbytes:
        return copy_into(file, buffer, digest)
    compressed = zstd.Compressed(file, buffer.nbytes, room)
    unchanged = copy_into(compressed, buffer, digest)
    if unchanged:
        compressed.close()
    return unchanged


def contents(view: memoryview, length: int) -> memoryview | None:
    """The ``length`` bytes of a buffer whose file looks like ``view``; None if the file is not of such a buffer."""
    return view if len(view) == length else zstd.decompressed(view, length) if len(view) < length else None


def is_sound(path: Path, digest: str) -> bool:
    """Whether a file is there and has the bytes of ``digest``."""
    from xxhash import xxh3_128, xxh3_128_hexdigest

    try:
        view = mapped(path)
    except OSError:
        return False
    if xxh3_128_hexdigest(view) == digest:
        return True
    if bytes(view[:4]) != zstd.MAGIC:
        return False
    state = xxh3_128()
    try:
        for part in zstd.chunks(view):
            state.update(part)
    except Exception as error:
        if zstd.is_damaged(error):
            return False
        raise
    return state.hexdigest() == digest
