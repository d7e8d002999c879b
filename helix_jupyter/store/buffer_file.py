"""One buffer's bytes in a file: copy them in, compare them with their digest. Knows no format and no folder."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from helix_jupyter.store.mapping import mapped

CHUNK = 1 << 20


def copy_into(file: BinaryIO, buffer: memoryview, digest: str) -> bool:
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


def is_sound(path: Path, digest: str) -> bool:
    """Whether a file is there and has the bytes of ``digest``."""
    from xxhash import xxh3_128_hexdigest

    try:
        return xxh3_128_hexdigest(mapped(path)) == digest
    except OSError:
        return False
